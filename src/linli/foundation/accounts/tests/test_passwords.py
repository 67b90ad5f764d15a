"""Staff passwords and the second factor: lock-out, one message for all, first change, codes that work once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from linli.foundation.accounts import actions
from linli.foundation.accounts.engine.onetime import code_at
from linli.foundation.accounts.models import SecondFactor, User
from linli.foundation.accounts.tests.conftest import OUTSIDE, PASSWORD, actor_for, make_staff
from linli.foundation.accounts.types import Step
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict, Invalid, Refused, TooMany

pytestmark = pytest.mark.django_db


def try_in(username: str = "chen", password: str = PASSWORD, address: str = OUTSIDE.address) -> str:
    result = actions.sign_in_with_password(OUTSIDE.but(address=address), username=username, password=password)
    return result.problem.code if result.problem else str(result.step)


def test_unknown_wrong_closed_and_locked_get_the_same_answer() -> None:
    closed = make_staff("gone")
    closed.is_active = False
    closed.save()
    make_staff("chen")
    locked = make_staff("late")
    locked.locked_until = timezone.now() + timedelta(minutes=5)
    locked.save()
    answers = [
        actions.sign_in_with_password(OUTSIDE, username=name, password=word).problem
        for name, word in (("nobody", "x"), ("chen", "wrong"), ("gone", PASSWORD), ("late", PASSWORD), ("ch\x00en", PASSWORD), ("", ""))
    ]
    assert len({str(answer) for answer in answers}) == 1 and answers[0] is not None


def test_five_failures_lock_for_half_an_hour_and_are_on_the_trail() -> None:
    user = make_staff("chen")
    assert [try_in(password="wrong") for _ in range(5)] == ["SIGN_IN_WRONG"] * 5
    assert try_in() == "SIGN_IN_WRONG"
    user.refresh_from_db()
    assert user.locked_until is not None
    assert timedelta(minutes=29) < user.locked_until - timezone.now() <= timedelta(minutes=30)
    with scoped(system_actor("test")):
        assert AuditEntry.objects.filter(action="accounts.locked", subject_id=str(user.id)).count() == 1
    User.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert try_in() == "done"


def test_a_success_forgets_earlier_failures() -> None:
    make_staff("chen")
    for _ in range(3):
        assert [try_in(password="wrong") for _ in range(4)] == ["SIGN_IN_WRONG"] * 4
        assert try_in() == "done"


def test_an_address_that_tries_many_names_has_to_wait() -> None:
    make_staff("chen")
    assert {try_in(username=f"user{n}") for n in range(50)} == {"SIGN_IN_WRONG"}
    assert try_in() == "SIGN_IN_WAIT"
    assert try_in(address="192.0.2.99") == "done"


def test_a_password_is_changed_by_its_owner_only_with_the_present_one() -> None:
    user = make_staff("chen", must_change=True)
    with pytest.raises(Invalid) as caught:
        actions.set_password(actor_for(user), old="wrong", new="Another-9-horse")
    assert caught.value.code == "PASSWORD_OLD_WRONG"
    actions.set_password(actor_for(user), old=PASSWORD, new="Another-9-horse")
    user.refresh_from_db()
    assert not user.must_change_password and user.check_password("Another-9-horse")


@pytest.mark.parametrize("weak", ["Short-1", "alllowercaseletters", "Password123", "nodigits-here", PASSWORD])
def test_weak_and_present_passwords_are_refused(weak: str) -> None:
    user = make_staff("chen")
    with pytest.raises(Invalid) as caught:
        actions.set_password(actor_for(user), old=PASSWORD, new=weak)
    assert caught.value.field == "new"


def test_the_last_five_passwords_do_not_come_back() -> None:
    user, now = make_staff("chen"), PASSWORD
    for n in range(4):
        actions.set_password(actor_for(user), old=now, new=f"Horse-number-{n}")
        now = f"Horse-number-{n}"
    with pytest.raises(Invalid) as caught:
        actions.set_password(actor_for(user), old=now, new=PASSWORD)
    assert caught.value.code == "PASSWORD_REUSED"
    actions.set_password(actor_for(user), old=now, new="Horse-number-9")
    actions.set_password(actor_for(user), old="Horse-number-9", new=PASSWORD)


def test_guessing_the_present_password_in_a_stolen_session_ends() -> None:
    user = make_staff("chen")
    for _ in range(5):
        with pytest.raises(Invalid):
            actions.set_password(actor_for(user), old="wrong", new="Another-9-horse")
    with pytest.raises(TooMany):
        actions.set_password(actor_for(user), old=PASSWORD, new="Another-9-horse")


def test_nobody_resets_the_own_password_and_others_must_change_theirs() -> None:
    admin, user = make_staff("admin"), make_staff("chen")
    with pytest.raises(Refused):
        actions.reset_password(actor_for(admin, "admin.accounts"), user_id=admin.id)
    with pytest.raises(Refused):
        actions.reset_password(actor_for(admin), user_id=user.id)
    first = actions.reset_password(actor_for(admin, "admin.accounts"), user_id=user.id)
    user.refresh_from_db()
    assert user.must_change_password and user.check_password(first)
    with scoped(system_actor("test")):
        assert first not in str(list(AuditEntry.objects.values_list("changes", "notes")))


def with_factor() -> tuple[User, str, list[str]]:
    user = make_staff("chen")
    secret, address = actions.start_second_factor(actor_for(user))
    assert address.startswith("otpauth://totp/") and secret in address
    codes = actions.confirm_second_factor(actor_for(user), code=code_at(secret, time.time()))
    SecondFactor.objects.update(last_step=0)
    return user, secret, codes


def test_the_published_vector_of_the_standard() -> None:
    """RFC 6238 appendix B, SHA-1, shortened to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [code_at(secret, t) for t in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_with_a_second_factor_the_password_alone_opens_nothing() -> None:
    user, secret, _ = with_factor()
    assert try_in() == str(Step.SECOND_FACTOR)
    code = code_at(secret, time.time())
    assert actions.check_second_factor(OUTSIDE, user_id=user.id, code=code).user_id == user.id
    assert actions.check_second_factor(OUTSIDE, user_id=user.id, code=code).problem is not None, "a code works once"


def test_a_recovery_code_works_once_however_it_is_typed() -> None:
    user, _, codes = with_factor()
    assert len(set(codes)) == 10
    assert actions.check_second_factor(OUTSIDE, user_id=user.id, code=codes[0].upper().replace("-", " ")).user_id == user.id
    assert actions.check_second_factor(OUTSIDE, user_id=user.id, code=codes[0]).problem is not None
    assert codes[1] not in str(SecondFactor.objects.values_list("recovery", flat=True).get())


def test_wrong_second_factors_lock_and_a_right_password_between_does_not_help() -> None:
    user, secret, _ = with_factor()
    for _ in range(5):
        assert try_in() == str(Step.SECOND_FACTOR)
        assert actions.check_second_factor(OUTSIDE, user_id=user.id, code="000000x").problem is not None
    assert try_in() == "SIGN_IN_WRONG"
    assert actions.check_second_factor(OUTSIDE, user_id=user.id, code=code_at(secret, time.time())).problem is not None


def test_a_second_factor_in_force_is_not_replaced_and_not_removed_by_oneself() -> None:
    user, _, _ = with_factor()
    with pytest.raises(Conflict):
        actions.start_second_factor(actor_for(user))
    with pytest.raises(Refused):
        actions.remove_second_factor(actor_for(user, "admin.accounts"), user_id=user.id)
    actions.remove_second_factor(actor_for(make_staff("admin"), "admin.accounts"), user_id=user.id)
    assert try_in() == "done"
