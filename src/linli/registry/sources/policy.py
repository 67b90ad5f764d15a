"""What is said of a subject, by whom and since when, is seen where the subject is."""

from linli.foundation.scope.models import Own, Power, Protection, Region
from linli.registry.sources.models import Claim, Correction, Entry, Fact, Provenance

provenance = Protection(Provenance, [Region("region_path"), Own("party_id"), Power("system")])
claims = Protection(Claim, [Region("region_path"), Own("party_id"), Power("system")])
facts = Protection(Fact, [Region("region_path"), Own("party_id"), Power("system")])
entries = Protection(Entry, [Region("region_path"), Own("party_id"), Power("system")])
corrections = Protection(Correction, [Region("region_path"), Power("system")])
