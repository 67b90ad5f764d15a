"""Working days and the arithmetic of time limits, each result with its explanation; not deadlines of a case or their reminders."""
