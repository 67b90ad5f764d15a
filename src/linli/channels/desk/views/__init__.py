"""The workbench's own pages: home."""
