"""A small city in which every protected table holds rows of several communities, lines and levels, each with words found nowhere else."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml
from django.conf import settings
from django.test import Client
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.actions.running import call_in
from linli.cases.casefile.models import Case, CaseParticipant, Material, Paper, StepForm, Task
from linli.cases.casefile.tests.factories import OLD_AGE_ANSWERS, City, _staff, card_for, citizen, resident, small_city
from linli.cases.casefile.tests.visitors import BACKEND, complete, id_number
from linli.cases.catalogue.queries import current_definition
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.cases.supervision.models import Rung, Suspension
from linli.channels.api.actions import create_client
from linli.foundation.access import queries as access
from linli.foundation.access.models import Role
from linli.foundation.accounts.models import Mandate, User
from linli.foundation.files.actions import attach, store
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.models import Message, ReceivedSms
from linli.foundation.privacy.actions import exports
from linli.foundation.privacy.models import DataRequest, Exported
from linli.foundation.regions.models import RegionOrder
from linli.foundation.regions.types import Asked
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.signon.actions import create_system
from linli.foundation.sync.actions import meet, take
from linli.foundation.sync.engine import read_items
from linli.foundation.types import ANONYMOUS, Actor, ActorKind, system_actor
from linli.foundation.units.models import Unit
from linli.lib.remembered import forget_all
from linli.registry.bodies.actions import add_role, correct_body, enter_body, join_bodies
from linli.registry.bodies.engine.city_bodies import credit_code
from linli.registry.collection.models import Visit
from linli.registry.exchange.actions import handing
from linli.registry.exchange.actions.catalogue import load_catalogue
from linli.registry.exchange.actions.ordering import order_file
from linli.registry.exchange.actions.subscriptions import approve, ask
from linli.registry.exchange.models import Delivery, Endpoint, Given, Resource
from linli.registry.facilities.actions import assign_duty, enter_facility
from linli.registry.facilities.actions.facilities import Details
from linli.registry.households.models import Household, Membership, Occupancy, Relation
from linli.registry.imports.actions import check_on, follow_on, load_on, order_load, upload
from linli.registry.imports.models import Arrival, Connector
from linli.registry.matching.actions import pair_up
from linli.registry.people.actions import merge_people
from linli.registry.people.models import DeathReport, GroupKind, Identity, KeyGroup, LifeEvent, Person, Reminder
from linli.registry.premises.models import Premises
from linli.registry.quality.models import Comparison, Examination, Issue, Result, Rule
from linli.registry.sources.models import Claim, Correction, Fact, Provenance, Source

ROOT = Path(__file__).resolve().parents[2]
TEST = system_actor("test.leak", permissions=["admin.accounts"])
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
STAFF = {  # name -> unit, role of the national pack, whole city
    "clerk of the community": ("home", "community_clerk", False),
    "clerk of another community": ("other", "community_clerk", False),
    "grid worker": ("home", "grid_worker", False),
    "grid worker of another community": ("other", "grid_worker", False),
    "street reviewer": ("street", "street_reviewer", False),
    "decider of another line": ("county_cl", "county_decider", False),
    "county decider": ("county_mz", "county_decider", False),
    "city supervisor": ("city", "city_supervisor", True),
    "call centre": ("city", "call_centre", True),
    "data officer": ("city", "data_officer", True),
    "head of department": ("city", "dept_head", True),
    "system administrator": ("city", "system_admin", False),
    "security administrator": ("city", "security_admin", False),
    "audit administrator": ("city", "audit_admin", False),
}


@dataclass
class Visitor:
    """Somebody who knocks: who the house takes her for, and her browser or program."""

    actor: Actor
    client: Client
    headers: dict[str, str] = field(default_factory=dict)
    given: set[tuple[str, str]] = field(default_factory=set)
    """Rows (table, key) of which this visitor is told what was approved, though she does not see them."""

    def get(self, address: str) -> Any:
        return self.client.get(address, headers=self.headers)


@dataclass
class World:
    city: City
    people: dict[str, Person]
    cases: dict[str, Case]
    accounts: dict[str, User]
    visitors: dict[str, Visitor] = field(default_factory=dict)


def build() -> World:
    """Everything, committed by the caller. Takes some seconds; made once a module."""
    city = small_city()
    for role in yaml.safe_load((ROOT / "packs/national/roles.yaml").read_text(encoding="utf-8"))["roles"]:
        Role.objects.update_or_create(
            code=role["code"],
            defaults={
                "name": role["code"],
                "permissions": role["permissions"],
                "level": role["level"],
                "business": role.get("business", True),
            },
        )
    for name, (unit, role, everything) in STAFF.items():
        city.users[name] = _staff(name, city.units[unit], role, everything=everything)
    forget_all()
    with scoped(TEST):
        load_templates(system_actor("test.leak"), folder=Path(settings.PACKS_DIR) / "national" / "messages")
    world = World(city, {}, {}, {})
    _people(world)
    _cases(world)
    for name, case in world.cases.items():
        _around(world, name, case)
    _partners(world)
    _order(world)
    _file(world)
    _quality(world)
    _visits(world)
    _twice(world)
    _exchange(world)
    _exports(world)
    _data_requests(world)
    _bodies(world)
    _knock(world)
    return world


def _people(world: World) -> None:
    """An owner and her grantee in the home community, a neighbour in the other one, and who has only a telephone."""
    for n, (name, home) in enumerate((("owner", "home"), ("grantee", "home"), ("neighbour", "other"), ("secret", "home"))):
        person = complete(
            resident(world.city, name=f"Person {name}", id_number=id_number(f"3605991945030{n}002"), home=home, phone=f"1380000100{n}")
        )
        world.people[name] = person
        world.accounts[name] = citizen(person, name=f"Account {name}", phone=f"1380000100{n}")
    world.accounts["phone only"] = citizen(None, assurance=0, name="Account phone", phone="13900001009")
    owner, grantee, today = world.people["owner"], world.people["grantee"], timezone.localdate()
    for grantor, receiver in ((owner, grantee), (world.people["neighbour"], world.people["secret"])):
        with scoped(TEST):
            since, until = (
                (today, today + timedelta(days=90)) if grantor is owner else (today - timedelta(days=9), today - timedelta(days=1))
            )
            Mandate(
                grantor_id=grantor.id,
                grantor_name=grantor.name,
                grantee_id=receiver.id,
                grantee_name=receiver.name,
                region_path=grantor.region_path,
                kind="family",
                since=since,
                until=until,
            ).save()
    for name, person in world.people.items():
        _home(world, name, person)


def _home(world: World, name: str, person: Person) -> None:
    """Premises, household, memberships, provenance, a fact and a claim of one person."""
    with scoped(TEST):
        place: dict[str, Any] = {"region_id": person.region_id, "region_path": person.region_path}
        premises = Premises(
            addr_code=f"36050200100{len(name)}{person.id.hex[-10:]}"[:25],
            address=f"Road of {name}",
            room="101",
            longitude=114.9,
            latitude=27.8,
            **place,
        )
        premises.save()
        household = Household(number=f"H{person.id.hex[-12:]}", premises=premises, **place)
        household.save()
        Membership(household=household, person=person, relation="02", region_path=person.region_path).save()
        Occupancy(person=person, premises=premises, role="living", region_path=person.region_path).save()
        source = Source.objects.order_by("rank").first()
        about: dict[str, Any] = {"subject_id": person.id, "party_id": person.id, "region_path": person.region_path, "source": source}
        Provenance(attribute="live_address", as_of=timezone.localdate(), **about).save()
        Claim(attribute="bank_name", value="claimed", **about).save()
        _life(world, name, person)
        Fact(attribute="old_age_allowance", value='"fact"', effective_from=date(2026, 1, 1), **about).save()


SECRET = "ZQ900001Q"
"""Stands in a row of L5 whose responsible is no visitor: wherever it is read, it leaked."""


def _relation(person: Person, source: Source | None) -> None:
    """Everybody is related to the first of them, wherever she lives."""
    first = Person.objects.exclude(pk=person.pk).order_by("pk").first()
    if first is not None:
        paths = {"region_path": person.region_path, "other_path": first.region_path}
        words = {"document": "paper", "end_reason": "ended", "made_by": "maker"}
        Relation(person=person, other=first, code="98", bond="kin", source=source, until=timezone.localdate(), **paths, **words).save()


def _life(world: World, name: str, person: Person) -> None:
    """A passport, a reported death, an event, something to do, and groups of every level."""
    about: dict[str, Any] = {"person": person, "region_path": person.region_path}
    today, source = timezone.localdate(), Source.objects.order_by("rank").first()
    number = f"E{person.id.hex[-8:].upper()}"
    Identity(id_type="414", number=number, number_index=blind_index(number, "id_number"), issuer="issuer", **about).save(force_insert=True)
    DeathReport(source=source, died_on=today, document="document", reported_by="reporter", **about).save(force_insert=True)
    LifeEvent(kind="move", on=today, place="place", made_by="maker", **about).save(force_insert=True)
    _relation(person, source)
    Reminder(kind="id_number_missing", reason="reason", due_on=today, **about).save(force_insert=True)
    for level in (3, 4, 5):
        kind, _ = GroupKind.objects.get_or_create(code=f"group{level}", defaults={"name": f"group {level}", "level": level})
        who, called = (world.city.users["clerk2"].id, SECRET) if level == 5 else (world.city.users["clerk"].id, "responsible")
        KeyGroup(kind=kind, level=level, since=today, responsible_id=who, responsible_name=called, **about).save(force_insert=True)


def _cases(world: World) -> None:
    """One case each: decided, open, other community, other line, sensitive, special, and of somebody unknown to the register."""
    owner, other = world.people["owner"], world.people["neighbour"]
    plan = (
        ("decided", owner, 3, ""),
        ("open", owner, 3, ""),
        ("other", other, 3, ""),
        ("other decided", other, 3, ""),
        ("other line", owner, 3, "ZJ"),
        ("sensitive", world.people["secret"], 4, ""),
        ("special", world.people["secret"], 5, ""),
    )
    for name, person, level, line in plan:
        account = next(a for a in world.accounts.values() if a.person_id == person.id)
        world.cases[name] = _submit(access.actor_of(account), person.name, person, name)
        if "decided" in name:
            _walk(world, world.cases[name])
        _place(world.cases[name], level, line)
    stranger = access.actor_of(world.accounts["phone only"])
    world.cases["phone only"] = _submit(stranger, "Phone only", None, "phone only", region_id=owner.region_id)


def _submit(actor: Actor, name: str, person: Person | None, key: str, region_id: UUID | None = None) -> Case:
    definition = current_definition("MZ06")
    with scoped(actor):
        file = store(actor, upload=io.BytesIO(PDF), name=f"file-{key.replace(' ', '-')}.pdf")
        material = definition.spec.materials[0].key
        applicant = actions.Applicant(
            name=name,
            region_id=region_id or person.region_id,
            party_id=person.id if person else None,  # type: ignore[union-attr]
            id_number=person.id_number if person else "",
            phone="13800000001",
        )
        done = actions.submit_case(
            actor,
            version_id=definition.version_id,
            answers={**OLD_AGE_ANSWERS, "applicant_name": name},
            submission_key=key,
            applicant=applicant,
            files={material: [file.id]},
        )
        actions.save_draft(actor, matter_code="MZ06", version_id=definition.version_id, party_id=applicant.party_id, data={"key": key})
    with scoped(TEST):
        if not Material.objects.filter(case=done.case, file_id=file.id).exists():
            Material(case=done.case, key="extra", name="extra", state="given", file_id=file.id).save()
            attach(
                TEST,
                file_ids=[file.id],
                case_id=done.case.id,
                party_id=done.case.party_id,
                region_path=done.case.region_path,
                line=done.case.line,
                level=3,
            )
    return done.case


def _walk(world: World, case: Case) -> None:
    """From acceptance to delivery, by whoever of the small city's staff sits in the right office."""
    office = "clerk" if case.region_path.endswith("1") else "stranger"
    with scoped(TEST):
        Material.objects.filter(case=case, state="missing").update(state="given")
    actions.accept_case(world.city.actor(office), case_id=case.id)
    for who, outcome in (("reviewer", "agree"), ("decider", "agree"), (office, "delivered")):
        with scoped(TEST):
            task = Task.objects.get(case=case, state="open")
        actions.complete_task(world.city.actor(who), task_id=task.id, outcome=outcome, opinion="opinion of a reviewer")


