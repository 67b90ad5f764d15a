"""What evaluation tells the floors below and beside it."""

from django.utils.translation import gettext_lazy as _

from linli.cases.casefile.engine.hooks import MORE_FACTS
from linli.cases.evaluation.queries import bad_ratings
from linli.foundation.topics.engine import declare
from linli.ui.engine.menu import register
from linli.ui.types import MenuItem

declare("evaluation.rated", live=True, public=True)
declare("evaluation.called_back", public=True)
MORE_FACTS.register("evaluation", lambda case_id: {"bad_ratings": bad_ratings(case_id)})
register(
    MenuItem(
        key="evaluation.callbacks",
        label=_("Call-backs"),
        url_name="evaluation_callbacks",
        icon="phone",
        permission="evaluation.callback",
        order=70,
    )
)
