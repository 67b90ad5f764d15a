"""Cases, tasks, timeline, papers, inbox. Not the clock (supervision) and not the definition of a matter (catalogue)."""
