"""Grants and row-level-security policies, remade from the code; run as linli_owner after every migrate."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from linli.foundation.scope.models import PROTECTIONS

BASE = [
    "GRANT USAGE ON SCHEMA public TO linli_app, linli_backup",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO linli_app",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO linli_backup",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO linli_app",
    "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO linli_backup",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO linli_app",
    "REVOKE UPDATE, DELETE ON audit_entry, audit_batch FROM linli_app",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM linli_app",
]


class Command(BaseCommand):
    help = "Give the application role its rights and (re)make the row-level-security policies."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in BASE:
                cursor.execute(statement)
            for _, protection in PROTECTIONS.items():
                for statement in protection.policy_sql():
                    cursor.execute(statement)
        self.stdout.write(f"policies on {len(list(PROTECTIONS.items()))} tables")
