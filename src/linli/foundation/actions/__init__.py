"""`@action`: every write in the house goes through it - permission, transaction, scope, trail. No business rule belongs here."""
