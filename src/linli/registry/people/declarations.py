"""What the people app registers: topics, and itself as identity verifier, person source and address book of the floors below."""

from linli.foundation.accounts.engine import PEOPLE, VERIFIERS
from linli.foundation.messages.engine import CONTACTS
from linli.foundation.topics.engine import declare
from linli.registry.people import tasks  # noqa: F401 - consumers register themselves
from linli.registry.people.queries import contact_of, known_person, match_identity

VERIFIERS.register("people", match_identity)
PEOPLE.register("people", known_person)
CONTACTS.register("people", contact_of)
for topic in ("people.person_changed", "people.person_died", "people.claim_opened", "people.fact_registered"):
    declare(topic, public=True)
