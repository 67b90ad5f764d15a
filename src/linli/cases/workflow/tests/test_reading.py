"""Processes that must not be let in, and what the refusal says."""

from __future__ import annotations

import pytest
from lxml import etree

from linli.cases.workflow import engine
from linli.cases.workflow.engine.expressions import ExpressionError, check_expression, check_script, evaluate, execute
from linli.lib.errors import Invalid

from .samples import LOOP, NESTED, PARALLEL, SEQUENCE, TIMERS, bpmn

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def refused(xml: str) -> Invalid:
    with pytest.raises(Invalid) as caught:
        engine.load_spec(xml)
    assert caught.value.code == "PROCESS_INVALID" and caught.value.field and caught.value.text()
    return caught.value


def test_a_specification_is_built_once_for_the_same_text() -> None:
    assert engine.load_spec(LOOP) is engine.load_spec(str(LOOP))
    assert len(engine.load_spec(LOOP).digest) == 16 and engine.load_spec(LOOP).digest != engine.load_spec(NESTED).digest


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("head", [BOMB, EXTERNAL, '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">', '<?xml version="1.0"?>' + BOMB])
def test_document_types_and_entities_are_refused(head: str) -> None:
    assert "entities" in refused(head + SEQUENCE.replace('name="Process"', 'name="&b;"')).text()


@pytest.mark.parametrize("xml", ["", "not xml", "<a/>", SEQUENCE[:-5], SEQUENCE + " " * 1_000_001, "<a>" * 100_000])
def test_files_that_are_no_process_are_refused(xml: str) -> None:
    assert refused(xml).field == "definitions"


def test_an_encoding_in_the_declaration_is_not_believed() -> None:
    assert (
        engine.load_spec('<?xml version="1.0" encoding="GBK"?>' + SEQUENCE.replace('name="accept"', 'name="受理"')).steps["accept"].name
        == "受理"
    )


def test_only_one_executable_process_is_taken() -> None:
    start, end = SEQUENCE.index("<bpmn:process"), SEQUENCE.index("</bpmn:definitions")
    assert "exactly one" in refused(SEQUENCE[:end] + SEQUENCE[start:end].replace('id="p"', 'id="q"') + SEQUENCE[end:]).text()
    assert "exactly one" in refused(SEQUENCE.replace('isExecutable="true"', "")).text()


@pytest.mark.parametrize(
    "kind", ["serviceTask", "callActivity", "subProcess", "sendTask", "businessRuleTask", "complexGateway", "intermediateThrowEvent"]
)
def test_elements_we_do_not_run_are_named(kind: str) -> None:
    error = refused(bpmn("start s\nend e\ns -> e").replace("<bpmn:endEvent", f'<bpmn:{kind} id="x"/><bpmn:endEvent'))
    assert error.field == "x" and kind in error.text()


@pytest.mark.parametrize(
    "inner", ["multiInstanceLoopCharacteristics", "messageEventDefinition", "dataOutputAssociation", "timerEventDefinition"]
)
def test_things_inside_a_step_that_we_do_not_run_are_named(inner: str) -> None:
    error = refused(SEQUENCE.replace('linli:days="1"/>', f'linli:days="1"><bpmn:{inner}/></bpmn:userTask>'))
    assert error.field == "accept" and inner in error.text()


@pytest.mark.parametrize(
    "options",
    [
        "office=moon",
        "office=",
        "kind=",
        "kind=X",
        "days=soon",
        "days=-1",
        "unit=Y",
        "people=0",
        "people=99",
        "outcomes=a,a",
        "outcomes=Bad",
        "multi=yes",
    ],
)
def test_a_step_with_a_wrong_attribute_is_named(options: str) -> None:
    assert refused(bpmn(f"start s\nstep a {options}\nend e\ns -> a\na -> e")).field == "a"


ONE = "start s\nstep a outcomes=yes,no\nstep b outcomes=ok\nend e\n"


@pytest.mark.parametrize(
    ("text", "element", "words"),
    [
        ("s -> a\na -> e\nb -> e", "b", "Nothing leads"),
        ("s -> a\na -> e\na -> b\nb -> e", "a", "several ways"),
        ("s -> a\na -> b", "b", "Nothing follows"),
        ("xor g\ns -> a\na -> g\ng -> b [outcome == 'yes']\ng -> e [outcome == 'no']\nb -> e", "g", "default path"),
        ("xor g\ns -> a\na -> g\ng -> b\ng => e\nb -> e", "flow_2", "needs a condition"),
        ("xor g\ns -> a\na -> g\ng -> b [outcome == 'agree']\ng => e\nb -> e", "flow_2", "agree"),
        ("xor g\ns -> a\na -> g\ng -> b [import os]\ng => e\nb -> e", "flow_2", "not an expression"),
        ("s -> a [True]\na -> b\nb -> e", "flow_0", "never be asked"),
        ("and f\ns -> f\nf -> a\nf -> b\na -> e\nb -> a", "a", "without being joined"),
        ("xor f\nand j\ns -> a\na -> f\nf -> b [outcome == 'yes']\nf => j\nb -> j\nj -> e", "j", "never comes"),
        (
            "xor m\nxor g\nstep c outcomes=ok\ns -> a\na -> g\ng => e\ng -> m [outcome == 'no']\nm -> b\nb -> c\nc -> m",
            "b",
            "no longer come to an end",
        ),
        ("xor m\nxor g\ns -> a\na -> m\nm -> g\ng => b\ng -> m [outcome == 'no']\nb -> e", "m", "no step in it"),
        ("xor m\nstep c outcomes=ok\ns -> a\na -> b\nb -> e\nm -> c\nc -> m", "c", "never be reached"),
        ("start s2\ns -> a\ns2 -> b\na -> e\nb -> e", "p", "exactly one start"),
        ("step a\ns -> a\na -> b\nb -> e", "a", "Two elements"),
        ("script x import os\ns -> a\na -> b\nb -> x\nx -> e", "x", "name = expression"),
        ("timer t <bpmn:timeCycle>R3/PT1H</bpmn:timeCycle>\ns -> a\na -> t\nt -> b\nb -> e", "t", "timeCycle"),
        ("timer t <bpmn:timeDuration>soon</bpmn:timeDuration>\ns -> a\na -> t\nt -> b\nb -> e", "t", "P7D"),
        ("alarm t nobody <bpmn:timeDuration>P1D</bpmn:timeDuration>\ns -> a\na -> b\nb -> e\nt -> e", "t", "attached to a step"),
    ],
)
def test_a_process_that_cannot_be_run_is_refused_with_the_element_and_the_reason(text: str, element: str, words: str) -> None:
    error = refused(bpmn(ONE + text))
    assert words in error.text() and error.field == element


