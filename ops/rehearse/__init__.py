"""Rehearsals of what an operator does rarely and must not get wrong: restoring a backup, upgrading with open cases."""
