"""What the people app registers: topics, and itself as the identity verifier and person source of accounts."""

from linli.foundation.accounts.engine import PEOPLE, VERIFIERS
from linli.foundation.topics.engine import declare
from linli.registry.people.queries import known_person, match_identity

VERIFIERS.register("people", match_identity)
PEOPLE.register("people", known_person)
for topic in ("people.person_changed", "people.person_died", "people.claim_opened", "people.fact_registered"):
    declare(topic, public=True)
