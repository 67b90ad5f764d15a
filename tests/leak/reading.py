"""Every address that can be read, with its parameters filled from rows of the city."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from tests.house.permission_table import Address, addresses
from tests.leak.canaries import READER, Row
from tests.leak.world import World

from linli.cases.casefile.models import Case, Draft, Material, Paper, Task
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.cases.supervision.models import Card
from linli.foundation.accounts.models import Mandate, PostHolding
from linli.foundation.audit.models import AuditEntry
from linli.foundation.messages.models import Message
from linli.foundation.privacy.models import DataRequest, Export
from linli.foundation.regions.models import RegionOrder
from linli.foundation.scope.actions import scoped
from linli.foundation.sync.models import Device
from linli.foundation.units.models import Post
from linli.registry.bodies.models import Body, BodyRole
from linli.registry.collection.models import Held, Visit
from linli.registry.exchange.models import DataFile, Delivery, Resource
from linli.registry.facilities.models import Facility
from linli.registry.households.models import Household, Relation
from linli.registry.imports.models import Batch, Connector, Doubt
from linli.registry.matching.models import Pair
from linli.registry.people.models import DeathReport, KeyGroup, Merger, Person
from linli.registry.premises.models import Premises
from linli.registry.quality.models import Comparison, Issue
from linli.registry.sources.models import Claim

NOBODY = str(UUID("018f0000-0000-7000-8000-00000000dead"))


@dataclass(frozen=True)
class Ask:
    """An address to read. ``row``: what it shows, if it names a protected row; ``nothing``: it names a row that does not exist;
    ``opens``: a row whose secret code stands in the address, which whoever knows it may read."""

    path: str
    row: Row | None = None
    nothing: bool = False
    opens: Row | None = None


Filled = tuple[dict[str, str], Row | None]
Filler = Callable[[World], list[Filled]]


def _cases(world: World) -> list[Filled]:
    return [({"pk": str(c.id)}, ("casefile_case", str(c.id))) for c in world.cases.values()]


def _numbers(world: World) -> list[Filled]:
    return [({"number": c.number}, ("casefile_case", str(c.id))) for c in world.cases.values()]


def _tasks(world: World) -> list[Filled]:
    """A task with its case; the page belongs to the case."""
    return [({"pk": str(t.case_id), "task": str(t.pk)}, ("casefile_case", str(t.case_id))) for t in Task.objects.filter(state="open")]


def _only_tasks(world: World) -> list[Filled]:
    return [({"pk": str(t.pk)}, ("casefile_task", str(t.pk))) for t in Task.objects.filter(state="open")]


def _case_files(world: World) -> list[Filled]:
    """The case's page names its papers and leads to the file's own address, which decides by the file's own row."""
    rows = Material.objects.exclude(file=None).select_related("file")
    return [({"pk": str(m.case_id), "file": str(m.file_id)}, ("casefile_material", str(m.pk))) for m in rows]


def _files(world: World) -> list[Filled]:
    return [({"pk": f["file"]}, ("files_file", f["file"])) for f, _ in _case_files(world)]


def _rows(model: type, table: str, **where: object) -> Filler:
    def fill(world: World) -> list[Filled]:
        return [({"pk": str(key)}, (table, str(key))) for key in model.objects.filter(**where).values_list("pk", flat=True)[:12]]  # type: ignore[attr-defined]

    return fill


def _people(world: World) -> list[Filled]:
    return [({"pk": str(p.id)}, ("people_person", str(p.id))) for p in world.people.values()]


def _values(world: World) -> list[Filled]:
    """Who says what of an attribute; the page belongs to the person."""
    names = ("live_address", "name", "phone")
    return [({"pk": str(p.id), "attribute": name}, ("people_person", str(p.id))) for p in world.people.values() for name in names]


def _reports(world: World) -> list[Filled]:
    """A reported death on its person's page; the page belongs to the person."""
    rows = DeathReport.objects.values_list("person_id", "pk")
    return [({"pk": str(person), "report": str(pk)}, ("people_person", str(person))) for person, pk in rows]


def _groups(world: World) -> list[Filled]:
    """A group on its person's page; the page belongs to the person."""
    rows = KeyGroup.objects.values_list("person_id", "pk")
    return [({"pk": str(person), "group": str(pk)}, ("people_person", str(person))) for person, pk in rows]


def _relations(world: World) -> list[Filled]:
    """A relation on the page of either of the two; the page belongs to the person."""
    rows = Relation.objects.values_list("pk", "person_id", "other_id")
    return [({"pk": str(who), "relation": str(pk)}, ("people_person", str(who))) for pk, *both in rows for who in both]