def test_a_process_with_too_many_parallel_branches_is_refused_instead_of_checked_for_ever() -> None:
    steps = "\n".join(f"step a{b}_{n}" for b in range(8) for n in range(5))
    flows = "\n".join(f"f -> a{b}_0\na{b}_4 -> j\n" + "\n".join(f"a{b}_{n} -> a{b}_{n + 1}" for n in range(4)) for b in range(8))
    assert "side by side" in refused(bpmn(f"start s\nand f\nand j\nend e\n{steps}\ns -> f\nj -> e\n{flows}")).text()


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os').system('true')",
        "().__class__.__bases__[0].__subclasses__()",
        "steps.__class__",
        "outcome.format(1)",
        "''.join(['a'])",
        "(lambda: 1)()",
        "[x for x in (1, 2)]",
        "open('/etc/passwd')",
        "eval('1')",
        "getattr(outcome, 'upper')",
        "f'{outcome}'",
        "9 ** 9 ** 9",
        "1 << 100000000",
        "(y := 1)",
        "_hidden",
        "print",
        "len.__self__",
        "max(1, key=len)",
        "b'x'",
        "...",
        "1j",
        "outcome[0:1]",
        "",
        "x" * 2_001,
        "(" * 90 + "1" + ")" * 90 + "+" + "-" * 60 + "1",
        "a; b",
        "await x",
    ],
)
def test_expressions_outside_the_language_are_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(source, {"outcome": "x", "steps": {}, "x": 1})


@pytest.mark.parametrize(
    "source",
    [
        "'a' * 10000000",
        "[0] * 100000000",
        "'%1000000000d' % 1",
        "round(1, -100000000)",
        "10000000000 * " * 8 + "1",
        "int('9' * 9000)",
        "1 / 0",
        "max(1)",
        "steps.nobody",
        "nobody",
    ],
)
def test_expressions_that_would_cost_too_much_or_fail_are_refused_when_computed(source: str) -> None:
    check_expression(source)
    with pytest.raises(ExpressionError):
        evaluate(source, {"outcome": "x", "steps": {}})


@pytest.mark.parametrize(
    "script",
    [
        "import os",
        "x",
        "x == 1",
        "x.y = 1",
        "x[0] = 1",
        "outcome = 'agree'",
        "_x = 1",
        "len = 1",
        "x = y = 1",
        "x += 1",
        "def f(): pass",
        "if = 1",
        "",
        "# nothing",
    ],
)
def test_scripts_are_assignments_only(script: str) -> None:
    with pytest.raises(ExpressionError):
        check_script(script)


def test_a_script_cannot_make_a_number_grow_without_end() -> None:
    facts = {"n": 10**20}
    with pytest.raises(ExpressionError):
        execute("n = n * n", facts)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("age >= 80 and outcome == 'agree'", True),
        ("'low' if income / people < 700 else 'high'", "low"),
        ("steps.mz == 'agree' or steps['cl'] in ('agree', 'none')", True),
        ("max(len(names), 2) + round(1.25, 1) % 1", 2.2),
        ("missing is None", True),
        ("true and not false", True),
    ],
)
def test_the_language_says_what_processes_need(source: str, value: object) -> None:
    facts = {
        "age": 81,
        "outcome": "agree",
        "income": 2000,
        "people": 3,
        "names": ["a"],
        "steps": {"mz": "no", "cl": "none"},
        "missing": None,
    }
    assert evaluate(source, facts) == pytest.approx(value) if isinstance(value, float) else evaluate(source, facts) == value


@pytest.mark.parametrize("xml", [SEQUENCE, LOOP, PARALLEL, NESTED, TIMERS])
def test_a_drawing_shows_every_element_once_and_no_two_boxes_overlap(xml: str) -> None:
    drawn = engine.add_layout(xml)
    graph = engine.load_spec(drawn).graph
    root = etree.fromstring(drawn.encode())
    shapes = {shape.get("bpmnElement"): shape[0] for shape in root.iter(f"{DI}BPMNShape")}
    assert set(shapes) == set(graph.nodes)
    assert sorted(str(edge.get("bpmnElement")) for edge in root.iter(f"{DI}BPMNEdge")) == sorted(f.id for f in graph.flows)
    boxes = {
        i: [float(b.get(k, "")) for k in ("x", "y", "width", "height")] for i, b in shapes.items() if graph.nodes[str(i)].kind != "boundary"
    }
    for one, (x, y, w, h) in boxes.items():
        for other, (x2, y2, w2, h2) in boxes.items():
            assert one == other or x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
