"""Stored files: streaming, type by content, signed links, virus scan. Not what a file means to a case."""
