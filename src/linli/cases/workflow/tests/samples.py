"""BPMN texts for the tests, written from short lines: `step a`, `a -> b [condition]`, `a => b` (default path)."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:linli="https://linli.dev/bpmn" '
    'targetNamespace="https://linli.dev/bpmn"><bpmn:process id="p" name="Process" isExecutable="true">'
)
TAIL = "</bpmn:process></bpmn:definitions>"
TAGS = {"start": "startEvent", "end": "endEvent", "xor": "exclusiveGateway", "and": "parallelGateway", "or": "inclusiveGateway"}


def bpmn(text: str) -> str:
    lines = [line.split("#")[0].strip() for line in text.strip().splitlines()]
    flows: list[tuple[str, str, str, bool]] = []
    nodes: list[tuple[str, str, str]] = []
    for line in filter(None, lines):
        if "->" in line or "=>" in line:
            default = "=>" in line
            source, _, rest = line.partition("=>" if default else "->")
            target, _, condition = rest.partition("[")
            flows.append((source.strip(), target.strip(), condition.rpartition("]")[0].strip(), default))
        else:
            kind, ident, *rest_ = line.split(maxsplit=2)
            nodes.append((kind, ident, rest_[0] if rest_ else ""))
    defaults = {source: f"flow_{n}" for n, (source, _, _, default) in enumerate(flows) if default}
    body = "".join(_node(kind, ident, rest, defaults.get(ident)) for kind, ident, rest in nodes)
    for number, (source, target, condition, _) in enumerate(flows):
        inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
        body += f'<bpmn:sequenceFlow id="flow_{number}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
    return HEAD + body + TAIL


def _node(kind: str, ident: str, rest: str, default: str | None) -> str:
    if kind == "step":
        options = dict(part.split("=", 1) for part in rest.split())
        attributes = {"office": "street", "kind": "review"} | options
        return f'<bpmn:userTask id="{ident}" name="{ident}"' + "".join(f" linli:{k}={quoteattr(v)}" for k, v in attributes.items()) + "/>"
    if kind == "script":
        return f'<bpmn:scriptTask id="{ident}"><bpmn:script>{escape(rest.replace(";", chr(10)))}</bpmn:script></bpmn:scriptTask>'
    if kind == "timer":
        inside = f"<bpmn:timerEventDefinition>{rest}</bpmn:timerEventDefinition>"
        return f'<bpmn:intermediateCatchEvent id="{ident}">{inside}</bpmn:intermediateCatchEvent>'
    if kind in ("alarm", "remind"):  # on the edge of a step: ends it, or runs beside it
        host, inner = rest.split(maxsplit=1)
        cancel = "true" if kind == "alarm" else "false"
        return (
            f'<bpmn:boundaryEvent id="{ident}" attachedToRef="{host}" cancelActivity="{cancel}">'
            f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        )
    extra = f' default="{default}"' if default else ""
    return f'<bpmn:{TAGS.get(kind, kind)} id="{ident}"{extra}/>'


SEQUENCE = bpmn("""
start s
step accept office=community kind=accept outcomes=accept,refuse days=1
step street_review line=MZ days=3 unit=W outcomes=agree,disagree
step decide office=county kind=decide outcomes=agree,disagree people=2
end e
s -> accept
accept -> street_review
street_review -> decide
decide -> e
""")

LOOP = bpmn("""
start s
step accept outcomes=accept,correct
xor g
step correct office=applicant kind=correct outcomes=done
step decide outcomes=agree,disagree
end e
s -> accept
accept -> g
g -> correct [outcome == "correct"]
g => decide
correct -> accept
decide -> e
""")

PARALLEL = bpmn("""
start s
step accept
and fork
step mz line=MZ outcomes=agree,disagree
step cl line=CL outcomes=agree,disagree
and join
step decide
end e
s -> accept
accept -> fork
fork -> mz
fork -> cl
mz -> join
cl -> join
join -> decide
decide -> e
""")

NESTED = bpmn("""
start s
and f1
step a
and f2
step b
step c
and j2
step d
and j1
step z
end e
s -> f1
f1 -> a
f1 -> f2
f2 -> b
f2 -> c
b -> j2
c -> j2
j2 -> d
a -> j1
d -> j1
j1 -> z
z -> e
""")

TIMERS = bpmn("""
start s
step publish kind=publicity
timer shown <bpmn:timeDuration>P7D</bpmn:timeDuration>
step decide
alarm late decide <bpmn:timeDuration>PT12H</bpmn:timeDuration>
step escalated office=city
remind nudge decide <bpmn:timeDuration>PT2H</bpmn:timeDuration>
step nudged office=same
end e
end e2
end e3
s -> publish
publish -> shown
shown -> decide
decide -> e
late -> escalated
escalated -> e2
nudge -> nudged
nudged -> e3
""")
