"""Workflow: which steps of a process come next. Who does a step, by when, and what a case says of it live above, in casefile."""
