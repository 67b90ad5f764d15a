"""Wiring only: settings, urls, server and worker entries. No rule, no table, no page."""