def _place(case: Case, level: int, line: str) -> None:
    """Give a case and what hangs on it another level or line, as its matter would have."""
    with scoped(TEST):
        changed: dict[str, Any] = {"level": level, **({"line": line} if line else {})}
        Task.objects.filter(case=case).update(**changed)
        from linli.foundation.files.models import StoredFile

        StoredFile.objects.filter(case_id=case.id).update(**changed)
        Case.objects.filter(pk=case.pk).update(**changed)
        if line:
            from linli.cases.supervision.models import Clock

            Clock.objects.filter(subject_id=case.pk).update(line=line)
        case.refresh_from_db()


def _around(world: World, name: str, case: Case) -> None:
    """A card, a rung, a suspension, messages, a rating with its call-back."""
    now = timezone.now()
    with scoped(TEST):
        unit = Unit.objects.get(pk=world.city.units["street"].id)
        card_for(
            case,
            unit_id=unit.id if name != "special" else None,
            number=f"K{case.number[-8:]}",
            unit_name=unit.name,
            period=name,
            reason="reason",
            reply_due_at=None,
        )
        Suspension(
            subject_kind="case",
            subject_id=case.id,
            region_path=case.region_path,
            party_id=case.party_id,
            reason="hearing",
            basis="basis",
            since=now - timedelta(days=2),
            until=now - timedelta(days=1),
        ).save()
        clock = _clock(case)
        Rung(clock=clock, rule="R99", colour="blue", period=name, reason="reason", fire_at=now + timedelta(days=9)).save()
        Message(
            channel="inapp",
            key="case",
            user_id=case.created_by,
            party_id=case.party_id,
            region_path=case.region_path,
            subject="subject",
            body="body",
            link=f"/my/cases/{case.id}/",
            case_id=case.id,
            dedupe=f"leak:{name}",
            state="sent",
        ).save()
        ReceivedSms(phone="13800009999", text="text", message_id=case.id).save()
        if "decided" in name:
            rated = Evaluation(
                case=case,
                region_path=case.region_path,
                unit_id=case.unit_id,
                score=1,
                comment="comment",
                channel="portal",
                rated_at=now,
                state="new",
                call_back_by=now,
            )
            rated.save()
            CallBack(evaluation=rated, at=now, verdict="valid", note="note").save()
        for task in Task.objects.filter(case=case)[:1]:
            StepForm(task=task, case=case, name="survey", data="{}", saved_at=now, saved_by_name="surveyor").save()
        if name == "special":
            CaseParticipant(case=case, user_id=world.city.users["street reviewer"].id, kind="signer").save()
        if name == "other line":
            call_in(case, world.city.units["county_zj"])
        for paper in Paper.objects.filter(case=case)[:1]:
            paper.file = None
            paper.save()


