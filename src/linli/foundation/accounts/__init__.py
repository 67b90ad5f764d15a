"""People who sign in: accounts, assurance, posts held, mandates. Not what a role may do (access)."""
