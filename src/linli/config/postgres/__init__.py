"""Django's PostgreSQL back end with room for the statements of a whole city hall: the engine named in the settings."""
