"""Django forms of the steps, one module a door. The forms of matters are declarative (records.forms)."""
