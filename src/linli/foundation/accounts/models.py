"""Accounts, who holds which post, absences, mandates."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, ProtectedManager
from linli.foundation.units.models import Post


class UserKind(models.TextChoices):
    CITIZEN = "citizen", "citizen"
    STAFF = "staff", "staff"
    PARTNER = "partner", "partner"


class Assurance(models.IntegerChoices):
    """How surely we know who signs in (DESIGN, "Rights")."""

    PHONE = 0, "phone only"
    MATCHED = 1, "matched to one person"
    SEEN = 2, "seen at a counter"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AuditedModel, AbstractBaseUser):
    """One account for every door. Staff have a user name, citizens a phone."""

    audit_secret = ("password", "phone", "phone_index", "id_tail")
    audit_ignore = ("last_login", "last_seen")

    username = models.CharField(max_length=40, unique=True, null=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=UserKind.choices)
    email = models.EmailField(blank=True)
    phone = EncryptedText()
    phone_index = models.BinaryField(max_length=16, null=True, unique=True)
    assurance = models.SmallIntegerField(choices=Assurance.choices, default=Assurance.PHONE)
    person_id = models.UUIDField(null=True, db_index=True)
    id_tail = models.BinaryField(max_length=16, null=True)  # keyed digest of the last four of the ID number, asked of a phone long unused
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    failed_sign_ins = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    last_seen = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "accounts_user"

    # what django.contrib asks of a user model
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def get_full_name(self) -> str:
        return self.name


class PostHolding(AuditedModel):
    """Who holds a post, from when to when. ``acting_for`` marks the second of an A/B pair standing in during an absence."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    since = models.DateField()
    until = models.DateField(null=True)
    acting_for = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="stand_ins")

    class Meta:
        db_table = "accounts_holding"


class Absence(AuditedModel):
    """Days a person is away and who stands in."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="standing_in")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "accounts_absence"


class Mandate(AuditedModel):
    """The right to act for another person: dated, revocable, shown on every case it was used for."""

    grantor_id = models.UUIDField(db_index=True)  # person
    grantor_name = models.CharField(max_length=60)
    grantee_id = models.UUIDField(db_index=True)
    grantee_name = models.CharField(max_length=60)
    region_path = PathField()
    kind = models.CharField(max_length=20, choices=[(k, k) for k in ("family", "guardian", "helper", "legal")])
    matters = models.JSONField(default=list)  # matter codes; empty is all
    since = models.DateField()
    until = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    evidence_file = models.UUIDField(null=True)
    ground = models.CharField(max_length=20, blank=True, choices=[(k, k) for k in ("minor", "incapable")])  # of a guardianship
    document = models.CharField(max_length=120, blank=True)  # number of the paper that proves it
    body_code = models.CharField(max_length=18, blank=True)  # unified social credit code of the organisation that is represented

    objects = ProtectedManager()

    class Meta:
        db_table = "accounts_mandate"


class SignInCode(models.Model):
    """A one-time code sent to a phone. Only its digest is kept."""

    id = models.BigAutoField(primary_key=True)
    phone_index = models.BinaryField(max_length=16, db_index=True)
    purpose = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        db_table = "accounts_code"


class PasswordUsed(models.Model):
    """A password somebody had, as its hash: the last five may not come back (GB/T 22239-2019, level 3)."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passwords_used")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        db_table = "accounts_password"
        indexes = [models.Index(fields=["user", "-at"], name="accounts_password_user")]


class SecondFactor(AuditedModel):
    """A time-based one-time password (RFC 6238) of a member of staff. ``last_step`` makes a code work once."""

    audit_secret = ("secret", "recovery")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = EncryptedText()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    recovery = models.JSONField(default=list)  # keyed digests of the unused recovery codes

    class Meta:
        db_table = "accounts_second_factor"


class Passkey(AuditedModel):
    """A WebAuthn credential of an account. The private key never leaves the device; ``sign_count`` tells a copied one (0: it does not count)."""

    audit_secret = ("credential_id", "public_key")
    audit_ignore = ("last_used_at",)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=2048)  # COSE
    sign_count = models.BigIntegerField(default=0)
    transports = models.JSONField(default=list)  # how a browser reaches the device ("internal", "usb", ...), a hint
    name = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_passkey"


class PasskeyChallenge(models.Model):
    """Random bytes a passkey signs, once, within minutes. Only the session it was made for knows the row's number."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    purpose = models.CharField(max_length=20)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")  # whose, where that is known before
    challenge = models.BinaryField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        db_table = "accounts_passkey_challenge"
        indexes = [models.Index(fields=["address", "made_at"], name="accounts_challenge_pace")]


class Attempt(models.Model):
    """One try at something that is limited, counted across processes. ``key`` is an account's id or a network address."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        db_table = "accounts_attempt"
        indexes = [models.Index(fields=["kind", "key", "at"], name="accounts_attempt_count")]
