"""Staff from a workbook: every row gets a verdict, and nothing is written while one of them is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts import queries
from linli.foundation.accounts.actions.doors import lock_on, say
from linli.foundation.accounts.actions.passwords import first_password
from linli.foundation.accounts.engine import APPOINTERS, read_staff
from linli.foundation.accounts.models import PostHolding, User, UserKind
from linli.foundation.accounts.types import ImportResult, RowResult, StaffRow, Verdict
from linli.foundation.actions.actions import action
from linli.foundation.types import Actor
from linli.foundation.units.models import Post, Unit
from linli.lib.contact import parse_mobile
from linli.lib.errors import Invalid, LinliError
from linli.lib.names import parse_person_name

MOST_POSTS = 4  # an actor has at most four region ranges


@action("admin.accounts", audit="accounts.staff_imported")
def import_staff(actor: Actor, *, workbook: bytes, translate: Callable[[str], str] = str, only_check: bool = False) -> ImportResult:
    """Read a staff list and take it over, all of it or nothing. `Invalid` when the workbook itself cannot be read.

    A known user name with the same name gets a further post; another name under a known user name is an error.
    """
    lock_on("staff-import")
    rows = read_staff(workbook, translate)
    check = _Check(actor, rows)
    results = [check.row(row) for row in rows]
    wrong = any(result.verdict is Verdict.WRONG for result in results)
    say(rows=len(rows), wrong=sum(r.verdict is Verdict.WRONG for r in results), only_check=only_check)
    if wrong or only_check or not rows:
        return ImportResult(tuple(results), imported=False)
    today = timezone.localdate()
    return ImportResult(tuple(_take(actor, result, check.units, today) for result in results), imported=True)


@action("admin.accounts", audit="accounts.staff_entered")
def create_staff(actor: Actor, *, row: StaffRow) -> RowResult:
    """Enter one person with one post, by the rules of the staff list; raises the first thing that is wrong (its field is the row's)."""
    lock_on("staff-import")
    check = _Check(actor, [row])
    result = check.row(row)
    if result.reasons:
        raise result.reasons[0]
    taken = _take(actor, result, check.units, timezone.localdate())
    say(verdict=str(taken.verdict))
    return taken


def _wrong(code: str, message: str, field: str, **data: object) -> Invalid:
    return Invalid(code, message, field=field, data=data)


class _Check:
    """What is known before the first row, and the questions asked of each."""

    def __init__(self, actor: Actor, rows: Sequence[StaffRow]) -> None:
        self.roles: Mapping[str, bool] = queries.roles_known()
        self.units = {u.code: u for u in Unit.objects.filter(code__in={row.unit_code for row in rows}, valid_to=None)}
        self.users = {u.username: u for u in User.objects.filter(username__in={row.username for row in rows})}
        self.own = User.objects.filter(pk=actor.user_id).values_list("username", flat=True).first() if actor.user_id else None
        for known in sorted(str(user.pk) for user in self.users.values()):
            lock_on(f"holdings:{known}")  # nobody becomes somebody's deputy between this look and the appointment
        self.posts: dict[str, set[tuple[str, str, str]]] = {}
        self.names: dict[str, str] = {}
        for holding in PostHolding.objects.filter(user__in=[u.pk for u in self.users.values()], until=None).select_related(
            "post__unit", "user"
        ):
            key = (holding.post.unit.code, holding.post.title, holding.post.role_code)
            self.posts.setdefault(holding.user.username or "", set()).add(key)

    def row(self, row: StaffRow) -> RowResult:
        reasons = [*self._fields(row), *self._account(row), *self._post(row)]
        if reasons:
            return RowResult(row, Verdict.WRONG, tuple(reasons))
        key, held = (row.unit_code, row.post, row.role), self.posts.setdefault(row.username, set())
        known = row.username in self.users or row.username in self.names
        self.names.setdefault(row.username, row.name)
        if key in held:
            return RowResult(row, Verdict.UNCHANGED)
        held.add(key)
        return RowResult(row, Verdict.ADDED_POST if known else Verdict.CREATED)

    def _fields(self, row: StaffRow) -> list[LinliError]:
        found: list[LinliError] = []
        if not (3 <= len(row.username) <= 40 and row.username.isascii() and all(c.isalnum() or c in "._-" for c in row.username)):
            found.append(_wrong("STAFF_USERNAME", gettext_noop("A user name has 3 to 40 letters, digits, dots, dashes."), "username"))
        for read, value in ((lambda v: parse_person_name(v), row.name), (lambda v: parse_mobile(v, field="phone"), row.phone)):
            try:
                read(value)
            except LinliError as error:
                found.append(error)
        if not row.post or len(row.post) > 60:
            found.append(_wrong("STAFF_POST", gettext_noop("The post is missing or longer than 60 characters."), "post"))
        return found

    def _account(self, row: StaffRow) -> list[LinliError]:
        user = self.users.get(row.username)
        if row.username == self.own:
            return [_wrong("OWN_ACCOUNT", gettext_noop("Nobody gives posts to oneself."), "username")]
        name = user.name if user else self.names.get(row.username)
        if name is not None and name != row.name:
            return [_wrong("STAFF_NAME", gettext_noop("This user name belongs to somebody else."), "username")]
        if user is not None and (user.kind != UserKind.STAFF or not user.is_active):
            return [_wrong("STAFF_CLOSED", gettext_noop("This account is closed or not a staff account."), "username")]
        return []

    def _post(self, row: StaffRow) -> list[LinliError]:
        found: list[LinliError] = []
        if row.unit_code not in self.units:
            found.append(_wrong("STAFF_UNIT", gettext_noop("There is no unit %(unit)s."), "unit_code", unit=row.unit_code))
        if row.role not in self.roles:
            return [*found, _wrong("STAFF_ROLE", gettext_noop("There is no role %(role)s."), "role", role=row.role)]
        held = self.posts.get(row.username, set())
        return found + roles_clash(
            {role for _, _, role in held}, row.role, self.roles, posts=len(held | {(row.unit_code, row.post, row.role)})
        )


def roles_clash(held: set[str], new: str, roles: Mapping[str, bool], *, posts: int) -> list[LinliError]:
    """Three administrators exclude each other and every business role (GB/T 22239, level 3); four posts are the most."""
    others = held - {new}
    if others and (not roles.get(new, True) or any(not roles.get(role, True) for role in others)):
        return [_wrong("ROLES_APART", gettext_noop("An administrator's role goes together with no other role."), "role")]
    if posts > MOST_POSTS:
        return [_wrong("POSTS_TOO_MANY", gettext_noop("Nobody holds more than four posts at once."), "post")]
    return []


def _take(actor: Actor, result: RowResult, units: Mapping[str, Unit], today: date) -> RowResult:
    row = result.row
    if result.verdict is Verdict.UNCHANGED:
        return result
    password = ""
    if result.verdict is Verdict.CREATED:
        password = first_password()
        user = User(
            username=row.username,
            name=parse_person_name(row.name),
            kind=UserKind.STAFF,
            phone=parse_mobile(row.phone).number,
            must_change_password=True,
            password_changed_at=timezone.now(),
        )
        user.set_password(password)
        user.save(force_insert=True)
    else:
        user = User.objects.get(username=row.username)
    post = Post.objects.filter(unit=units[row.unit_code], title=row.post, role_code=row.role, valid_to=None).first()
    if post is None:
        post = Post(unit=units[row.unit_code], title=row.post, role_code=row.role)
        post.save(force_insert=True)
    if not any(asks(actor, user.pk, post.pk, today) for asks in APPOINTERS.values()):
        PostHolding(user=user, post=post, since=today).save(force_insert=True)
    return RowResult(row, result.verdict, first_password=password)
