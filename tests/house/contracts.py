"""Import contracts of our own for import-linter: layers of the product without its tests, and doors."""

from __future__ import annotations

import grimp
from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.layers import LayersContract


class HouseLayersContract(LayersContract):
    """import-linter's layers over the product only: a test of a mechanism may use a table of a floor above to show what it does."""

    type_name = "house_layers"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        without_tests(graph)
        return super().check(graph, verbose)


class DoorsContract(Contract):
    """Options: `rooms`, the names of packages below an app (``linli.<floor>.<app>``) that only the app itself may import.

    The wiring in `linli.config` names error pages and middlewares by string, so that it needs no exception.
    """

    type_name = "doors"
    rooms = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        without_tests(graph)
        rooms = {str(room) for room in self.rooms}  # type: ignore[attr-defined]  # a field's class attribute is its value on the instance
        broken = []
        for module in sorted(graph.modules):
            app = owner(module, rooms)
            if app is None:
                continue
            for importer in sorted(graph.find_modules_that_directly_import(module)):
                if importer != app and not importer.startswith(f"{app}."):
                    broken.append((importer, module))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, module in check.metadata["broken"]:
            output.print_error(f"{importer} imports {module}", bold=False)
        output.print_error("=> Call the app's queries or actions, or let it register what it shows.", bold=False)


def without_tests(graph: grimp.ImportGraph) -> None:
    """Take the tests out of the graph; every contract gets a copy of its own."""
    for module in [module for module in graph.modules if "tests" in module.split(".")]:
        graph.remove_module(module)


def owner(module: str, rooms: set[str]) -> str | None:
    """The app a door belongs to: "linli.cases.casefile" for "linli.cases.casefile.views.desk", None when the module is no door."""
    parts = module.split(".")
    if len(parts) > 3 and parts[3] in rooms:
        return ".".join(parts[:3])
    return None
