"""What imports register: topics, jobs, the files they need, the files of a synthetic city."""

from django.utils.translation import gettext_lazy

from linli.foundation.access.engine.partners import API_ROUTERS
from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.files.engine import KEEPERS
from linli.foundation.privacy.engine.declared import KEEPINGS
from linli.foundation.privacy.types import Keeping
from linli.foundation.topics.engine import declare
from linli.registry.bodies.actions.corrections import note_corrections as note_of_bodies
from linli.registry.imports import tasks  # noqa: F401 - jobs register themselves
from linli.registry.imports.actions import organisations, people
from linli.registry.imports.actions.city import build_imports
from linli.registry.imports.actions.city_bodies import build_body_files
from linli.registry.imports.actions.corrections import build_corrections, export_corrections
from linli.registry.imports.actions.doubts import enter, link
from linli.registry.imports.actions.ending import clear_verdicts, remove_files
from linli.registry.imports.actions.following import FOLLOWER
from linli.registry.imports.actions.turns import MOVED
from linli.registry.imports.actions.undoing import withdraw
from linli.registry.imports.engine.subjects import SUBJECTS, Subject
from linli.registry.imports.queries import Judge, files_in_batches, files_in_drafts
from linli.registry.imports.queries.city import export_imports
from linli.registry.imports.queries.ending import files_due, verdicts_due
from linli.registry.imports.queries.organisations import BodyJudge
from linli.registry.imports.queries.outlook import outlook_of_bodies, outlook_of_people
from linli.registry.imports.queries.reviewing import sides_of_bodies, sides_of_people
from linli.registry.imports.types import BODIES, PEOPLE
from linli.registry.imports.views.api import router
from linli.registry.people.actions import note_corrections
from linli.registry.people.engine.merging import FOLLOWERS

declare(MOVED, public=True)
SUBJECTS.register(
    PEOPLE,
    Subject(
        judge=Judge,
        write=people.write,
        withdraw=withdraw,
        outlook=outlook_of_people,
        link=link,
        enter=enter,
        sides=sides_of_people,
        note=lambda actor, ids: note_corrections(actor, person_ids=ids),
        page="people_desk_person",
    ),
)
SUBJECTS.register(
    BODIES,
    Subject(
        judge=BodyJudge,
        write=organisations.write,
        withdraw=organisations.withdraw,
        outlook=outlook_of_bodies,
        link=organisations.link,
        enter=organisations.enter,
        sides=sides_of_bodies,
        note=lambda actor, ids: note_of_bodies(actor, body_ids=ids),
        page="bodies_desk_body",
    ),
)
KEEPERS.register("imports.batches", files_in_batches)
KEEPERS.register("imports.layouts", files_in_drafts)
CITY_BUILDERS.register(
    "imports", (46, build_imports)
)  # after accounts and guardians, whose names stay; before cases, which begin with what is known then
CITY_BUILDERS.register("imports.bodies", (46, build_body_files))
CITY_EXPORTS.register("imports", export_imports)
FOLLOWERS.register("imports", FOLLOWER)
CITY_BUILDERS.register("corrections", (47, build_corrections))
CITY_EXPORTS.register("corrections", export_corrections)
API_ROUTERS.register("imports", router)
KEEPINGS.register(
    "imports.files",
    Keeping(
        gettext_lazy("Files that other offices sent"),
        gettext_lazy("the day their work ended"),
        gettext_lazy("the file is erased; what was taken over stays"),
        files_due,
        remove_files,
    ),
)
KEEPINGS.register(
    "imports.verdicts",
    Keeping(
        gettext_lazy("What was found in each row of such a file"),
        gettext_lazy("the day their work ended"),
        gettext_lazy("the findings are erased, the counts stay"),
        verdicts_due,
        clear_verdicts,
    ),
)
