"""The city's divisions, grids and zones with their codes through time. Not who works there (units) and not what stands there (premises)."""
