"""Pure parts: values of bodies read and shown, the organisations of a synthetic city."""
