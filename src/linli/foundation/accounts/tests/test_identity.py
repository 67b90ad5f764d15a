"""Assurance, a changed phone, mandates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from linli.foundation.accounts import actions, policy, queries
from linli.foundation.accounts.actions.codes import new_citizen
from linli.foundation.accounts.models import Mandate, SignInCode, User
from linli.foundation.accounts.tests.conftest import PHONE, Outbox, actor_for, id_number, make_staff
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, RegionRange
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound, Refused, TooMany

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
NEXT_YEAR = timezone.localdate() + timedelta(days=365)


def citizen(phone: str = PHONE, serial: int = 0, name: str = "") -> User:
    user = new_citizen(phone)
    if serial:
        assert actions.verify_person(actor_for(user), name=name, id_number=id_number(serial)).person_id
        user.refresh_from_db()
    return user


def actor(user: User) -> Actor:
    return actor_for(user, "mandates.own")


def test_name_and_number_that_belong_together_give_level_one(register: dict[str, UUID]) -> None:
    user = citizen(serial=1, name="王小明")
    assert (user.assurance, user.person_id, user.name) == (1, register["王小明"], "王小明")


def test_five_tries_a_day_and_a_typing_error_costs_none() -> None:
    user = citizen()
    for bad in ("", "123", id_number(1)[:17] + "?", "'; DROP TABLE x --"):
        with pytest.raises(LinliError):
            actions.verify_person(actor_for(user), name="王小明", id_number=bad)
    for left in (4, 3, 2, 1, 0):
        result = actions.verify_person(actor_for(user), name="李大山", id_number=id_number(1))
        assert result.problem is not None and (result.problem.code, result.tries_left) == ("PERSON_NOT_MATCHED", left)
    last = actions.verify_person(actor_for(user), name="王小明", id_number=id_number(1))
    assert last.problem is not None and last.problem.code == "PERSON_TRIES"
    user.refresh_from_db()
    assert user.assurance == 0


def test_knowing_name_and_number_does_not_take_a_living_account_over(register: dict[str, UUID]) -> None:
    citizen(serial=1, name="王小明")
    thief = citizen("13800000009")
    result = actions.verify_person(actor_for(thief), name="王小明", id_number=id_number(1))
    assert result.problem is not None and result.problem.code == "PERSON_TAKEN"


def test_at_the_counter_the_card_decides(register: dict[str, UUID]) -> None:
    old, new, clerk = citizen(serial=1, name="王小明"), citizen("13800000009"), make_staff("chen")
    with pytest.raises(Refused):
        actions.raise_to_seen(actor_for(clerk), user_id=new.id, name="王小明", id_number=id_number(1))
    actions.raise_to_seen(actor_for(clerk, "accounts.raise"), user_id=new.id, name="王小明", id_number=id_number(1))
    old.refresh_from_db()
    new.refresh_from_db()
    assert (new.assurance, new.person_id) == (2, register["王小明"])
    assert (old.assurance, old.person_id) == (0, None)


def test_a_changed_phone_drops_to_level_zero_and_ends_sessions_elsewhere(outbox: Outbox) -> None:
    user = citizen(serial=1, name="王小明")
    session = user.get_session_auth_hash()
    actions.request_code(actor_for(user), phone="13900000002", purpose="change_phone")
    wrong = actions.change_phone(actor_for(user), phone="13900000002", code="x")
    assert wrong is not None and wrong.code == "CODE_WRONG"
    assert actions.change_phone(actor_for(user), phone="13900000002", code=outbox.code()) is None
    user.refresh_from_db()
    assert (user.phone, user.assurance, user.person_id) == ("13900000002", 0, None)
    assert user.get_session_auth_hash() != session


def test_a_phone_that_has_an_account_is_not_taken(outbox: Outbox) -> None:
    user = citizen()
    citizen("13900000002")
    actions.request_code(actor_for(user), phone="13900000002", purpose="change_phone")
    problem = actions.change_phone(actor_for(user), phone="13900000002", code=outbox.code())
    assert problem is not None and problem.code == "PHONE_TAKEN"
    assert SignInCode.objects.exclude(used_at=None).count() == 1


def grant(user: User, **changes: object) -> Mandate:
    fields: dict[str, object] = {
        "grantee_name": "李大山",
        "grantee_id_number": id_number(2),
        "kind": "family",
        "until": NEXT_YEAR,
        **changes,
    }
    return actions.grant_mandate(actor(user), **fields)  # type: ignore[arg-type]


def test_a_mandate_is_seen_by_both_sides_and_nobody_else(register: dict[str, UUID]) -> None:
    giver, taker, other = citizen(serial=1, name="王小明"), citizen("13800000002", 2, "李大山"), citizen("13800000003", 3, "赵云")
    mandate = grant(giver)
    for user, expected in ((giver, ([mandate], [])), (taker, ([], [mandate])), (other, ([], []))):
        with scoped(actor(user)):
            assert queries.mandates_of(actor(user)) == expected
            assert list(Mandate.objects.all()) == expected[0] + expected[1], "row-level security says the same"
    with pytest.raises(NotFound):
        actions.revoke_mandate(actor(other), mandate_id=mandate.id)
    with pytest.raises(NotFound):
        actions.revoke_mandate(actor(other), mandate_id=uuid4())


def test_either_side_revokes_once() -> None:
    giver, taker = citizen(serial=1, name="王小明"), citizen("13800000002", 2, "李大山")
    mandate = grant(giver)
    with pytest.raises(Conflict):
        grant(giver)
    actions.revoke_mandate(actor(taker), mandate_id=mandate.id)
    with pytest.raises(Conflict):
        actions.revoke_mandate(actor(giver), mandate_id=mandate.id)
    grant(giver)


def test_what_a_mandate_may_not_be() -> None:
    giver = citizen(serial=1, name="王小明")
    for changes, code in (
        ({"grantee_name": "王小明", "grantee_id_number": id_number(1)}, "MANDATE_ONESELF"),
        ({"kind": "guardian"}, "MANDATE_KIND"),
        ({"until": timezone.localdate() - timedelta(days=1)}, "MANDATE_DATES"),
        ({"until": timezone.localdate() + timedelta(days=5000)}, "MANDATE_DATES"),
        ({"since": timezone.localdate() - timedelta(days=1)}, "MANDATE_DATES"),
        ({"grantee_name": "赵云"}, "PERSON_NOT_MATCHED"),
    ):
        with pytest.raises(LinliError) as caught:
            grant(giver, **changes)
        assert caught.value.code == code
    with pytest.raises(Refused):
        grant(citizen("13800000005"))


def test_mandates_are_no_way_to_guess_id_numbers() -> None:
    giver = citizen(serial=1, name="王小明")
    for _ in range(5):
        with pytest.raises(NotFound):
            grant(giver, grantee_name="赵云")
    with pytest.raises(TooMany):
        grant(giver)


def test_a_clerk_registers_guardians_of_the_own_area_with_a_paper() -> None:
    clerk = actor_for(make_staff("chen"), "mandates.register", ranges=(RegionRange.below("0010200301"),))
    both: dict[str, Any] = {
        "grantor_name": "王小明",
        "grantor_id_number": id_number(1),
        "grantee_name": "李大山",
        "grantee_id_number": id_number(2),
    }
    with pytest.raises(Invalid):
        actions.register_mandate(clerk, **both, kind="guardian", until=NEXT_YEAR)
    with pytest.raises(Refused):
        actions.register_mandate(clerk.but(ranges=(RegionRange.below("00102004"),)), **both, kind="family", until=NEXT_YEAR)
    mandate = actions.register_mandate(clerk, **both, kind="guardian", until=NEXT_YEAR, evidence_file=uuid4())
    assert policy.can_revoke(clerk, mandate)
    assert actions.revoke_mandate(clerk, mandate_id=mandate.id).revoked_at


def test_somebody_acting_for_the_giver_gives_no_further_mandates(register: dict[str, UUID]) -> None:
    giver, taker = citizen(serial=1, name="王小明"), citizen("13800000002", 2, "李大山")
    grant(giver)
    acting = actor(taker).but(mandators=(register["王小明"],))
    made = actions.grant_mandate(acting, grantee_name="赵云", grantee_id_number=id_number(3), kind="helper", until=NEXT_YEAR)
    assert made.grantor_id == register["李大山"], "only ever for oneself"
