"""What the city can be asked for: matters with their forms, materials, limits and results. Cases themselves belong to `casefile`."""
