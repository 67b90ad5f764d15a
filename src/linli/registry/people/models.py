"""Natural persons."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.models import Region
from linli.foundation.scope.models import EncryptedText, PathField, ProtectedManager
from linli.registry.premises.models import Premises


class _CText(models.CharField):  # type: ignore[type-arg]
    """Text compared byte by byte: prefix search is an index range that row-level security lets through (its operators are leakproof)."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs["db_collation"] = "C"
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class Person(AuditedModel):
    """A resident. Codes are those of services.md §1.5; ``region`` is where the person lives, ``hukou_region`` where registered."""

    audit_secret = ("id_number", "id_index", "phone", "phone_index", "bank_account")

    name = _CText(max_length=60)
    pinyin = _CText(max_length=120, blank=True)
    initials = _CText(max_length=20, blank=True)
    sex = models.CharField(max_length=1, default="0")
    birth_date = models.DateField(null=True)
    id_type = models.CharField(max_length=3, default="111")
    id_number = EncryptedText()
    id_index = models.BinaryField(max_length=16, null=True)
    phone = EncryptedText()
    phone_index = models.BinaryField(max_length=16, null=True)
    bank_account = EncryptedText()
    ethnicity = models.CharField(max_length=2, default="01")
    marital = models.CharField(max_length=2, default="90")
    education = models.CharField(max_length=2, default="90")
    politics = models.CharField(max_length=2, default="13")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    region_path = PathField()
    hukou_region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    premises = models.ForeignKey(Premises, null=True, on_delete=models.PROTECT)
    live_address = models.CharField(max_length=160, blank=True)
    hukou_address = models.CharField(max_length=160, blank=True)
    bank_name = models.CharField(max_length=40, blank=True)
    lives_here_since = models.DateField(null=True)
    residence_status = models.CharField(max_length=1, default="1")
    employment = models.CharField(max_length=12, blank=True)
    disability = models.CharField(max_length=2, blank=True)  # category and degree
    assistance = models.CharField(max_length=12, blank=True)  # low-income scheme the household is in
    died_on = models.DateField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "people_person"
        indexes = [
            models.Index(fields=["id_index"], name="people_id"),
            models.Index(fields=["phone_index"], name="people_phone"),
            models.Index(fields=["name", "region_path"], name="people_name"),
            models.Index(fields=["pinyin", "region_path"], name="people_pinyin"),
            models.Index(fields=["initials", "region_path"], name="people_initials"),
            models.Index(fields=["region_path", "id"], name="people_region"),
            models.Index(fields=["birth_date", "pinyin"], name="people_birth"),
        ]

    def __str__(self) -> str:
        return str(self.name)
