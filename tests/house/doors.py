"""An import contract of our own for import-linter: nobody imports another app's `views` or `forms`."""

from __future__ import annotations

import grimp
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):  # type: ignore[misc]  # import-linter's base is untyped
    """Options: `rooms`, the names of packages below an app (``linli.<floor>.<app>``) that only the app itself may import.

    The wiring in `linli.config` names error pages and middlewares by string, so that it needs no exception; tests of an app are part of it.
    """

    type_name = "doors"
    rooms = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        broken = []
        for module in sorted(graph.modules):
            app = owner(module, set(self.rooms))
            if app is None:
                continue
            for importer in sorted(graph.find_modules_that_directly_import(module)):
                if importer != app and not importer.startswith(f"{app}."):
                    broken.append((importer, module))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, module in check.metadata["broken"]:
            output.print_error(f"{importer} imports {module}: call the app's queries or actions, or let it register what it shows.", bold=False)


def owner(module: str, rooms: set[str]) -> str | None:
    """The app a door belongs to: "linli.cases.casefile" for "linli.cases.casefile.views.desk", None when the module is no door."""
    parts = module.split(".")
    if len(parts) > 3 and parts[3] in rooms:
        return ".".join(parts[:3])
    return None
