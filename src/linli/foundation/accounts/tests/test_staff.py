"""Staff lists, absences with stand-ins, leavers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.utils import timezone
from openpyxl import Workbook

from linli.foundation.accounts import actions
from linli.foundation.accounts.models import Absence, PostHolding, User
from linli.foundation.accounts.queries import held
from linli.foundation.accounts.tests.conftest import actor_for, give_post, make_staff, make_unit
from linli.foundation.accounts.types import ImportResult, Verdict
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.models import Post
from linli.lib.errors import Conflict, Invalid, LinliError, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]
HEAD = ("User name", "Full name", "Mobile number", "Unit code", "Post", "Role code")
GOOD = ("liu.y", "刘洋", 13700000001, "CS-001", "窗口", "clerk")


def workbook(*rows: Sequence[object], head: Sequence[str] = HEAD) -> bytes:
    book, buffer = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (head, *rows):
        sheet.append(list(row))
    book.save(buffer)
    return buffer.getvalue()


def admin() -> Actor:
    return actor_for(User.objects.filter(username="admin").first() or make_staff("admin"), "admin.accounts")


def load(*rows: Sequence[object], **more: object) -> ImportResult:
    return actions.import_staff(admin(), workbook=workbook(*rows), **more)  # type: ignore[arg-type]


def codes(result: ImportResult) -> list[set[str]]:
    return [{reason.code for reason in row.reasons} for row in result.rows]


def test_a_list_becomes_accounts_posts_and_first_passwords() -> None:
    make_unit()
    result = load(GOOD, ("sun.m", "孙敏", "13700000002", "CS-001", "审核", "reviewer"), GOOD)
    assert result.imported and [row.verdict for row in result.rows] == [Verdict.CREATED, Verdict.CREATED, Verdict.UNCHANGED]
    user = User.objects.get(username="liu.y")
    assert user.must_change_password and user.check_password(result.rows[0].first_password)
    assert (user.phone, user.phone_index) == ("13700000001", None), "a staff phone opens no account"
    assert PostHolding.objects.get(user=user).post.role_code == "clerk"
    with scoped(system_actor("test")):
        assert result.rows[0].first_password not in str(list(AuditEntry.objects.values_list("changes", "notes")))
    assert result.rows[0].first_password not in repr(result)


def test_one_wrong_row_and_nothing_is_written_but_every_row_has_its_verdict() -> None:
    make_unit()
    make_staff("chen", name="陈工")
    result = load(
        GOOD,
        ("x", "刘1", "123", "NO", "", "king"),
        ("chen", "别人", "13700000003", "CS-001", "窗口", "clerk"),
        ("admin", "陈工", "13700000003", "CS-001", "窗口", "clerk"),
    )
    assert not result.imported and len(result.wrong) == 3
    assert codes(result) == [
        set(),
        {"STAFF_USERNAME", "NAME_FORMAT", "MOBILE_FORMAT", "STAFF_UNIT", "STAFF_POST", "STAFF_ROLE"},
        {"STAFF_NAME"},
        {"OWN_ACCOUNT"},
    ]
    assert not User.objects.filter(username="liu.y").exists() and not PostHolding.objects.exists()
    assert [row.row.number for row in result.rows] == [2, 3, 4, 5]


def test_checking_writes_nothing() -> None:
    make_unit()
    assert load(GOOD, only_check=True).rows[0].verdict is Verdict.CREATED
    assert not User.objects.filter(username="liu.y").exists()


def test_administrators_hold_no_second_role_and_nobody_five_posts() -> None:
    make_unit()
    both = load(GOOD, (*GOOD[:4], "安全", "security_admin"))
    assert codes(both)[1] == {"ROLES_APART"}
    two = load(
        ("sec", "孙敏", "13700000002", "CS-001", "安全", "security_admin"), ("sec", "孙敏", "13700000002", "CS-001", "系统", "system_admin")
    )
    assert codes(two)[1] == {"ROLES_APART"}
    many = load(*((*GOOD[:4], f"岗位{n}", "clerk") for n in range(5)))
    assert codes(many)[4] == {"POSTS_TOO_MANY"} and codes(many)[3] == set()


def test_headings_may_be_translated_and_in_any_order_and_a_missing_one_is_named() -> None:
    make_unit()
    words = {"User name": "用户名", "Full name": "姓名"}
    book = workbook(GOOD[::-1], head=["Role code", "Post", "Unit code", "Mobile number", "姓名", "用户名"])
    assert actions.import_staff(admin(), workbook=book, translate=lambda text: words.get(text, text)).imported
    with pytest.raises(Invalid) as caught:
        actions.import_staff(admin(), workbook=workbook(GOOD[1:], head=HEAD[1:]))
    assert caught.value.data["columns"] == "User name"


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04broken", b"%PDF-1.4"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        actions.import_staff(admin(), workbook=data)
    with pytest.raises(Refused):
        actions.import_staff(actor_for(make_staff("chen")), workbook=workbook(GOOD))


def pair() -> tuple[User, User]:
    unit, a, b = make_unit(), make_staff("a", name="甲某"), make_staff("b", name="乙某")
    give_post(a, unit, "审核", "reviewer")
    give_post(b, unit)
    return a, b


def away(user: User, deputy: User, since: date, until: date, actor: Actor | None = None) -> Absence:
    return actions.set_absence(actor or actor_for(user), user_id=user.id, deputy_id=deputy.id, since=since, until=until)


def roles_on(user: User, day: date) -> set[str]:
    return {h.post.role_code for h in held(user.id, day, day)}


def test_a_deputy_holds_the_post_for_exactly_those_days() -> None:
    a, b = pair()
    today = timezone.localdate()
    away(a, b, today, today + timedelta(days=2))
    assert roles_on(b, today) == roles_on(b, today + timedelta(days=2)) == {"clerk", "reviewer"}
    assert roles_on(b, today + timedelta(days=3)) == {"clerk"}
    assert PostHolding.objects.get(acting_for=a).user_id == b.id


def test_coming_back_early_ends_the_stand_in_and_taking_back_leaves_nothing() -> None:
    a, b = pair()
    today = timezone.localdate()
    absence = away(a, b, today, today + timedelta(days=9))
    actions.end_absence(actor_for(a), absence_id=absence.id, last_day=today + timedelta(days=1))
    assert roles_on(b, today + timedelta(days=2)) == {"clerk"}
    later = away(a, b, today + timedelta(days=5), today + timedelta(days=6))
    actions.end_absence(actor_for(a), absence_id=later.id, last_day=today)
    assert not Absence.objects.filter(pk=later.pk).exists() and PostHolding.objects.filter(acting_for=a).count() == 1
    away(a, b, today + timedelta(days=5), today + timedelta(days=6))


def test_what_an_absence_may_not_be() -> None:
    a, b = pair()
    stranger, nobody, today = make_staff("c", name="丙某"), make_staff("d", name="丁某"), timezone.localdate()
    give_post(stranger, make_unit("CS-002"))
    day = timedelta(days=1)
    wrong: list[tuple[Callable[[], Absence], str]] = [
        (lambda: away(a, a, today, today), "ABSENCE_ONESELF"),
        (lambda: away(a, b, today, today - day), "ABSENCE_DATES"),
        (lambda: away(a, b, today - 9 * day, today - day), "ABSENCE_DATES"),
        (lambda: away(a, stranger, today, today), "DEPUTY_UNIT"),
        (lambda: away(a, nobody, today, today, admin()), "DEPUTY_POST"),
        (lambda: away(a, b, today, today, actor_for(stranger)), "NOT_ALLOWED"),
    ]
    for call, code in wrong:
        with pytest.raises(LinliError) as caught:
            call()
        assert caught.value.code == code
    away(a, stranger, today, today, admin())
    with pytest.raises(Conflict):
        away(a, b, today, today)
    with pytest.raises(Conflict):
        away(b, a, today, today)


def test_nobody_stands_in_for_an_administrator_beside_another_role() -> None:
    unit, boss, clerk = make_unit(), make_staff("sec"), make_staff("clerk")
    give_post(boss, unit, "安全", "security_admin")
    give_post(clerk, unit)
    today = timezone.localdate()
    with pytest.raises(Invalid) as caught:
        away(boss, clerk, today, today)
    assert caught.value.code == "ROLES_APART"
    assert not Absence.objects.exists()


def test_a_leaver_hands_over_and_the_account_is_closed(movers: list[tuple[UUID, UUID]]) -> None:
    a, b = pair()
    session = a.get_session_auth_hash()
    today = timezone.localdate()
    away(b, a, today, today + timedelta(days=3))
    assert actions.leave(admin(), user_id=a.id, successor_id=b.id) == 3
    a.refresh_from_db()
    assert movers == [(b.id, a.id), (a.id, b.id)], "at the beginning of the absence, and when the deputy leaves"
    assert not a.is_active and a.get_session_auth_hash() != session
    assert held(a.id, today, date.max) == []
    with pytest.raises(LinliError):
        actions.move_tasks(admin(), from_user=b.id, to_user=a.id)


def test_ending_a_post_is_not_for_oneself() -> None:
    boss, unit = make_staff("admin"), make_unit()
    own, other = give_post(boss, unit, "安全", "security_admin"), give_post(make_staff("chen"), unit)
    with pytest.raises(Refused):
        actions.end_holding(admin(), holding_id=own.id, last_day=timezone.localdate())
    assert actions.end_holding(admin(), holding_id=other.id, last_day=timezone.localdate()).until == timezone.localdate()
    with pytest.raises(Conflict):
        actions.end_holding(admin(), holding_id=other.id, last_day=timezone.localdate())
    assert Post.objects.count() == 2