def _file(world: World) -> None:
    """A file of the community's own list: one row about somebody known, one new with a household, one refused, one that may be about somebody known."""
    officer, owner = access.actor_of(world.city.users["data officer"]), world.people["owner"]
    lines = (
        "姓名,身份证号,现住址,社区,户编号,与户主关系",
        f"{owner.name},{owner.id_number},新住址1号,360502001001",
        f"欧阳建国,{id_number('36059919900101002')},新住址2号,360502001002,H9,户主",
        "无名,123,,",
        f"司马相如,{world.people['neighbour'].id_number},,360502001002",
    )
    content = io.BytesIO("\n".join(lines).encode())
    batch = upload(officer, file=content, name="list.csv", layout="self", as_of=timezone.localdate() - timedelta(days=1))
    check_on(batch.pk)
    order_load(officer, batch_id=batch.pk)
    load_on(batch.pk)
    follow_on(batch.pk)


def _quality(world: World) -> None:
    """A connector with a delivery, a problem of data in each community, an examination and a comparison."""
    now, today = timezone.now(), timezone.localdate()
    with scoped(TEST):
        rule = Rule(code="leak", name="rule", level="W", about="person", kind="validity", check_name="age", what={"most": 110}, weight=1)
        rule.owner, rule.days, rule.order, rule.active = "owner", 30, 1, True
        rule.save()
        for person in world.people.values():
            Issue(rule=rule, subject_id=person.pk, region_path=person.region_path, due_on=today, found_at=now, ended_by="who").save()
        for region in {person.region_path for person in world.people.values()}:
            Result(rule=rule, region_path=region, total=9, failed=1, as_of=now).save(force_insert=True)
            Examination(region_path=region, begun_at=now).save()
            Comparison(name="comparison", region_path=region, made_by="maker", made_at=now, state="failed").save()
            account = world.city.users["data officer"].pk
            connector = Connector(name="connector", kind="push", layout="self", owner_id=account, owner_name="owner", region_path=region)
            connector.save()
            Arrival(connector=connector, state="failed", begun_at=now, region_path=region).save(force_insert=True)


