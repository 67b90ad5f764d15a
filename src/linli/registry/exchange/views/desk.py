"""The catalogue and its uses on the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions.queries import in_ranges
from linli.lib.errors import LinliError, NotFound
from linli.registry.exchange import policy
from linli.registry.exchange.actions import pushing, subscriptions
from linli.registry.exchange.engine.writing import WRITERS
from linli.registry.exchange.forms import AskForm, DecideForm, EndpointForm
from linli.registry.exchange.models import Subscription
from linli.registry.exchange.queries import catalogue
from linli.registry.exchange.queries import subscriptions as queries
from linli.registry.exchange.views import files_desk
from linli.ui.engine.refusal import attempt, words_of
from linli.ui.types import DeskRequest

ROWS = 20
STATES: dict[str, tuple[Any, str]] = {
    "asked": (gettext_lazy("waits for a decision"), "warning"),
    "seconded": (gettext_lazy("waits for the second approval"), "warning"),
    "approved": (gettext_lazy("in use"), "success"),
    "refused": (gettext_lazy("refused"), "danger"),
    "suspended": (gettext_lazy("suspended"), "danger"),
    "withdrawn": (gettext_lazy("given up"), "neutral"),
    "over": (gettext_lazy("term is over"), "neutral"),
}
SHARING = {
    "unconditional": gettext_lazy("shared with every office"),
    "conditional": gettext_lazy("shared on conditions"),
    "none": gettext_lazy("not shared"),
}
OPENNESS = {
    "open": gettext_lazy("open to everybody"),
    "on_request": gettext_lazy("open on request"),
    "closed": gettext_lazy("not open"),
}
CYCLES = {
    "realtime": gettext_lazy("as it happens"),
    "daily": gettext_lazy("every day"),
    "weekly": gettext_lazy("every week"),
    "monthly": gettext_lazy("every month"),
    "quarterly": gettext_lazy("every quarter"),
    "yearly": gettext_lazy("every year"),
    "never": gettext_lazy("not updated"),
}
DELIVERIES: dict[str, tuple[Any, str]] = {
    "waiting": (gettext_lazy("waits"), "warning"),
    "done": (gettext_lazy("delivered"), "success"),
    "dead": (gettext_lazy("undeliverable"), "danger"),
}
STEPS: dict[str, tuple[Callable[..., Subscription], Any]] = {
    "approve": (subscriptions.approve, gettext_lazy("Your approval is recorded.")),
    "refuse": (subscriptions.refuse, gettext_lazy("The application was refused.")),
    "suspend": (subscriptions.suspend, gettext_lazy("Nothing is given any more.")),
    "resume": (subscriptions.resume, gettext_lazy("The use goes on.")),
    "withdraw": (subscriptions.withdraw, gettext_lazy("The use was given up.")),
}


def state_of(row: Subscription) -> str:
    return "over" if row.state == "approved" and queries.is_over(row) else str(row.state)


@never_cache
@require_GET
@desk("exchange.view")
def subscription_list(request: DeskRequest) -> HttpResponse:
    """Uses of the register, the newest application first; narrowed by state."""
    state = request.GET.get("state", "")
    rows = queries.subscriptions(request.actor)
    if state in STATES and state != "over":
        rows = rows.filter(state=state)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    listed = [(row, *STATES[state_of(row)], _late(row)) for row in page]
    names = [(key, words) for key, (words, _) in STATES.items() if key != "over"]
    return render(request, "exchange/desk/subscriptions.html", {"page": page, "rows": listed, "states": names, "state": state})


def _late(row: Subscription) -> bool:
    return row.state in ("asked", "seconded") and row.answer_due < timezone.now()


@never_cache
@require_GET
@desk("exchange.view")
def catalogue_page(request: DeskRequest) -> HttpResponse:
    """All resources by code."""
    rows = [(one, SHARING[one.sharing], CYCLES[one.cycle]) for one in catalogue.resources()]
    return render(request, "exchange/desk/catalogue.html", {"rows": rows})


@never_cache
@require_GET
@desk("exchange.view")
def resource_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One resource with its items."""
    one = catalogue.get_resource(pk)
    facts = [
        (gettext("Code"), one.code),
        (gettext("Provider"), f"{one.provider} ({one.provider_code})"),
        (gettext("Format"), one.format),
        (gettext("Updated"), CYCLES[one.cycle]),
        (gettext("Sharing"), SHARING[one.sharing]),
        (gettext("Basis"), one.basis),
        (gettext("Openness"), OPENNESS[one.openness]),
        (gettext("Sensitivity level"), f"L{one.level}"),
        (gettext("Published on"), one.published_on.isoformat()),
    ]
    may = request.actor.may("exchange.manage") and one.sharing != "none"
    return render(request, "exchange/desk/resource.html", {"one": one, "facts": facts, "items": catalogue.items_of(one.pk), "may": may})