def _lives(world: World) -> list[Filled]:
    return [({**values, "event": "move"}, row) for values, row in _people(world)]


def _households(world: World) -> list[Filled]:
    rows = Household.objects.values_list("pk", flat=True)
    return [({"pk": str(pk), "event": "split"}, ("households_household", str(pk))) for pk in rows]


def _claims(world: World) -> list[Filled]:
    """A claim on its person's page; the page belongs to the person."""
    rows = Claim.objects.values_list("subject_id", "pk")
    return [({"pk": str(person), "claim": str(pk)}, ("people_person", str(person))) for person, pk in rows]


def _bodies(world: World) -> list[Filled]:
    """An organisation, with one of its roles; the page belongs to the organisation."""
    rows = BodyRole.objects.order_by("id").values_list("body_id", "pk")
    return [({"pk": str(body), "role": str(role)}, ("bodies_body", str(body))) for body, role in rows]


def _body_words(world: World) -> list[Filled]:
    """Who says what of an attribute; the page belongs to the organisation."""
    rows = Body.objects.order_by("id").values_list("pk", flat=True)
    return [({"pk": str(pk), "attribute": name}, ("bodies_body", str(pk))) for pk in rows for name in ("name", "scope")]


def _body_claims(world: World) -> list[Filled]:
    rows = Claim.objects.filter(subject_id__in=list(Body.objects.values_list("pk", flat=True)), state="open").values_list(
        "subject_id", "pk"
    )
    return [({"pk": str(body), "claim": str(claim)}, ("bodies_body", str(body))) for body, claim in rows]


def _accounts(world: World) -> list[Filled]:
    return [
        ({"pk": str(u.id), "holding": str(PostHolding.objects.filter(user=u).values_list("pk", flat=True)[0])}, None)
        for u in list(world.city.users.values())[:3]
    ]


def _posts(world: World) -> list[Filled]:
    """A unit with one of its posts."""
    return [({"pk": str(post.unit_id), "post": str(post.pk)}, None) for post in Post.objects.order_by("id")[:2]]


def _papers(world: World) -> list[Filled]:
    """Whoever holds the paper may check it: its code opens what stands on it, so the row is no secret to her."""
    return [({"code": p.verify_code}, ("casefile_paper", str(p.pk))) for p in Paper.objects.all()[:3]]


def _open(**values: str) -> Filler:
    """Parameters that name nothing protected."""
    return lambda world: [(values, None)]


def _case_papers(world: World) -> list[Filled]:
    """A paper through its case; it leads to the file, which decides by its own row."""
    rows = Paper.objects.filter(public=True).order_by("id")
    return [({"pk": str(p.case_id), "paper": str(p.pk)}, ("casefile_paper", str(p.pk))) for p in rows]


def _subscriptions(world: World) -> list[Filled]:
    """A subscription with one of its messages and files, and a person of its community: all belong to the subscription."""
    rows = Delivery.objects.select_related("subscription").order_by("id")
    found: list[Filled] = []
    for row in rows:
        sub = row.subscription
        person = Person.objects.filter(region_path=sub.region_path).order_by("id").values_list("pk", flat=True)[0]
        key = str(sub.pk)
        file = str(DataFile.objects.filter(subscription=sub).values_list("pk", flat=True)[0])
        names = {"pk": key, "subscription": key, "delivery": str(row.pk), "subject": str(person), "file": file}
        found.append((names, ("exchange_subscription", key)))
    return found


def _resources(world: World) -> list[Filled]:
    return [({"pk": str(key)}, None) for key in Resource.objects.order_by("code").values_list("pk", flat=True)[:2]]


def _connectors(world: World) -> list[Filled]:
    """A connector as its program calls it."""
    return [({"connector": str(key)}, ("imports_connector", str(key))) for key in Connector.objects.values_list("pk", flat=True)]


def _places_visited(world: World) -> list[Filled]:
    """A home that is visited; its page belongs to the home."""
    homes = Visit.objects.exclude(premises=None).order_by("id").values_list("premises_id", flat=True).distinct()
    return [({"key": str(key)}, ("premises_premises", str(key))) for key in dict.fromkeys(homes)]


def _homes_on_map(world: World) -> list[Filled]:
    """A home as a feature of the map."""
    rows = Premises.objects.exclude(longitude=None).values_list("pk", flat=True)
    return [({"code": "homes", "key": str(pk)}, ("premises_premises", str(pk))) for pk in rows]