def _twice(world: World) -> None:
    """A pair that waits, a row that became the owner, and a note to the office whose word did not win."""
    officer, owner = access.actor_of(world.city.users["data officer"]), world.people["owner"]
    again = resident(world.city, name="Person again", id_number="", home="home", phone="")
    merge_people(officer, stays=owner.pk, goes=again.pk, reason="one household book")
    pair_up(officer, one_id=owner.pk, two_id=world.people["neighbour"].pk, reason="the same telephone")
    with scoped(TEST):
        place = Source.objects.get(code="collected")
        Correction(
            source=place,
            our_source=place,
            subject_id=owner.pk,
            attribute="name",
            theirs="A",
            ours="B",
            entry_id=owner.pk,
            as_of=timezone.localdate(),
            region_path=owner.region_path,
        ).save(force_insert=True)


def _visits(world: World) -> None:
    """A visit to everybody, those of the owner and the neighbour made from a phone; and a note of each worker that waits."""
    workers = {"home": world.city.users["grid worker"], "other": world.city.users["grid worker of another community"]}
    for name, person in world.people.items():
        worker = workers["other" if name == "neighbour" else "home"]
        with scoped(TEST):
            home = Occupancy.objects.filter(person=person).values_list("premises_id", flat=True).first()
            about: dict[str, Any] = {"person_id": person.id, "premises_id": home, "region_path": person.region_path, "worker": worker}
            visit = Visit(cycle="registered", period=name, due_on=timezone.localdate() - timedelta(days=1), **about)
            visit.save(force_insert=True)
        if name in ("owner", "neighbour"):
            _from_a_phone(access.actor_of(worker), visit, person)


