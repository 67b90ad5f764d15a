"""A drawing for a process that has none, so that bpmn-js can show it: columns from left to right, one row a branch."""

from __future__ import annotations

from lxml import etree

from .bpmn import Graph, parse_document, read_process

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

_COLUMN, _ROW, _MARGIN = 160, 120, 80
_SIZES = {"start": (36, 36), "end": (36, 36), "timer": (36, 36), "boundary": (36, 36), "step": (100, 80), "script": (100, 80)}
_GATEWAY = (50, 50)

Box = tuple[float, float, float, float]
"""Left, top, width, height in pixels."""


def add_layout(xml: str) -> str:
    """The file with shapes and edges for every element of its process; a file that has a drawing comes back unchanged.

    Raises `Invalid` for a file that `load_spec` could not read either.
    """
    root = parse_document(xml)
    if root.find(f"{{{BPMNDI}}}BPMNDiagram") is not None:
        return xml
    graph = read_process(xml)
    boxes = _boxes(graph)
    diagram = etree.SubElement(
        root, f"{{{BPMNDI}}}BPMNDiagram", {"id": f"{graph.id}_diagram"}, nsmap={"bpmndi": BPMNDI, "dc": DC, "di": DI}
    )
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", {"id": f"{graph.id}_plane", "bpmnElement": graph.id})
    for ident, box in boxes.items():
        _shape(plane, graph, ident, box)
    for flow in graph.flows:
        edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", {"id": f"{flow.id}_edge", "bpmnElement": flow.id})
        for x, y in _route(boxes[flow.source], boxes[flow.target], graph.nodes[flow.source].kind == "boundary"):
            etree.SubElement(edge, f"{{{DI}}}waypoint", {"x": f"{x:g}", "y": f"{y:g}"})
    etree.indent(root)
    return etree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _shape(plane: etree._Element, graph: Graph, ident: str, box: Box) -> None:
    attributes = {"id": f"{ident}_shape", "bpmnElement": ident}
    if graph.nodes[ident].kind == "exclusive":
        attributes["isMarkerVisible"] = "true"
    shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", attributes)
    x, y, width, height = box
    etree.SubElement(shape, f"{{{DC}}}Bounds", {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}"})


def _boxes(graph: Graph) -> dict[str, Box]:
    columns = _columns(graph)
    rows = _rows(graph, columns)
    boxes: dict[str, Box] = {}
    for ident, column in columns.items():
        wide, high = _SIZES.get(graph.nodes[ident].kind, _GATEWAY)
        middle_x, middle_y = _MARGIN + column * _COLUMN + 50, _MARGIN + rows[ident] * _ROW + 40
        boxes[ident] = (middle_x - wide / 2, middle_y - high / 2, wide, high)
    for host, timers in graph.boundaries.items():
        for number, timer in enumerate(timers):
            left, top, width, height = boxes[host]
            boxes[timer.id] = (left + width - 18 - number * 40, top + height - 18, 36, 36)
    return boxes


def _followers(graph: Graph, ident: str) -> list[str]:
    """Elements drawn after this one: along its own paths, then along those of the timers on its edge."""
    direct = [f.target for f in graph.outgoing[ident]]
    return direct + [f.target for timer in graph.boundaries[ident] for f in graph.outgoing[timer.id]]


def _columns(graph: Graph) -> dict[str, int]:
    """Longest way from the start, paths that lead back left out."""
    order: list[str] = []
    state: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    first = [graph.start.id, *(i for i, n in graph.nodes.items() if n.kind != "boundary")]
    for root in first:
        stack = [(root, False)] if root not in state else []
        while stack:
            ident, leaving = stack.pop()
            if leaving:
                state[ident] = 2
                order.append(ident)
            elif ident not in state:
                state[ident] = 1
                stack.append((ident, True))
                for after in reversed(_followers(graph, ident)):
                    if state.get(after) == 1:
                        back.add((ident, after))
                    elif after not in state:
                        stack.append((after, False))
    columns = dict.fromkeys(reversed(order), 0)
    for ident in columns:
        for after in _followers(graph, ident):
            if (ident, after) not in back:
                columns[after] = max(columns[after], columns[ident] + 1)
    return columns


def _rows(graph: Graph, columns: dict[str, int]) -> dict[str, int]:
    """The first follower stays in its row, further ones take the next free row of their column."""
    rows: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()
    todo = [(ident, 0) for ident in reversed(columns)]
    todo.append((graph.start.id, 0))
    while todo:
        ident, wish = todo.pop()
        if ident in rows:
            continue
        while (columns[ident], wish) in taken:
            wish += 1
        rows[ident] = wish
        taken.add((columns[ident], wish))
        todo += [(after, wish + number) for number, after in reversed(list(enumerate(_followers(graph, ident))))]
    return rows


def _route(source: Box, target: Box, from_below: bool) -> list[tuple[float, float]]:
    """Right-angled way from the right edge (or the bottom) of one box to the left edge of the other; backward paths run above."""
    sx, sy = source[0] + source[2], source[1] + source[3] / 2
    tx, ty = target[0], target[1] + target[3] / 2
    if from_below:
        sx, sy = source[0] + source[2] / 2, source[1] + source[3]
        return (
            [(sx, sy), (sx, ty), (tx, ty)]
            if tx > sx and ty > sy
            else [(sx, sy), (sx, sy + 30), (tx - 20, sy + 30), (tx - 20, ty), (tx, ty)]
        )
    if tx <= sx:
        top = min(source[1], target[1]) - 25
        middle, goal = source[0] + source[2] / 2, target[0] + target[2] / 2
        return [(middle, source[1]), (middle, top), (goal, top), (goal, target[1])]
    if sy == ty:
        return [(sx, sy), (tx, ty)]
    bend = tx - 25
    return [(sx, sy), (bend, sy), (bend, ty), (tx, ty)]
