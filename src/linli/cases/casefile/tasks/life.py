"""What a life event means for open cases: a note for the office; ending a case is an officer's decision (services.md 3.7 rule 2)."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile.actions.running import tell
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.people import died_on
from linli.cases.casefile.types import OPEN
from linli.foundation.scope.engine import current_actor
from linli.foundation.topics.actions import emit
from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event


@consumer("people.person_died", name="casefile.note_death")
def note_death(event: Event) -> None:
    """Tell the offices that hold a case of the dead person, on the case and on their open pages."""
    person_id = UUID(str(event.payload["person_id"]))
    day = died_on(person_id)
    for case in Case.objects.filter(party_id=person_id, state__in=OPEN).order_by("id"):
        text = gettext_noop("The register records the death of the applicant on %(day)s; an officer decides whether the case is terminated")
        tell(case, current_actor(), "died", text, now=timezone.now(), public=False, day=day.isoformat() if day else "")
        emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