def _from_a_phone(actor: Actor, visit: Visit, person: Person) -> None:
    """The visit is made, and a correction meets a value the phone had not shown."""
    payloads = (("visit.done", {"visits": [str(visit.pk)], "result": "done", "note": "note"}), ("person.value", {"person": str(person.id)}))
    with scoped(actor):
        device = meet(actor, key_id=uuid4(), name="phone")
        assert device is not None
        for kind, payload in payloads:
            said = {**payload, "attribute": "phone", "value": "13700000009"} if kind == "person.value" else payload
            item = {"key": str(uuid4()), "kind": kind, "worker": str(actor.account), "base": "old", "payload": said}
            (told,) = read_items(json.dumps([item]).encode())
            assert take(actor, device=device, told=told).answer.state in ("accepted", "conflict")


def _bodies(world: World) -> None:
    """An organisation with its head, a predecessor, a difference to check, and a facility it keeps up, in both communities."""
    day = date(2026, 1, 1)
    for n, (place, name) in enumerate((("home", "owner"), ("other", "neighbour"))):
        region, person = world.city.regions[place], world.people[name]
        with scoped(TEST):
            body, before = (
                enter_body(
                    TEST,
                    region_id=region.id,
                    name=f"Company {word} of {name}",
                    kind="enterprise",
                    values={"uscc": credit_code("91", "MA", 9 * n + at), "scope": "scope", "phone": "13800009876"},
                )
                for at, word in enumerate(("one", "two"))
            )
            add_role(TEST, body_id=body.pk, role="legal", person_id=person.pk, since=day)
            add_role(TEST, body_id=before.pk, role="contact", name="欧阳建国", since=day)
            correct_body(TEST, body_id=body.pk, values={"scope": "another scope"}, source="stated", as_of=day)
            join_bodies(TEST, body_id=before.pk, into_id=body.pk, on=timezone.localdate(), document="document")
            lamp = enter_facility(TEST, region_id=region.id, kind="0102", details=Details(name=f"Lamp of {name}", address="address"))
            assign_duty(TEST, facility_id=lamp.pk, duty="upkeep", who=body.uscc, since=timezone.localdate())


