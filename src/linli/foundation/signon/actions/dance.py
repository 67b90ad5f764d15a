"""Authorization code flow: a look at what a system asks, a code for its browser, a token for its server."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone
from django.utils.translation import gettext_noop
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError, LoginRequired

from linli.foundation.accounts.actions.doors import count_try, say
from linli.foundation.accounts.models import User
from linli.foundation.accounts.queries import attempts
from linli.foundation.actions.actions import action
from linli.foundation.audit.actions import note
from linli.foundation.audit.types import Change, Outcome
from linli.foundation.signon.actions.validator import TOKEN_SECONDS, Validator
from linli.foundation.signon.engine import Provider, in_order
from linli.foundation.signon.models import SignOnCode
from linli.foundation.signon.types import Answer, Asked, Audience
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Refused

DOOR = system_actor("signon.door", permissions=["signon.door"])
"""A system is not known before its secret is checked, and a token knows no session: the door itself acts."""
PER_ADDRESS, PER_ADDRESS_MINUTES = 50, 30
KEEP = timedelta(days=1)


def look_at_request(actor: Actor, *, uri: str, person: User | None) -> Asked | Answer:
    """What a system asks, or the redirect that tells it what is wrong; nothing is written. SIGN_ON_UNKNOWN as in `in_order`."""
    provider = Provider(Validator(actor, person), token_seconds=TOKEN_SECONDS)
    found = in_order(lambda: provider.validate_authorization_request(uri))
    if isinstance(found, Answer):
        return found
    scopes, info = found
    request = info["request"]
    parts = urlsplit(request.redirect_uri)
    age = str(request.max_age or "")
    return Asked(
        system=request.client.name,
        audience=Audience(request.client.audience),
        scopes=tuple(scopes),
        origin=f"{parts.scheme}://{parts.netloc}",
        cancel=AccessDeniedError(state=request.state).in_uri(request.redirect_uri),
        login_required=LoginRequired(state=request.state).in_uri(request.redirect_uri),
        prompt=frozenset((request.prompt or "").split()),
        max_age=int(age) if age.isdecimal() and len(age) < 10 else None,
    )


@action("signon.door", audit="signon.code_issued")
def issue_code(actor: Actor, *, uri: str, person: User, signed_in_at: datetime | None) -> Answer:
    """The redirect that carries a code to the system. SIGN_ON_AUDIENCE (403): the system is not for this kind of account."""
    validator = Validator(actor, person, signed_in_at)
    asked = look_at_request(actor, uri=uri, person=person)
    if isinstance(asked, Answer):
        say(result="refused")
        return asked
    if person.kind != asked.audience or not person.is_active:
        raise Refused(
            "SIGN_ON_AUDIENCE",
            gettext_noop("%(system)s is not for the account you are signed in with."),
            hint=gettext_noop("Sign out here, go back to that system and sign in with the other account."),
            data={"system": asked.system},
        )
    provider = Provider(validator, token_seconds=TOKEN_SECONDS)
    headers, _, status = provider.create_authorization_response(uri, scopes=list(asked.scopes))
    say(system=asked.system, subject_type="accounts.user", subject_id=str(person.pk))
    return Answer(status, headers)


@action("signon.door", audit="signon.token_issued")
def redeem_code(actor: Actor, *, uri: str, body: str, headers: dict[str, str]) -> Answer:
    """A system's server exchanges a code for a token and the ID token. What is wrong is in the answer (RFC 6749, 5.2): a used code stays used."""
    since = timezone.now() - timedelta(minutes=PER_ADDRESS_MINUTES)
    if actor.address and attempts("sign_on", actor.address, since=since) >= PER_ADDRESS:
        return _refused(actor, Answer(429, {"Retry-After": str(PER_ADDRESS_MINUTES * 60)}, json.dumps({"error": "slow_down"})), body)
    validator = Validator(actor)
    provider = Provider(validator, token_seconds=TOKEN_SECONDS)
    replied, text, status = provider.create_token_response(uri, "POST", body, headers)
    answer = Answer(status, replied, text or "")
    if status != 200 or validator.code is None:
        if actor.address:
            count_try("sign_on", actor.address)
        return _refused(actor, answer, body)
    say(system=validator.code.system.name, subject_type="accounts.user", subject_id=str(validator.code.user_id))
    return answer


def _refused(actor: Actor, answer: Answer, body: str) -> Answer:
    error = str(json.loads(answer.body or "{}").get("error", ""))
    named: dict[str, Any] = {"client_id": (parse_qs(body).get("client_id") or [""])[0][:40]}
    say(result=error, **named)
    note(actor, "signon.token_refused", outcome=Outcome.REFUSED, reason=error, subject=Change("signon.system", named["client_id"], {}))
    return answer


@action("system", audit="signon.old_codes_removed")
def tidy(actor: Actor, *, now: datetime) -> int:
    """Codes and tokens that can no longer matter go; how many. Repeating it finds nothing."""
    gone: int = SignOnCode.objects.filter(issued_at__lt=now - KEEP).delete()[0]
    say(removed=gone)
    return gone
