"""Pure parts: the tree of kinds, the facilities of a synthetic city."""