def _clock(case: Case) -> Any:
    from linli.cases.supervision.models import Clock

    return Clock.objects.get(subject_id=case.id)


def _partners(world: World) -> None:
    """Two partner systems, each with a case of its own, and a system with single sign-on."""
    with scoped(TEST):
        create_system(TEST, name="sign-on", audience="staff", redirect_uris=["https://oa.example/"], scopes=["profile"])
    for name, person in (("partner", "owner"), ("other partner", "neighbour")):
        with scoped(TEST):
            made = create_client(TEST, name=name, scopes=["matters:read", "cases:submit", "cases:read", "exchange:read"])
        token = (
            Client()
            .post("/api/v1/token", {"grant_type": "client_credentials", "client_id": made.client.client_id, "client_secret": made.secret})
            .json()["access_token"]
        )
        account = User.objects.get(pk=made.client.user_id)
        permissions = frozenset({"cases.submit", "cases.track", "matters.read", "exchange.read"})
        actor = Actor(ActorKind.PARTNER, user_id=account.id, label=name, permissions=permissions)
        about = world.people[person]
        applicant = actions.Applicant(name=about.name, region_id=about.region_id, id_number=about.id_number, phone="13800000001")
        version = current_definition("MZ06").version_id
        world.cases[name] = actions.submit_case(
            actor, version_id=version, answers=OLD_AGE_ANSWERS, applicant=applicant, channel="api", submission_key=name
        ).case
        world.visitors[name] = Visitor(actor, Client(), {"Authorization": f"Bearer {token}", "Purpose": "statistics"})


def _exchange(world: World) -> None:
    """Each partner may read the people of one community: the own community of its case's applicant."""
    with scoped(TEST):
        load_catalogue(system_actor("test.leak", permissions=["admin.packs"]), folder=Path(settings.PACKS_DIR) / "national")
        resource = Resource.objects.get(entity="person")
    officer, head = (access.actor_of(world.city.users[name]) for name in ("data officer", "head of department"))
    for name, home in (("partner", "home"), ("other partner", "other")):
        visitor, region, now = world.visitors[name], world.city.regions[home], timezone.now()
        row = ask(
            officer,
            resource_id=resource.pk,
            recipient_id=visitor.actor.account,
            office="office",
            purpose="statistics",
            reason="reason",
            legal_basis="basis",
            fields=["name", "live_address", "id_number", "phone"],
            region=region.code,
            until=timezone.localdate() + timedelta(days=90),
        )
        approve(head, subscription_id=row.pk, decision="approved")
        about: dict[str, Any] = {"subscription": row, "region_path": row.region_path}
        with scoped(TEST):
            Endpoint(url="https://office.example/", secret="secret", xid=0, seq=0, **about).save()
            Delivery(body="{}", changes=1, state="dead", error="HTTP 500", next_at=now, made_at=now, **about).save()
            for person in Person.objects.filter(region_path=region.path):
                Given(person_id=person.pk, subscription=row, day=timezone.localdate()).save()
                visitor.given.add(("people_person", str(person.pk)))
        made = order_file(visitor.actor, subscription_id=row.pk, form="csv", purpose="statistics", key="leak")
        handing.build(made.pk)


