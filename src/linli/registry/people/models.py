"""Natural persons, their further documents, groups they belong to, and what happened to them."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.models import Region
from linli.foundation.scope.models import EncryptedText, PathField, ProtectedManager
from linli.registry.people.types import LIFE_EVENTS
from linli.registry.premises.models import Premises
from linli.registry.sources.models import Source


class _CText(models.CharField):  # type: ignore[type-arg]
    """Text compared byte by byte: prefix search is an index range that row-level security lets through (its operators are leakproof)."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs["db_collation"] = "C"
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class PresentPeople(ProtectedManager["Person"]):
    """Without those rows that turned out to be somebody the register had already."""

    def get_queryset(self) -> models.QuerySet[Person]:
        return super().get_queryset().filter(merged_into=None)


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
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the row is only a way to her

    objects = PresentPeople()
    every = ProtectedManager["Person"]()

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
            models.Index(fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="people_merged"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Identity(AuditedModel):
    """A further document of a person (services.md §1.2): passport, permit, certificate of birth. The identity card is the person's own number."""

    audit_secret = ("number", "number_index")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    id_type = models.CharField(max_length=3)
    number = EncryptedText()
    number_index = models.BinaryField(max_length=16)
    issuer = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "people_identity"
        indexes = [models.Index(fields=["number_index"], name="people_identity_number")]
        constraints = [models.UniqueConstraint(fields=["person", "id_type", "number_index"], name="people_identity_once")]


class GroupKind(AuditedModel):
    """A group of people who need care or attention (community.md §2.2 and §2.5), out of a pack. ``level`` is how secret belonging to it is (§13.2)."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=40)
    level = models.SmallIntegerField()
    order = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "people_group_kind"

    def __str__(self) -> str:
        return self.name


class KeyGroup(AuditedModel):
    """Somebody belongs to a group, from a day on. ``level`` is the group's: of L5 only ``responsible`` knows, whatever the region."""

    audit_secret = ("kind",)

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="groups")
    kind = models.ForeignKey(GroupKind, on_delete=models.PROTECT)
    level = models.SmallIntegerField()
    since = models.DateField()
    until = models.DateField(null=True)
    responsible_id = models.UUIDField()  # the account that looks after the person
    responsible_name = models.CharField(max_length=60)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "people_key_group"
        indexes = [models.Index(fields=["responsible_id"], name="people_group_responsible")]
        constraints = [models.UniqueConstraint(fields=["person", "kind"], condition=models.Q(until=None), name="people_group_once")]


class DeathReport(AuditedModel):
    """What one office says of a death. One source is a hint that suspends what is paid for checking; two make it sure (community.md §15.5)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="death_reports")
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    died_on = models.DateField()
    document = models.CharField(max_length=60, blank=True)  # number of the certificate, the notice
    reported_by = models.CharField(max_length=80)
    reported_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "people_death_report"
        constraints = [
            models.UniqueConstraint(fields=["person", "source"], condition=models.Q(withdrawn_at=None), name="people_death_once")
        ]


class LifeEvent(AuditedModel):
    """Something that happened to somebody and changed the register: what the timeline shows, and what makes entering it twice harmless."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="life_events")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in LIFE_EVENTS])
    on = models.DateField()
    other_id = models.UUIDField(null=True)  # a spouse, a mother
    household_id = models.UUIDField(null=True)
    place = models.CharField(max_length=160, blank=True)  # where to or from, in words
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "people_life_event"
        constraints = [models.UniqueConstraint(fields=["person", "kind", "on"], name="people_event_once")]


class Reminder(AuditedModel):
    """What the community still has to do about somebody, and by when."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=100, blank=True)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "people_reminder"
        indexes = [models.Index(fields=["region_path", "due_on"], condition=models.Q(done_on=None), name="people_reminder_open")]
        constraints = [models.UniqueConstraint(fields=["person", "kind"], condition=models.Q(done_on=None), name="people_reminder_once")]


class Merger(AuditedModel):
    """Two rows became one person: enough of it is kept that they can become two again. ``moved``: column -> keys of the rows that changed hands.

    ``before`` is JSON, encrypted: what both rows said, what was locked, what the one that stays took over besides.
    """

    audit_secret = ("before",)
    audit_ignore = ("moved",)

    stays = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    goes = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    choices = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)
    before = EncryptedText()
    region_path = PathField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    split_by = models.CharField(max_length=80, blank=True)
    split_at = models.DateTimeField(null=True)
    split_reason = models.CharField(max_length=200, blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "people_merger"
        indexes = [models.Index(fields=["region_path", "-made_at"], name="people_merger_newest")]
        constraints = [models.UniqueConstraint(fields=["goes"], condition=models.Q(split_at=None), name="people_merger_once")]
