"""What people registers: topics; itself as identity verifier, person source and address book of floors below; how many live in a region."""

from django.utils.translation import gettext_noop

from linli.foundation.accounts.engine import PEOPLE, VERIFIERS
from linli.foundation.messages.engine import CONTACTS
from linli.foundation.regions.engine import CONTENTS, Content
from linli.foundation.topics.engine import declare
from linli.registry.people import tasks  # noqa: F401 - consumers register themselves
from linli.registry.people.queries import contact_of, known_person, match_identity, number_within

VERIFIERS.register("people", match_identity)
PEOPLE.register("people", known_person)
CONTACTS.register("people", contact_of)
CONTENTS.register("people", Content(10, gettext_noop("People who live there"), number_within))
for topic in ("people.person_changed", "people.people_changed", "people.person_died", "people.claim_opened", "people.fact_registered"):
    declare(topic, public=True)
