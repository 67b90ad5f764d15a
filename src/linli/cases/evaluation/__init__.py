"""How residents rate what was done for them, and what follows a bad rating."""
