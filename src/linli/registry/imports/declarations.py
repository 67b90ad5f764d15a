"""What imports register: topics, jobs, the files they need, the files of a synthetic city."""

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.files.engine import KEEPERS
from linli.foundation.topics.engine import declare
from linli.registry.imports import tasks  # noqa: F401 - jobs register themselves
from linli.registry.imports.actions.city import build_imports
from linli.registry.imports.actions.turns import MOVED
from linli.registry.imports.queries import files_in_batches
from linli.registry.imports.queries.city import export_imports

declare(MOVED, public=True)
KEEPERS.register("imports.batches", files_in_batches)
CITY_BUILDERS.register(
    "imports", (46, build_imports)
)  # after accounts and guardians, whose names stay; before cases, which begin with what is known then
CITY_EXPORTS.register("imports", export_imports)
