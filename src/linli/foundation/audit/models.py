"""Entries, sealed batches, and the base of every model whose changes are on the trail."""

from __future__ import annotations

from typing import Any

from django.db import models

from linli.foundation.audit.engine import plain, recording
from linli.foundation.audit.types import Change, Outcome
from linli.foundation.scope.models import PathField, PlainWrites, SeqField, WrittenAtField, XidField
from linli.lib.uuid7 import uuid7


class AuditedModel(PlainWrites):
    """A row with a time-ordered key whose changes inside an action are written to the trail by themselves."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    audit_secret: tuple[str, ...] = ()  # fields noted as changed, never with their value
    audit_ignore: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> Any:
        row = super().from_db(db, field_names, values, **options)
        row._loaded = dict(zip(field_names, values, strict=False))
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        names = kwargs.get("update_fields")
        fields = self._differences(set(names) if names is not None else None)
        super().save(*args, **kwargs)
        self._note(fields)
        self._loaded = {f.attname: getattr(self, f.attname) for f in self._meta.concrete_fields if f.attname in self.__dict__}

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._note({"deleted": [False, True]})
        return super().delete(*args, **kwargs)

    def _differences(self, names: set[str] | None) -> dict[str, list[Any]]:
        loaded: dict[str, Any] = getattr(self, "_loaded", {})
        result = {}
        for f in self._meta.concrete_fields:
            if f.primary_key or f.name in self.audit_ignore or f.attname not in self.__dict__:
                continue
            if names is not None and f.name not in names and f.attname not in names:
                continue
            before, after = loaded.get(f.attname), getattr(self, f.attname)
            if before != after:
                secret = f.name in self.audit_secret
                result[f.name] = [plain(before, secret=secret), plain(after, secret=secret)]
        return result

    def _note(self, fields: dict[str, list[Any]]) -> None:
        record = recording.get()
        if record is not None and fields:
            record.add(Change(self._meta.label_lower, str(self.pk), fields, getattr(self, "region_path", "") or ""))


class AuditEntry(PlainWrites):
    """One attempt: by whom, on what, with which outcome. Insert only; the application role cannot change or delete a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seq = SeqField(sequence="audit_entry_seq", unique=True)
    xid = XidField()
    at = WrittenAtField()
    action = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Outcome])
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=80, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    region_path = PathField(blank=True)
    changes = models.JSONField(default=list)
    notes = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["xid", "seq"], name="audit_entry_order"),
            models.Index(fields=["subject_type", "subject_id", "-at"], name="audit_entry_subject"),
            models.Index(fields=["actor_id", "-at"], name="audit_entry_actor"),
            models.Index(fields=["-at"], name="audit_entry_at"),
        ]


class AuditBatch(models.Model):
    """A sealed run of entries: a keyed MAC over their content, chained to the batch before. Without entries: the count began anew."""

    number = models.BigIntegerField(primary_key=True)
    first_xid = models.BigIntegerField()
    first_seq = models.BigIntegerField()
    last_xid = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    top_seq = models.BigIntegerField(default=0)  # highest sequence number in it
    entries = models.IntegerField()
    leaves = models.BinaryField(default=bytes)  # one an entry: position and keyed digest (engine.sealing)
    previous = models.BinaryField()
    mac = models.BinaryField()
    key_id = models.CharField(max_length=16)
    sealed_at = WrittenAtField()

    class Meta:
        db_table = "audit_batch"
        indexes = [models.Index(fields=["top_seq"], condition=models.Q(entries=0), name="audit_batch_anew")]
