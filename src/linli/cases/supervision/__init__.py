"""The clock of a promise: deadlines, suspensions, reminders, cards and performance figures of any subject; not the case itself."""
