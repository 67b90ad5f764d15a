"""What other offices may use: the catalogue, subscriptions, the feed of changes in commit order, a log of every use. Not files brought in (imports)."""