def _exports(world: World) -> None:
    """A list of one community that is ready, and one of the city in full that waits for its approval."""
    for name, home, full in (
        ("clerk of the community", "home", False),
        ("clerk of another community", "other", False),
        ("data officer", "city", True),
    ):
        region = {"region": world.city.regions[home].path}
        actor = access.actor_of(world.city.users[name])
        chosen = ["name", "phone"]
        export = exports.ask(actor, exportable="people", columns=chosen, filters=region, full=full, form="csv", purpose="purpose")
        exports.build(export.pk)


def _data_requests(world: World) -> None:
    """What residents of both communities asked about their data: one waits, one was declined."""
    with scoped(TEST):
        for person in list(world.people.values()):
            for kind, state in (("correct", "open"), ("copy", "refused")):
                DataRequest(
                    number=f"PI{person.pk.hex[-12:]}{kind}",
                    kind=kind,
                    person_id=person.pk,
                    name="name",
                    region_path=person.region_path,
                    channel="portal",
                    filed_by=uuid4(),
                    filed_by_name="resident",
                    filed_at=timezone.now(),
                    attribute="people.live_address" if kind == "correct" else "",
                    value="value",
                    text="text",
                    due_on=timezone.localdate(),
                    state=state,
                    decided_at=timezone.now() if state == "refused" else None,
                    decided_by_name="officer",
                    reason="reason",
                ).save(force_insert=True)


def _order(world: World) -> None:
    """A merger that waits to be carried out."""
    regions = world.city.regions
    asked = Asked((regions["home"].id,), regions["other"].id, timezone.localdate(), "document")
    with scoped(TEST):
        RegionOrder(kind="merge", asked=asked.as_json(), key="leak", ordered_by=uuid4(), orderer="orderer").save(force_insert=True)


def _told(world: World) -> None:
    """A resident reads which offices were given her data and in which lists she was, of rows she does not see herself."""
    with scoped(TEST):
        for visitor in world.visitors.values():
            if visitor.actor.kind is not ActorKind.CITIZEN or visitor.actor.party_id is None:
                continue
            for given in Given.objects.filter(person_id=visitor.actor.party_id):
                visitor.given |= {("exchange_given", str(given.pk)), ("exchange_subscription", str(given.subscription_id))}
            for one in Exported.objects.filter(person_id=visitor.actor.party_id):
                visitor.given |= {("privacy_exported", str(one.pk)), ("privacy_export", str(one.export_id))}


def _knock(world: World) -> None:
    world.visitors["anonymous"] = Visitor(ANONYMOUS, Client())
    for name, account in [*world.accounts.items(), *((n, u) for n, u in world.city.users.items() if n in STAFF)]:
        client = Client(headers={"accept-language": "en"})
        client.force_login(account, backend=BACKEND)
        world.visitors[name] = Visitor(access.actor_of(account), client)
    _told(world)
    tracker = Client(headers={"accept-language": "en"})
    session = tracker.session
    session["opened_case"] = str(world.cases["open"].id)
    session.save()
    tracker.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    world.visitors["tracker"] = Visitor(access.actor_of(None, opened_case=world.cases["open"].id), tracker)
