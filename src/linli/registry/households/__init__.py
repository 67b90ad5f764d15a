"""Who lives with whom and where: households, memberships, occupancy."""
