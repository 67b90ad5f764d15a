"""The map of the city: layers that apps register, points in grids, and OGC API Features over the same layers. Not what lies on a layer."""
