"""What evaluation tells the floors below and beside it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.cases.casefile.engine.hooks import SIDE_TASKS, SideTask
from linli.cases.evaluation import tasks
from linli.cases.evaluation.actions import due_moved
from linli.cases.evaluation.actions.city import export_lines, rate_city
from linli.cases.evaluation.engine import rating_of_token
from linli.cases.evaluation.engine.tokens import KIND
from linli.cases.evaluation.queries import CALLING, read_anew
from linli.cases.supervision.engine.subjects import SUBJECT_KINDS, SubjectKind
from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.topics.engine import declare
from linli.ui.engine.menu import register
from linli.ui.types import MenuItem

declare("evaluation.rated", live=True)
declare("evaluation.called_back", public=True)
SUBJECT_KINDS.register("evaluation", SubjectKind(facts=read_anew, signalled=lambda *rung: None, due_moved=due_moved))
SIDE_TASKS.register(
    KIND, SideTask(CALLING, _("Open the rating"), lambda token: reverse("evaluation_desk_subject", args=[rating_of_token(token)]))
)
register(
    MenuItem(
        key="evaluation.callbacks",
        label=_("Call-backs"),
        url_name="evaluation_callbacks",
        icon="phone",
        permission="evaluation.callback",
        order=25,
        section=_("Work"),
    )
)
CITY_BUILDERS.register("ratings", (60, rate_city))
CITY_BUILDERS.register("calls", (75, tasks.tell_city))
CITY_EXPORTS.register("ratings", export_lines)
