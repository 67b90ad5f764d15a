"""The pages of cases, one module or package a door: desk (staff) and portal (residents)."""
