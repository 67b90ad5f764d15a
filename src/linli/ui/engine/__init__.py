"""Menu registry, links of the shells, the built front end's manifest."""
