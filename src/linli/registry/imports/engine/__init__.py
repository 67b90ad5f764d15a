"""From a file of another office to standardised rows, and back to a file of verdicts. Pure: no database."""
