"""What casefile tells the floors below and beside it."""

from functools import partial

from django.utils.translation import gettext_noop

from linli.cases.casefile.actions.handover import hand_over_office, hand_over_tasks, tasks_waiting
from linli.cases.casefile.actions.moving import due_moved
from linli.cases.casefile.actions.scanning import scan_materials
from linli.cases.casefile.actions.stamping import stamp_cases
from linli.cases.casefile.actions.visiting import fill_city
from linli.cases.casefile.models import Case, Draft
from linli.cases.casefile.queries.demo_step_forms import filled_lines
from linli.cases.casefile.queries.desk import open_within
from linli.cases.casefile.queries.dossier import case_lines, home_cases, household_cases
from linli.cases.casefile.queries.drafts import files_in_drafts
from linli.cases.casefile.queries.exporting import CASES_LIST
from linli.cases.casefile.queries.facts import read_anew
from linli.cases.casefile.queries.people import with_cases
from linli.cases.casefile.queries.stamp_city import checksum_lines
from linli.cases.casefile.tasks import life, notify, signalled  # noqa: F401 - consumers register themselves
from linli.cases.casefile.tasks.past import STORIES, tell_city
from linli.cases.casefile.views.api import router
from linli.cases.supervision.engine.subjects import SUBJECT_KINDS, SubjectKind
from linli.foundation.access.engine.partners import API_ROUTERS
from linli.foundation.accounts.engine import TASK_MOVERS
from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.files.engine import KEEPERS
from linli.foundation.messages.queries import told_lines
from linli.foundation.privacy.engine.exportables import EXPORTABLES
from linli.foundation.regions.engine import CONTENTS, Content
from linli.foundation.topics.engine import declare
from linli.foundation.units.engine import BURDENS, UNIT_MOVERS
from linli.registry.people.actions.following import Column, following
from linli.registry.people.engine.merging import FOLLOWERS
from linli.registry.people.engine.panels import HOME_PANELS, HOUSEHOLD_PANELS, TIMELINES
from linli.registry.people.engine.ties import TIES

for _topic in (
    "case_submitted",
    "case_accepted",
    "correction_asked",
    "case_refused",
    "case_moved",
    "case_decided",
    "case_closed",
    "case_urged",
    "case_extended",
):
    declare(f"cases.{_topic}", live=True, public=f"cases.{_topic}" not in notify.TOLD)

EXPORTABLES.register("cases", CASES_LIST)
SUBJECT_KINDS.register("case", SubjectKind(facts=read_anew, signalled=signalled, due_moved=due_moved))
TASK_MOVERS.register("cases", hand_over_tasks)
UNIT_MOVERS.register("cases", hand_over_office)
BURDENS.register("cases", tasks_waiting)
CONTENTS.register("cases", Content(30, gettext_noop("Open cases"), open_within))
KEEPERS.register("casefile.drafts", files_in_drafts)
TIMELINES.register("cases", case_lines)
HOUSEHOLD_PANELS.register("cases", household_cases)
HOME_PANELS.register("cases", home_cases)
TIES.register("cases", with_cases)
FOLLOWERS.register("cases", following(Column(Case, "party_id"), Column(Case, "agent_id"), Column(Draft, "party_id")))
API_ROUTERS.register("cases", router)
CITY_BUILDERS.register("cases", (50, stamp_cases))
CITY_BUILDERS.register("materials", (60, scan_materials))
CITY_BUILDERS.register("step_forms", (65, fill_city))
CITY_BUILDERS.register("messages", (70, tell_city))
CITY_EXPORTS.register("cases", checksum_lines)
CITY_EXPORTS.register("step_forms", filled_lines)
CITY_EXPORTS.register("messages", partial(told_lines, *STORIES))
