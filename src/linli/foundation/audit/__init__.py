"""The one trail of who did what to which object, sealed so that a change is noticed. Not what a resident may read of a case (timeline), not where a value came from (provenance)."""
