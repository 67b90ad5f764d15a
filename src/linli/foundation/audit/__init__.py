"""The one trail of who did what to which object, sealed. Not what a resident may read of a case, not where a value came from."""
