"""`/matters`: the catalogue for partner systems."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from linli.cases.catalogue import queries
from linli.cases.catalogue.models import Matter
from linli.cases.catalogue.types import Material, MatterSpec, Term
from linli.foundation.access.engine.partners import PartnerRequest, partner

router = Router(tags=["matters"])


class TermOut(Schema):
    amount: int
    unit: str
    """W working days, N calendar days, M months, H hours."""


class MatterLine(Schema):
    code: str
    name: str
    line: str
    audience: list[str]
    url: str


class MaterialOut(Schema):
    key: str
    name: str
    form: str
    necessity: int
    """1 required, 2 optional, 3 may follow within `tolerate_days`."""
    tolerate_days: int
    shared: bool
    """True: proved by a licence or another office's data, not asked of the applicant."""
    fill_guide: str


class GuideOut(Schema):
    """What a resident reads before applying."""

    summary: str
    conditions: list[str]
    steps: list[str]
    promised: TermOut
    statutory: TermOut
    fee: str
    """Empty: free of charge."""
    legal_basis: list[str]
    results: list[str]
    accept_level: list[str]
    deliver_forms: list[str]
    faq: list[dict[str, str]]


class MatterOut(MatterLine):
    version: int
    guide: GuideOut
    materials: list[MaterialOut]
    form: dict[str, Any]
    """Sections, fields, conditions and rules; a field's `key` is the name of its answer."""


@router.get("/matters", response=list[MatterLine], summary="List matters")
@partner("matters:read")
def list_matters(request: PartnerRequest, q: str = "", audience: str = "", line: str = "") -> list[MatterLine]:
    """Open matters; `q` searches names, key words, pinyin and initials, `audience` and `line` narrow."""
    found = queries.search(q) if q.strip() else queries.matters()
    return [_line(m) for m in found if (not audience or audience in m.audience) and (not line or m.line == line)]


@router.get("/matters/{code}", response=MatterOut, summary="Read a matter")
@partner("matters:read")
def read_matter(request: PartnerRequest, code: str) -> MatterOut:
    """Guide, form and materials of the version in force."""
    matter = queries.get_matter(code)
    assert matter.current is not None  # noqa: S101 - get_matter finds only matters with a version in force
    chosen = queries.definition(matter.current)
    return MatterOut(
        **_line(matter).model_dump(),
        version=matter.current.number,
        guide=_guide(chosen.spec),
        materials=[_material(m) for m in chosen.spec.materials],
        form=chosen.form.model_dump(mode="json", by_alias=True, exclude_defaults=True),
    )


def _line(matter: Matter) -> MatterLine:
    return MatterLine(code=matter.code, name=matter.name, line=matter.line, audience=matter.audience, url=f"/api/v1/matters/{matter.code}")


def _term(term: Term) -> TermOut:
    return TermOut(amount=term.amount, unit=term.unit)


def _material(m: Material) -> MaterialOut:
    return MaterialOut(
        key=m.key,
        name=m.name,
        form=m.form,
        necessity=int(m.necessity),
        tolerate_days=m.tolerate_days,
        shared=m.waived,
        fill_guide=m.fill_guide,
    )


def _guide(spec: MatterSpec) -> GuideOut:
    return GuideOut(
        summary=spec.summary,
        conditions=list(spec.conditions),
        steps=list(spec.steps_text),
        promised=_term(spec.promised),
        statutory=_term(spec.statutory),
        fee=spec.fee.standard if spec.fee.charged else "",
        legal_basis=[f"{b.title} {b.article}".strip() for b in spec.legal_basis],
        results=[r.name for r in spec.results],
        accept_level=list(spec.accept_level),
        deliver_forms=list(spec.deliver_forms),
        faq=[{"question": f.question, "answer": f.answer} for f in spec.faq],
    )
