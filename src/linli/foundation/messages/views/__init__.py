"""Pages about messages, and the local gateway of a demo."""