FILLERS: list[tuple[str, Filler]] = [
    (r"^(desk|my)/cases/number/", _numbers),
    (r"^desk/cases/<uuid:pk>/tasks/", _tasks),
    (r"^desk/cases/<uuid:pk>/files/", _case_files),
    (r"^(desk|my)/cases/<uuid:pk>/papers/", _case_papers),
    (r"^(desk|my)/cases/<uuid:pk>/", _cases),
    (r"^desk/tasks/", _only_tasks),
    (r"^desk/counter/", _open(code="MZ06")),
    (r"^desk/supervision/cards/", _rows(Card, "supervision_card")),
    (r"^desk/evaluations?/callbacks?/", _rows(CallBack, "evaluation_callback")),
    (r"^desk/(evaluations?|ratings?|call-?backs?)/", _rows(Evaluation, "evaluation_evaluation")),
    (r"^desk/matters/", _open(code="MZ06", number="1", section="basics", field="applicant_name", name="receipt")),
    (r"^matters/", _open(code="MZ06")),
    (r"^desk/people/<uuid:pk>/claims/", _claims),
    (r"^desk/people/<uuid:pk>/death/<uuid:report>/", _reports),
    (r"^desk/people/<uuid:pk>/groups/<uuid:group>/", _groups),
    (r"^desk/people/<uuid:pk>/life/", _lives),
    (r"^desk/people/<uuid:pk>/relations/<uuid:relation>/", _relations),
    (r"^desk/households/", _households),
    (r"^desk/premises/", _rows(Premises, "premises_premises")),
    (r"^desk/people/<uuid:pk>/values/", _values),
    (r"^desk/people/", _people),
    (r"^desk/bodies/<uuid:pk>/claims/", _body_claims),
    (r"^desk/bodies/<uuid:pk>/said/", _body_words),
    (r"^desk/bodies/", _bodies),
    (r"^desk/facilities/", _rows(Facility, "facilities_facility")),
    (r"^(desk/)?files/", _files),
    (r"^desk/field/at/", _places_visited),
    (r"^desk/(field|collection)/notes/", _rows(Held, "collection_held")),
    (r"^desk/admin/phones/", _rows(Device, "sync_device")),
    (r"^desk/field/phone/", _open(key=NOBODY)),  # a key only its phone knows; says nothing of anybody
    (r"^desk/who/pairs/", _rows(Pair, "matching_pair")),
    (r"^desk/who/mergers/", _rows(Merger, "people_merger")),
    (r"^desk/who/other/", _people),
    (r"^my/data/new/", _open(kind="copy")),
    (r"^desk/requests/new/", lambda world: [({"person": str(p.id)}, ("people_person", str(p.id))) for p in world.people.values()]),
    (r"^(desk|my/data)/requests/", _rows(DataRequest, "privacy_request")),
    (r"^desk/exports/new/", _open(code="people")),
    (r"^desk/exports/", _rows(Export, "privacy_export")),
    (r"^desk/imports/corrections/", _open(source="collected")),
    (r"^desk/imports/layouts/", _open(code="self")),
    (r"^desk/imports/doubts/", _rows(Doubt, "imports_doubt")),
    (r"^desk/imports/connectors/new/", _open(kind="push")),
    (r"^desk/imports/connectors/", _rows(Connector, "imports_connector")),
    (r"^api/v1/imports/", _connectors),
    (r"^desk/quality/issues/", _rows(Issue, "quality_issue")),
    (r"^desk/quality/comparisons/", _rows(Comparison, "quality_comparison")),
    (r"^desk/imports/", _rows(Batch, "imports_batch")),
    (r"^desk/exchange/catalogue/", _resources),
    (r"^(desk|api/v1)/exchange/", _subscriptions),
    (r"^(desk/)?messages/", _rows(Message, "notices_message")),
    (r"^desk/admin/(units|posts)/", _posts),
    (r"^desk/admin/regions/orders/", _rows(RegionOrder, "regions_order")),
    (r"^desk/admin/regions/", lambda world: [({"pk": str(region.id)}, None) for region in list(world.city.regions.values())[-2:]]),
    (r"^desk/admin/(appointments|role-drafts)/", _open(pk=NOBODY)),  # of accounts and roles, nothing of the city
    (r"^desk/map/regions/", lambda world: [({"pk": str(region.id)}, None) for region in list(world.city.regions.values())[-2:]]),
    (r"^ogc/collections/<slug:code>/items/<", _homes_on_map),
    (r"^(desk/map/layers|ogc/collections)/<", lambda world: [({"code": code}, None) for code in ("homes", "communities", "grids")]),
    (r"^desk/admin/map-layers/", _open(pk=NOBODY, what="fetch")),  # of other offices' addresses, nothing of the city
    (r"^desk/admin/calendar/", _open(year="2026")),
    (r"^desk/admin/roles/", _open(code="community_clerk", holding=NOBODY)),
    (r"^desk/admin/accounts/", _accounts),
    (
        r"^desk/admin/trail/",
        lambda world: [
            ({"pk": str(k)}, ("audit_entry", str(k))) for k in AuditEntry.objects.order_by("-seq").values_list("pk", flat=True)[:3]
        ],
    ),
    (r"^api/v1/cases/", _numbers),
    (r"^api/v1/matters/", _open(code="MZ06")),
    (r"^my/drafts/", _rows(Draft, "casefile_draft")),
    (r"^(accounts|desk)/mandates/", _rows(Mandate, "accounts_mandate")),
    (r"^((desk/account|accounts)/passkeys|desk/admin/systems)/", _open(pk=NOBODY)),  # of accounts and systems, nothing of the city
    (r"^verify/", _papers),
]
"""Beginning of an address -> rows that fill its parameters. The first that fits counts."""
SECRET_CODES = ("verify/",)
"""The address holds a code that only stands on the paper itself."""
UNREADABLE = ("i18n/", "metrics", "healthz", "readyz", "sw.js", "desk/style-guide/")
"""No actor stands behind these; they show nothing of the city."""
DOSSIERS = ("desk/people/<uuid:pk>/", "desk/households/<uuid:pk>/", "desk/premises/<uuid:pk>/")
TABS = ("relations", "records", "timeline")
"""Files of people, households and homes are read tab by tab."""


