"""What has been kept long enough ends: once, in portions, on the trail, and only where a rule of the pack is in force."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from linli.foundation.audit.models import AuditEntry
from linli.foundation.privacy.actions import answering, filing, retention
from linli.foundation.privacy.actions.rules import load_rules
from linli.foundation.privacy.engine.declared import ERASERS, KEEPINGS
from linli.foundation.privacy.models import DataRequest, Rule, Sweep
from linli.foundation.privacy.queries.keeping import outlook
from linli.foundation.privacy.tests.conftest import JOB, Town
from linli.foundation.scope.actions import scoped
from linli.foundation.sync.actions import meet
from linli.foundation.sync.models import Item
from linli.lib.errors import LinliError
from linli.registry.people.models import Person
from linli.registry.sources.models import Entry
from linli.registry.sources.queries import source

pytestmark = pytest.mark.django_db
PACK = Path(settings.PACKS_DIR) / "national"


def due(code: str) -> int:
    return next(one.due for one in outlook(timezone.now()) if one.rule.code == code)


def ended(code: str) -> int:
    row = Sweep.objects.filter(code=code).first()
    return row.ended if row else 0


def test_the_pack_names_only_what_somebody_carries_out(town: Town) -> None:
    assert not set(Rule.objects.filter(kind="keep").values_list("code", flat=True)) - set(KEEPINGS.keys())
    assert not set(Rule.objects.filter(kind="erase", active=True).values_list("code", flat=True)) - set(ERASERS.keys())
    assert not Rule.objects.filter(kind="erase", active=False, basis="").exists()
    assert load_rules(JOB, folder=PACK).changed == 0, "a second load changes nothing"


def test_what_must_stay_needs_a_reason(town: Town, tmp_path: Path) -> None:
    (tmp_path / "retention.yaml").write_text("erase: [{code: x, name: x, erasable: false}]", encoding="utf-8")
    with pytest.raises(LinliError, match="basis"):
        load_rules(JOB, folder=tmp_path)


def test_a_night_ends_what_is_due_once_and_in_portions(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PORTION", 2)
    worker, now = town.actor("walker"), timezone.now()
    with scoped(worker):
        device = meet(worker, key_id=uuid4(), name="phone")
    assert device is not None
    with scoped(JOB):
        for age in (181, 182, 183, 5):
            Item(
                device=device,
                worker_id=worker.account,
                key=uuid4(),
                kind="visit.done",
                digest="x",
                state="accepted",
                answer='{"a": 1}',
                received_at=now - timedelta(days=age),
            ).save(force_insert=True)
    assert due("sync.answers") == 3
    assert retention.work(now) is False
    with scoped(JOB):
        assert sorted(bool(row.answer) for row in Item.objects.all()) == [False, False, False, True], "the keys stay"
        portions = AuditEntry.objects.filter(action="privacy.records_ended")
        assert [row.notes["records"] for row in portions.order_by("seq") if row.notes["kind"] == "sync.answers"] == [2, 1]
    assert (ended("sync.answers"), due("sync.answers")) == (3, 0)
    retention.work(now)
    with scoped(JOB):
        assert AuditEntry.objects.filter(action="privacy.records_ended").count() == 2, (
            "a second time nothing is left, and nothing is written"
        )
    assert ended("sync.answers") == 3
    page = town.client("officer").get("/desk/retention/").content.decode()
    assert f"{timezone.localdate():%Y-%m-%d}: 3" in page
    assert town.client("window clerk").get("/desk/retention/").status_code == 403


def test_copies_and_old_requests_lose_what_was_in_them(town: Town) -> None:
    one = filing.file_request(town.actor("wang"), kind="copy", text="please")
    answering.grant(town.actor("officer"), request_id=one.pk)
    now = timezone.now()
    retention.work(now + timedelta(days=6))
    with scoped(JOB):
        assert DataRequest.objects.get().content
    retention.work(now + timedelta(days=8))
    with scoped(JOB):
        row = DataRequest.objects.get()
    assert (row.content, row.content_until, row.state, row.name) == ("", None, "done", "王秀兰")
    retention.work(now + timedelta(days=1100))
    with scoped(JOB):
        row = DataRequest.objects.get()
    assert (row.text, row.name, row.state) == ("", "", "done"), "that she asked and was answered stays"


def test_the_dead_keep_their_numbers_until_the_rule_is_in_force(town: Town) -> None:
    wang, now = town.people["wang"].pk, timezone.now()
    with scoped(JOB):
        Person.objects.filter(pk=wang).update(died_on=date(2015, 1, 1))
    retention.work(now)
    assert town.person("wang").phone == "13900000001"
    Rule.objects.filter(code="people.dead").update(active=True)
    retention.work(now)
    person = town.person("wang")
    assert (person.phone, person.phone_index, person.bank_account, person.name) == ("", None, "", "王秀兰")
    assert town.person("zhao").phone == "13900000003"
    assert due("people.dead") == 0


def test_rows_of_files_that_were_taken_back_fall_silent(town: Town) -> None:
    def entry(state: str) -> Entry:
        return Entry(
            source=source("police"),
            subject_id=None,
            as_of=date(2024, 1, 1),
            content='{"phone": "13900000001"}',
            state=state,
            region_path="00001",
        )

    with scoped(JOB):
        rows = [entry("withdrawn"), entry("doubtful")]
        for row in rows:
            row.save(force_insert=True)
        Entry.objects.filter(pk__in=[row.pk for row in rows]).update(written_at=timezone.now() - timedelta(days=366))
    retention.work(timezone.now())
    with scoped(JOB):
        assert [bool(Entry.objects.get(pk=row.pk).content) for row in rows] == [False, True]
