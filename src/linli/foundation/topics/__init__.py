"""Topics: "something happened", told once to each who registered. Siblings talk through here; this is no trail, and holds no names."""
