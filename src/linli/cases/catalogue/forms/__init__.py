"""Forms of the matter editor: its sections as form definitions of `records.forms`, and the way between answers and the specification."""