class UnfilledError(AssertionError):
    """An address has parameters nobody has told how to fill."""


Reading = dict[str, tuple[Address, list[Ask]]]


def reading(world: World) -> tuple[Reading, list[str]]:
    """Pattern -> the address and everything to ask of it; and what is to be done about addresses that nobody has told how to fill."""
    filled, unfilled = {}, []
    with scoped(READER):
        for address in addresses():
            try:
                if not address.pattern.startswith(UNREADABLE):
                    filled[address.pattern] = (address, list(_asks(address, world)))
            except UnfilledError as problem:
                unfilled.append(str(problem))
    return filled, unfilled


def _asks(address: Address, world: World) -> Iterator[Ask]:
    names = re.findall(r"<(?:\w+:)?(\w+)>", address.pattern)
    if not names:
        yield Ask("/" + address.pattern.strip("^$"))
        return
    filler = next((fill for beginning, fill in FILLERS if re.match(beginning, address.pattern)), None)
    filled = filler(world) if filler else []
    if not filled or not all(set(names) <= values.keys() for values, _ in filled):
        raise UnfilledError(
            f"{address.pattern}: add a line to FILLERS in tests/leak/reading.py that fills {names} from rows of several communities, lines and levels"
        )
    if address.pattern.startswith(SECRET_CODES):
        yield from (Ask(_path(address.pattern, values), opens=row) for values, row in filled)
        return
    for values, row in filled:
        yield Ask(_path(address.pattern, values), row)
        for tab in TABS if address.pattern in DOSSIERS else ():
            yield Ask(f"{_path(address.pattern, values)}?tab={tab}", row)
    if any(row for _, row in filled):
        yield Ask(
            _path(address.pattern, {name: NOBODY if "number" not in name else "360502001001209901010000009" for name in names}),
            nothing=True,
        )


def _path(pattern: str, values: dict[str, str]) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], pattern).strip("^$")


def typed(world: World) -> list[str]:
    """What may be sent to a list, search, suggestion or board: words and numbers of rows, every filter, every part of a page."""
    with scoped(READER):
        person, case = Person.objects.get(pk=world.people["secret"].pk), Case.objects.get(pk=world.cases["special"].pk)
    words = (person.name, person.id_number, case.applicant, case.number)
    asked = [f"?{name}={word}" for name, word in zip(("q", "q", "text", "text"), words, strict=True)]
    wide = f"?part=work&list=1&since=2020-01-01&until=2030-01-01&subject={case.pk}"
    return [*asked, "?box=unit&page=2", "?box=all&part=rows&state=accepted", wide]
