"""Request plumbing: who acts, and in which scope the view runs."""
