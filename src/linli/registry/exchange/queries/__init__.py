"""Reads: the catalogue, subscriptions, the feed and snapshots."""