@never_cache
@require_http_methods(["GET", "POST"])
@desk("exchange.manage")
def apply(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Apply in the name of an office."""
    one = catalogue.get_resource(pk)
    form = AskForm(
        request.POST or None,
        programs=[(str(user.pk), user.name) for user in queries.programs()],
        purposes=list(catalogue.purposes().items()),
        items=[(item.name, f"{item.title} (L{item.level})") for item in catalogue.offered(one.pk)],
        regions=[(r.code, r.name) for r in in_ranges(request.actor.ranges, "city", "county", "street", "community")],
        auto_id="ask-%s",
    )
    made: list[Subscription] = []

    def run(said: dict[str, Any]) -> None:
        values = {**said, "recipient_id": UUID(said["recipient_id"])}
        made.append(subscriptions.ask(request.actor, resource_id=one.pk, fields=values.pop("fields_"), **values))

    status = 200
    if request.method == "POST":
        status = attempt(form, run)
        if not status:
            messages.success(request, gettext("The application waits for a decision."))
            return HttpResponseRedirect(reverse("exchange_desk_subscription", args=[made[0].pk]), status=303)
    return render(request, "exchange/desk/apply.html", {"one": one, "form": form}, status=status)


@never_cache
@require_GET
@desk("exchange.view")
def subscription_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One use: what was applied for, who decided, what was given, what was told."""
    return _page(request, queries.get_subscription(request.actor, pk))


def _page(request: DeskRequest, row: Subscription, sent: DecideForm | EndpointForm | None = None) -> HttpResponse:
    titles = {item.name: f"{item.title} (L{item.level})" for item in catalogue.items_of(row.resource_id)}
    words, tone = STATES[state_of(row)]
    context = {
        "sub": row,
        "state": words,
        "tone": tone,
        "late": _late(row),
        "purpose": catalogue.purposes().get(row.purpose, row.purpose),
        "items": [titles.get(name, name) for name in row.fields],
        "steps": _steps(request, row),
        "decide": sent if isinstance(sent, DecideForm) else DecideForm(auto_id="decide-%s"),
        "endpoint": queries.endpoint_of(request.actor, row.pk),
        "endpoint_form": sent if isinstance(sent, EndpointForm) else EndpointForm(auto_id="told-%s"),
        "manages": policy.can_manage(request.actor, row) and state_of(row) == "approved",
        "uses": queries.uses_of(row),
        "deliveries": [(one, *DELIVERIES[one.state]) for one in queries.deliveries_of(request.actor, row.pk)],
        "files": files_desk.listed(request.actor, row.pk),
        "forms": list(WRITERS),
        "cycle": CYCLES[row.resource.cycle],
        "updated": row.resource.cycle != "never",
        "sent": sent,
    }
    return render(request, "exchange/desk/subscription.html", context, status=422 if sent is not None else 200)


def _steps(request: DeskRequest, row: Subscription) -> list[tuple[str, str, str]]:
    """What the reader may do now: key, words, look of the button."""
    decides, manages = policy.can_decide(request.actor, row), policy.can_manage(request.actor, row)
    found = []
    if row.state in ("asked", "seconded") and decides:
        found += [("approve", gettext("Approve"), "btn-primary"), ("refuse", gettext("Refuse"), "btn-danger")]
    if row.state == "suspended" and decides:
        found.append(("resume", gettext("Let it go on"), "btn-primary"))
    if row.state == "approved" and manages:
        found.append(("suspend", gettext("Suspend"), "btn-danger"))
    if row.state in ("asked", "seconded", "approved", "suspended") and manages:
        found.append(("withdraw", gettext("Give it up"), ""))
    return found


@never_cache
@require_POST
@desk("exchange.view")
def step(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Approve, refuse, suspend, resume or withdraw; the action asks who may."""
    row = queries.get_subscription(request.actor, pk)
    run, said = STEPS.get(request.POST.get("step", ""), (None, ""))
    if run is None:
        raise NotFound("STEP_UNKNOWN", gettext_noop("There is no such step."))
    form = DecideForm(request.POST, auto_id="decide-%s")

    def take(values: dict[str, Any]) -> None:
        reason = {} if run is subscriptions.withdraw else {"decision": values["decision"]}
        run(request.actor, subscription_id=pk, **reason)

    if attempt(form, take):
        return _page(request, row, form)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("exchange_desk_subscription", args=[pk]), status=303)


@never_cache
@require_POST
@desk("exchange.manage")
def endpoint(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Where changes are told; the secret is shown once."""
    row = queries.get_subscription(request.actor, pk)
    form = EndpointForm(request.POST, auto_id="told-%s")
    secret: list[str] = []
    if attempt(form, lambda values: secret.append(pushing.set_endpoint(request.actor, subscription_id=pk, url=values["url"]))):
        return _page(request, row, form)
    return render(request, "exchange/desk/secret.html", {"sub": row, "secret": secret[0]})


@never_cache
@require_POST
@desk("exchange.manage")
def replay(request: DeskRequest, pk: UUID, delivery: UUID) -> HttpResponse:
    """Try a message again that was given up."""
    try:
        pushing.replay(request.actor, subscription_id=pk, delivery_id=delivery)
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, gettext("The message is sent again."))
    return HttpResponseRedirect(reverse("exchange_desk_subscription", args=[pk]), status=303)
