"""Signing in with a code: limits, single use, races, a phone with a new holder."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.foundation.accounts import actions
from linli.foundation.accounts.models import SignInCode, User
from linli.foundation.accounts.queries import phone_index
from linli.foundation.accounts.tests.conftest import OUTSIDE, PHONE, Outbox, actor_for, id_number, make_staff
from linli.foundation.accounts.types import SignIn, Step
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict, Invalid, TooMany

pytestmark = pytest.mark.django_db


def earlier(**span: float) -> None:
    """Let time pass for all codes sent so far."""
    for row in SignInCode.objects.all():
        row.sent_at -= timedelta(**span)
        row.save(update_fields=["sent_at"])


def account(result: SignIn) -> User:
    assert result.user_id is not None
    return User.objects.get(pk=result.user_id)


def sign_in(outbox: Outbox, phone: str = PHONE) -> SignIn:
    earlier(days=2)
    actions.request_code(OUTSIDE, phone=phone)
    return actions.sign_in_with_code(OUTSIDE, phone=phone, code=outbox.code())


def test_the_first_code_makes_an_account_that_knows_a_phone_only(outbox: Outbox) -> None:
    result = sign_in(outbox)
    user = account(result)
    assert (user.assurance, user.phone, user.person_id) == (0, PHONE, None)
    assert sign_in(outbox).user_id == user.id


def test_a_number_is_the_same_however_it_is_written(outbox: Outbox) -> None:
    assert actions.request_code(OUTSIDE, phone="+86 138-0000-0001") == PHONE
    with pytest.raises(Invalid) as caught:
        actions.request_code(OUTSIDE, phone="0790-6661234")
    assert caught.value.field == "phone"


def test_only_a_digest_of_the_code_is_kept(outbox: Outbox) -> None:
    actions.request_code(OUTSIDE, phone=PHONE)
    row = SignInCode.objects.get()
    assert outbox.code().encode() not in bytes(row.digest)
    assert timedelta(minutes=4) < row.expires_at - timezone.now() <= timedelta(minutes=5)


def test_a_phone_gets_one_code_a_minute_and_ten_a_day(outbox: Outbox) -> None:
    actions.request_code(OUTSIDE, phone=PHONE)
    with pytest.raises(TooMany) as caught:
        actions.request_code(OUTSIDE, phone=PHONE)
    assert 1 <= caught.value.data["seconds"] <= 60
    for _ in range(9):
        earlier(minutes=2)
        actions.request_code(OUTSIDE, phone=PHONE)
    earlier(minutes=2)
    with pytest.raises(TooMany) as caught:
        actions.request_code(OUTSIDE, phone=PHONE)
    assert caught.value.data["seconds"] > 3600 * 23
    assert len(outbox) == 10


def test_an_address_gets_thirty_codes_an_hour(outbox: Outbox) -> None:
    for n in range(30):
        actions.request_code(OUTSIDE, phone=f"139000000{n:02d}")
    with pytest.raises(TooMany):
        actions.request_code(OUTSIDE, phone="13900000099")
    actions.request_code(OUTSIDE.but(address="192.0.2.8"), phone="13900000099")


def test_a_code_works_once(outbox: Outbox) -> None:
    assert sign_in(outbox).problem is None
    again = actions.sign_in_with_code(OUTSIDE, phone=PHONE, code=outbox.code())
    assert again.problem is not None and again.problem.code == "CODE_EXPIRED"


def test_after_five_wrong_codes_the_right_one_is_refused_too(outbox: Outbox) -> None:
    actions.request_code(OUTSIDE, phone=PHONE)
    wrong = f"{(int(outbox.code()) + 1) % 1_000_000:06d}"
    codes = [actions.sign_in_with_code(OUTSIDE, phone=PHONE, code=wrong).problem for _ in range(5)]
    assert {problem.code for problem in codes if problem} == {"CODE_WRONG"}
    last = actions.sign_in_with_code(OUTSIDE, phone=PHONE, code=outbox.code())
    assert last.problem is not None and last.problem.code == "CODE_TRIES"
    with scoped(system_actor("test")):
        assert AuditEntry.objects.filter(action="accounts.sign_in_refused", outcome="refused", address=OUTSIDE.address).count() == 6
        assert PHONE not in str(list(AuditEntry.objects.values_list("notes", "changes")))


def test_an_old_code_and_a_code_of_another_purpose_are_refused(outbox: Outbox) -> None:
    actions.request_code(OUTSIDE, phone=PHONE)
    SignInCode.objects.update(expires_at=timezone.now())
    late = actions.sign_in_with_code(OUTSIDE, phone=PHONE, code=outbox.code())
    assert late.problem is not None and late.problem.code == "CODE_EXPIRED"
    earlier(minutes=5)
    actions.request_code(OUTSIDE, phone=PHONE, purpose="change_phone")
    other = actions.sign_in_with_code(OUTSIDE, phone=PHONE, code=outbox.code())
    assert other.problem is not None and other.user_id is None


def test_a_staff_account_never_opens_to_an_sms(outbox: Outbox) -> None:
    staff = make_staff("chen")
    staff.phone, staff.phone_index = PHONE, phone_index(PHONE)
    staff.save()
    result = sign_in(outbox)
    assert result.user_id is None and result.problem is not None and result.problem.code == "CODE_NOT_FOR_STAFF"


def matched_and_unused(outbox: Outbox) -> User:
    user = account(sign_in(outbox))
    assert actions.verify_person(actor_for(user), name="王小明", id_number=id_number(1)).person_id
    long_ago = timezone.now() - timedelta(days=181)
    User.objects.filter(pk=user.pk).update(last_seen=long_ago, last_login=long_ago, created_at=long_ago)
    return user


@pytest.mark.usefixtures("register")
def test_a_phone_long_unused_opens_the_old_account_to_its_owner_only(outbox: Outbox) -> None:
    user = matched_and_unused(outbox)
    result = sign_in(outbox)
    assert result.step is Step.ID_TAIL and result.user_id == user.id
    right = id_number(1)[-4:]
    wrong = "0000" if right != "0000" else "1111"
    assert actions.confirm_holder(OUTSIDE, user_id=user.id, phone=PHONE, id_tail=wrong).problem is not None
    assert actions.confirm_holder(OUTSIDE, user_id=user.id, phone=PHONE, id_tail=right.lower()).user_id == user.id
    assert sign_in(outbox).step is Step.DONE


@pytest.mark.usefixtures("register")
def test_three_wrong_ends_close_the_old_account_even_to_the_right_one(outbox: Outbox) -> None:
    user = matched_and_unused(outbox)
    sign_in(outbox)
    for _ in range(3):
        actions.confirm_holder(OUTSIDE, user_id=user.id, phone=PHONE, id_tail="zzzz")
    late = actions.confirm_holder(OUTSIDE, user_id=user.id, phone=PHONE, id_tail=id_number(1)[-4:])
    assert late.problem is not None and late.problem.code == "ID_TAIL_TRIES"


@pytest.mark.usefixtures("register")
def test_a_new_holder_of_a_number_gets_an_empty_account_and_the_old_one_loses_the_phone(outbox: Outbox) -> None:
    old = matched_and_unused(outbox)
    session = old.get_session_auth_hash()
    new = account(actions.take_over_phone(OUTSIDE, user_id=old.id, phone=PHONE))
    old.refresh_from_db()
    assert new.pk != old.pk and (new.assurance, new.person_id, new.phone) == (0, None, PHONE)
    assert (old.phone, old.phone_index) == ("", None)
    assert old.get_session_auth_hash() != session
    with pytest.raises(Conflict):
        actions.take_over_phone(OUTSIDE, user_id=new.id, phone=PHONE)
