"""The exchange on the desk, through the real middleware: catalogue, application, decision, endpoint, dead letter."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.registry.exchange.models import Delivery, Endpoint, Resource, Subscription
from linli.registry.exchange.tests.conftest import JOB, Office, Program, program

BACKEND = "linli.foundation.accounts.queries.SessionBackend"


@pytest.fixture
def reader(office: Office) -> Program:
    return program()


def desk(office: Office, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(office.users[name], backend=BACKEND)
    return client


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def test_an_officer_applies_and_somebody_else_approves(office: Office, reader: Program) -> None:
    officer, head = desk(office, "officer"), desk(office, "head")
    resource = Resource.objects.get(entity="person")
    assert resource.code in text(officer.get(reverse("exchange_desk_catalogue")))
    page = text(officer.get(reverse("exchange_desk_resource", args=[resource.pk])))
    assert "公民身份号码" in page and "Apply for an office" in page
    address = reverse("exchange_desk_apply", args=[resource.pk])
    assert officer.get(address).status_code == 200 and head.get(address).status_code == 403
    form = {
        "office": "新余市医疗保障局",
        "recipient_id": str(reader.user_id),
        "purpose": "medical-insurance",
        "reason": "核对参保人员",
        "legal_basis": "《社会保险法》第七十五条",
        "fields_": ["name", "id_number"],
        "region": "360502001001",
        "until": (timezone.localdate() + timedelta(days=60)).isoformat(),
    }
    wrong = officer.post(address, {**form, "until": timezone.localdate().isoformat()})
    assert wrong.status_code == 422 and "at most 24 months" in text(wrong)
    assert officer.post(address, {**form, "recipient_id": "nobody"}).status_code == 422
    sent = officer.post(address, form)
    assert sent.status_code == 303
    shown = officer.get(sent["Location"])
    assert "waits for a decision" in text(shown) and 'value="approve"' not in shown.content.decode()
    assert 'value="approve"' in head.get(sent["Location"]).content.decode()
    with scoped(JOB):
        row = Subscription.objects.get()
    step = reverse("exchange_desk_step", args=[row.pk])
    assert head.post(step, {"step": "refuse"}).status_code == 422
    assert head.post(step, {"step": "nonsense"}).status_code == 404
    assert head.post(step, {"step": "approve"}).status_code == 303
    listed = text(officer.get(reverse("exchange_desk_subscriptions")))
    assert "in use" in listed and "新余市医疗保障局" in listed
    assert "新余市医疗保障局" not in text(officer.get(reverse("exchange_desk_subscriptions"), {"state": "refused"}))
    office.person()
    reader.get(f"/{row.pk}/records")
    assert "records 1 2" in text(officer.get(sent["Location"]))


def test_the_secret_is_shown_once_and_a_dead_message_is_sent_again(office: Office, reader: Program) -> None:
    officer, row = desk(office, "officer"), office.subscribed(reader)
    address = reverse("exchange_desk_endpoint", args=[row.pk])
    assert officer.post(address, {"url": "https://10.0.0.1/"}).status_code == 422
    shown = officer.post(address, {"url": "http://127.0.0.1:9/told"})
    with scoped(JOB):
        endpoint = Endpoint.objects.get()
        now = timezone.now()
        dead = Delivery(subscription=row, body="{}", changes=3, state="dead", error="HTTP 500", next_at=now, made_at=now)
        dead.region_path = row.region_path
        dead.save()
    assert endpoint.secret in shown.content.decode()
    page = officer.get(reverse("exchange_desk_subscription", args=[row.pk])).content.decode()
    assert endpoint.secret not in page and "HTTP 500" in page and "Send again" in page
    replay = reverse("exchange_desk_replay", args=[row.pk, dead.pk])
    assert desk(office, "head").post(replay).status_code == 403
    assert officer.post(replay).status_code == 303
    with scoped(JOB):
        assert Delivery.objects.get().state == "waiting"


def test_what_does_not_exist_is_not_found(office: Office, reader: Program) -> None:
    officer = desk(office, "officer")
    for name in ("exchange_desk_subscription", "exchange_desk_resource", "exchange_desk_apply"):
        assert officer.get(reverse(name, args=[reader.user_id])).status_code == 404
