"""Roles, permissions and how an account becomes an actor with ranges. Not sign-in itself (accounts)."""
