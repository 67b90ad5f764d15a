"""What a phone sends from off line: done once, kept when it conflicts, refused when it is not the sender's."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from linli.foundation.files.queries import files_of
from linli.foundation.scope.actions import scoped
from linli.foundation.sync import engine as sync_engine
from linli.foundation.sync.models import Item
from linli.lib.errors import Conflict
from linli.registry.collection.actions import carry_visits, decide_held
from linli.registry.collection.engine import door_photo
from linli.registry.collection.models import Visit
from linli.registry.collection.tests.conftest import JOB, Street, number
from linli.registry.people.actions import apply_value, create_person
from linli.registry.people.actions.merging import merge_people
from linli.registry.people.models import Person
from linli.registry.people.queries import heard_of
from linli.registry.sources.queries import open_claims

pytestmark = pytest.mark.django_db
PHOTO = "data:image/jpeg;base64," + base64.b64encode(door_photo(3)).decode()


def correction(street: Street, who: str, attribute: str, value: str, **more: Any) -> dict[str, Any]:
    base = more.pop("base", street.version(who, attribute))
    return street.item("person.value", base=base, person=str(street.people[who].pk), attribute=attribute, value=value, **more)


def test_a_visit_with_note_photo_and_position_is_written_down(street: Street) -> None:
    visit = street.visit("zhang")
    item = street.item(
        "visit.done",
        visits=[str(visit.pk)],
        result="done",
        note="家中有犬",
        photo=PHOTO,
        position={"longitude": 114.9312, "latitude": 27.8101, "accuracy": 12},
        at=(timezone.now() - timedelta(hours=5)).isoformat(),
    )
    (answer,) = street.answers(item)
    assert answer["state"] == "accepted"
    made = street.again(visit)
    assert (made.state, made.note, made.longitude, made.done_by) == ("done", "家中有犬", 114.9312, "Worker")
    assert made.done_at is not None and timezone.now() - made.done_at > timedelta(hours=4), "the time it was noted, not sent"
    with scoped(street.actor("clerk")):
        (file,) = files_of(street.actor("clerk"), ids=[UUID(made.photos[0])])
    assert file.content_type == "image/jpeg"
    with scoped(street.actor("stranger")):
        assert files_of(street.actor("stranger"), ids=[file.pk]) == []


def test_the_same_key_is_answered_the_same_and_nothing_is_done_twice(street: Street) -> None:
    visit = street.visit("zhang")
    item = street.item("visit.done", visits=[str(visit.pk)], result="nobody", note="门锁着")
    first, again = street.answers(item), street.answers(item)
    assert first == again
    assert street.again(visit).note == "门锁着"
    with scoped(JOB):
        assert Item.objects.count() == 1
        assert Visit.objects.filter(person_id=visit.person_id).count() == 2, "one more visit, not two"


def test_another_content_under_a_known_key_is_refused(street: Street) -> None:
    key, visit = uuid4(), street.visit("zhang")
    street.answers(street.item("visit.done", key=key, visits=[str(visit.pk)], result="done"))
    (answer,) = street.answers(street.item("visit.done", key=key, visits=[str(visit.pk)], result="refused"))
    assert (answer["state"], answer["answer"]["code"]) == ("refused", "KEY_TAKEN")
    assert street.again(visit).state == "done"


def test_another_workers_item_is_refused_and_stays_hers(street: Street) -> None:
    visit = street.visit("zhang")
    item = street.item("visit.done", worker="colleague", visits=[str(visit.pk)], result="done")
    (answer,) = street.answers(item)
    assert (answer["state"], answer["answer"]["code"]) == ("refused", "OTHER_WORKER")
    assert street.again(visit).state == "due"
    assert street.answers(item, who="colleague")[0]["state"] == "accepted", "her own sign-in sends it"


def test_a_known_key_in_another_workers_hands_tells_nothing(street: Street) -> None:
    key = uuid4()
    street.answers(correction(street, "zhang", "phone", "13900001111", key=key))
    (answer,) = street.answers(street.item("person.value", worker="colleague", key=key, person="x"), who="colleague")
    assert answer["answer"]["code"] == "KEY_TAKEN" and "13900001111" not in json.dumps(answer)


def test_one_bad_item_does_not_keep_the_others(street: Street) -> None:
    visit = street.visit("zhang")
    good = street.item("visit.done", visits=[str(visit.pk)], result="done")
    bad = [
        street.item("visit.done", visits=[str(uuid4())], result="done"),
        street.item("no.such", x=1),
        street.item("visit.done", visits=[str(visit.pk)], result="flown"),
        street.item("visit.done", visits=[str(visit.pk)], result="done", photo="data:image/jpeg;base64,????"),
        street.item("visit.done", visits="nonsense", result="done"),
        correction(street, "zhang", "phone", "12"),
        correction(street, "zhang", "id_number", "1"),
    ]
    answers = street.answers(*bad, good)
    assert [one["state"] for one in answers] == ["refused"] * len(bad) + ["accepted"]
    codes = [one["answer"]["code"] for one in answers[:-1]]
    assert codes[:5] == ["VISIT_UNKNOWN", "KIND_UNKNOWN", "RESULT_UNKNOWN", "PHOTO_FORMAT", "NOTE_FORMAT"]
    assert all(one["answer"]["text"] for one in answers)
    assert street.again(visit).state == "done"


def test_a_fault_of_ours_is_not_kept_so_that_the_phone_sends_again(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = street.visit("zhang")
    item = street.item("visit.done", visits=[str(visit.pk)], result="done")

    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    with monkeypatch.context() as patch:
        patch.setitem(sync_engine.ITEMS._items, "visit.done", broken)
        assert street.answers(item)[0]["state"] == "failed"
    assert street.answers(item)[0]["state"] == "accepted"


def test_a_correction_on_the_spot_stands_verified(street: Street) -> None:
    (answer,) = street.answers(correction(street, "zhang", "phone", "13900001111"))
    assert answer["state"] == "accepted"
    assert street.person("zhang").phone == "13900001111"
    with scoped(street.actor()):
        best = heard_of(street.actor(), street.person("zhang"), "phone")[0]
    assert best.stands and best.offer.verified and best.offer.source == "collected"


def test_a_stronger_source_leaves_a_difference_for_the_community(street: Street) -> None:
    with scoped(JOB):
        apply_value(JOB, person_id=street.people["zhang"].pk, attribute="marital", value="40", source="licence", as_of=timezone.localdate())
    (answer,) = street.answers(correction(street, "zhang", "marital", "10"))
    assert answer["state"] == "accepted" and street.person("zhang").marital == "40"
    with scoped(JOB):
        assert [claim.value for claim in open_claims(JOB, street.people["zhang"].pk) if claim.attribute == "marital"] == ["10"]


@pytest.fixture
def changed(street: Street) -> Street:
    """The phone shows an old number; meanwhile the counter has written another; the worker notes a third."""
    item = correction(street, "zhang", "phone", "13900001111")
    with scoped(JOB):
        apply_value(
            JOB, person_id=street.people["zhang"].pk, attribute="phone", value="13755556666", source="approval", as_of=timezone.localdate()
        )
    (answer,) = street.answers(item)
    assert answer["state"] == "conflict"
    assert answer["answer"]["yours"] == "13900001111" and answer["answer"]["theirs"] == "137****6666"
    return street


def test_a_value_that_changed_meanwhile_is_kept_and_taken(changed: Street) -> None:
    assert changed.person("zhang").phone == "13755556666", "nothing is overwritten"
    (held,) = changed.held()
    page = changed.browser().get("/desk/field/notes/").content.decode()
    assert "13900001111" in page and "137****6666" in page and "13755556666" not in page
    assert changed.browser().post(f"/desk/field/notes/{held.pk}/", {"take": "1"}).status_code == 303
    assert changed.held()[0].state == "taken"
    with pytest.raises(Conflict, match="NOTE_DECIDED"):
        decide_held(changed.actor(), held_id=held.pk, take=False)


def test_a_value_that_changed_meanwhile_is_dropped_by_the_clerk(changed: Street) -> None:
    (held,) = changed.held()
    page = changed.browser("clerk").get("/desk/collection/notes/").content.decode()
    assert "139****1111" in page and "13900001111" not in page, "somebody else sees it masked"
    changed.browser("clerk").post(f"/desk/collection/notes/{held.pk}/", {"take": "0"})
    assert changed.held()[0].state == "dropped" and changed.person("zhang").phone == "13755556666"


def test_who_says_the_same_as_the_register_by_now_has_no_conflict(street: Street) -> None:
    item = correction(street, "zhang", "phone", "13900001111")
    with scoped(JOB):
        apply_value(
            JOB, person_id=street.people["zhang"].pk, attribute="phone", value="13900001111", source="collected", as_of=timezone.localdate()
        )
    assert street.answers(item)[0]["state"] == "accepted" and street.held() == []


def test_somebody_gone_meanwhile_is_told_and_nothing_is_lost(street: Street) -> None:
    item = correction(street, "zhang", "phone", "13900001111", name="张伟")
    with scoped(JOB):
        far = street.regions["东湖社区"]
        Person.objects.filter(pk=street.people["zhang"].pk).update(region=far, region_path=far.path)
    (answer,) = street.answers(item)
    assert (answer["state"], answer["answer"]["code"]) == ("conflict", "PERSON_GONE")
    (held,) = street.held()
    assert held.kind == "gone" and json.loads(held.content or "") == {"name": "张伟", "value": "13900001111"}
    with scoped(street.actor("clerk")), pytest.raises(Conflict, match="NOTE_GONE"):
        decide_held(street.actor("clerk"), held_id=held.pk, take=True)


@pytest.fixture
def double(street: Street) -> Street:
    """Zhang Wei is in the register a second time, with the same telephone and another marital status."""
    with scoped(JOB):
        values = {"phone": "13810000000", "marital": "10"}
        street.people["twice"] = create_person(JOB, region_id=street.home.region_id, name="张伟", values=values)
    return street


def merged(street: Street) -> None:
    merger = JOB.but(permissions=JOB.permissions | {"people.merge"})
    merge_people(merger, stays=street.people["zhang"].pk, goes=street.people["twice"].pk, reason="one and the same")


def test_what_was_noted_of_somebody_merged_meanwhile_is_written_to_the_one_who_stayed(double: Street) -> None:
    item, visit = correction(double, "twice", "phone", "13900001111"), double.visit("twice")
    merged(double)
    (answer,) = double.answers(item)
    assert answer["state"] == "accepted" and double.person("zhang").phone == "13900001111"
    (answer,) = double.answers(double.item("visit.done", visits=[str(visit.pk)], result="done"))
    assert answer["state"] == "accepted" and double.again(visit).person_id == double.people["zhang"].pk


def test_where_the_one_who_stayed_had_another_value_both_are_shown(double: Street) -> None:
    item = correction(double, "twice", "marital", "30")
    merged(double)
    (answer,) = double.answers(item)
    assert (answer["state"], answer["answer"]["code"]) == ("conflict", "VALUE_CHANGED")
    (held,) = double.held()
    assert held.person_id == double.people["zhang"].pk
    decide_held(double.actor(), held_id=held.pk, take=True)
    assert double.person("zhang").marital == "30"


def test_visits_to_who_moved_go_along(street: Street) -> None:
    visit, far = street.visit("zhang"), street.regions["第二网格"]
    with scoped(JOB):
        carry_visits(street.people["zhang"].pk, far.path)
    moved = street.again(visit)
    assert (moved.region_path, moved.worker_id, moved.premises_id) == (far.path, None, None)


def newcomer(street: Street, **values: Any) -> dict[str, Any]:
    return street.item("person.new", place=str(street.home.pk), **values)


def test_somebody_new_is_entered_at_the_home(street: Street) -> None:
    new = number("20010203", 77)
    (answer,) = street.answers(newcomer(street, name="赵小明", id_number=new, phone="13700001234"))
    assert answer["state"] == "accepted"
    with scoped(street.actor()):
        made = Person.objects.get(pk=answer["answer"]["person"])
    assert (made.premises_id, made.live_address, made.region_path) == (street.home.pk, street.home.address, street.home.region_path)
    page = street.browser().get(f"/desk/field/at/{street.home.pk}/").content.decode()
    assert "赵小明" in page and new not in page


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": "赵小明", "id_number": number("19850302", 10)}, "PERSON_KNOWN"),
        ({"name": "张伟", "birth_date": "1985-03-02"}, "PERSON_ALIKE"),
        ({"name": "张伟", "phone": "13810000000"}, "PERSON_ALIKE"),
        ({"name": "章伟", "birth_date": "1985-03-02", "sex": "1", "phone": "13810000000"}, "PERSON_ALIKE"),
        ({"name": "张伟"}, "PERSON_ALIKE"),
    ],
)
def test_somebody_who_may_be_known_waits_instead_of_being_there_twice(street: Street, values: dict[str, str], why: str) -> None:
    (answer,) = street.answers(newcomer(street, **values))
    assert (answer["state"], answer["answer"]["code"]) == ("conflict", why)
    (held,) = street.held()
    with scoped(street.actor("worker")), pytest.raises(Exception, match="NOT_ALLOWED"):
        decide_held(street.actor("worker"), held_id=held.pk, take=True)
    before = Person._base_manager.count()
    if why == "PERSON_KNOWN":
        with pytest.raises(Conflict, match="PERSON_KNOWN"):
            decide_held(street.actor("clerk"), held_id=held.pk, take=True)
        return
    decide_held(street.actor("clerk"), held_id=held.pk, take=True)
    with scoped(JOB):
        assert Person.objects.filter(name=values["name"]).count() == (2 if values["name"] == "张伟" else 1)
    assert before >= 0


def test_telephone_and_address_confirmed_on_the_spot_are_verified_unless_changed(street: Street) -> None:
    visit, pk = street.visit("zhang"), str(street.people["zhang"].pk)
    old = street.version("zhang", "live_address")
    confirmed = [
        {"person": pk, "attribute": "phone", "base": street.version("zhang", "phone")},
        {"person": pk, "attribute": "live_address", "base": "0" * 32},
    ]
    (answer,) = street.answers(street.item("visit.done", visits=[str(visit.pk)], result="done", confirmed=confirmed))
    assert answer["state"] == "accepted" and len(answer["answer"]["text"]) > 5
    with scoped(street.actor()):
        phone = heard_of(street.actor(), street.person("zhang"), "phone")[0]
        address = heard_of(street.actor(), street.person("zhang"), "live_address")[0]
    assert phone.offer.verified and not address.offer.verified
    assert street.version("zhang", "live_address") == old


def test_two_who_visited_the_same_home_both_stay(street: Street) -> None:
    visit = street.visit("zhang")
    street.answers(street.item("visit.done", visits=[str(visit.pk)], result="nobody", note="上午无人"))
    theirs = street.item("visit.done", worker="colleague", visits=[str(visit.pk)], result="done", note="下午见到本人", photo=PHOTO)
    (answer,) = street.answers(theirs, who="colleague")
    assert answer["state"] == "accepted" and "Worker" in answer["answer"]["text"]
    made = street.again(visit)
    assert made.state == "done" and made.note == "上午无人\nColleague: 下午见到本人" and len(made.photos) == 1
    with scoped(JOB):
        assert not Visit.objects.filter(person_id=visit.person_id, state="due").exists(), "nobody has to come again"


def test_three_tries_then_the_next_cycle_counts(street: Street) -> None:
    visit: Visit | None = street.visit("zhang")
    tries = 0
    while visit is not None:
        tries += 1
        street.answers(street.item("visit.done", visits=[str(visit.pk)], result="nobody"))
        with scoped(JOB):
            visit = Visit.objects.filter(person_id=street.people["zhang"].pk, state="due").first()
    assert tries == 3
