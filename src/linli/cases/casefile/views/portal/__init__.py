"""Pages of a resident's own cases: applying, following, answering; and the pages opened with a code."""
