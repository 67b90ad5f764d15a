"""Partner systems from the command line: `api_client create NAME --scopes ...`, `revoke ID`, `rotate ID`, `list`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linli.channels.api.actions import create_client, revoke_client, rotate_secret
from linli.channels.api.models import ApiClient
from linli.channels.api.queries import clients
from linli.foundation.access.engine.partners import SCOPES
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import LinliError

OPERATOR = system_actor("api_client", permissions=["admin.accounts"])


class Command(BaseCommand):
    help = "Register partner systems of the API. A secret is printed once and kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create")
        create.add_argument("name")
        create.add_argument("--scopes", nargs="+", default=list(SCOPES), metavar="SCOPE", help=", ".join(SCOPES))
        create.add_argument("--per-minute", type=int, default=600)
        create.add_argument("--burst", type=int, default=120)
        for verb in ("revoke", "rotate"):
            verbs.add_parser(verb).add_argument("client_id")
        verbs.add_parser("list")

    def handle(self, *args: Any, **options: Any) -> None:
        with scoped(OPERATOR) as scope:
            try:
                for line in self._run(scope.actor, options):
                    self.stdout.write(json.dumps(line, ensure_ascii=False))
            except LinliError as error:
                raise CommandError(str(error)) from error

    def _run(self, actor: Actor, options: dict[str, Any]) -> list[dict[str, Any]]:
        verb = options["verb"]
        if verb == "list":
            return [
                {"client_id": c.client_id, "name": c.name, "scopes": c.scopes, "revoked": c.revoked_at is not None} for c in clients(actor)
            ]
        if verb == "create":
            made = create_client(
                actor, name=options["name"], scopes=options["scopes"], per_minute=options["per_minute"], burst=options["burst"]
            )
            return [{"client_id": made.client.client_id, "client_secret": made.secret, "scopes": made.client.scopes}]
        client = self._client(actor, options["client_id"])
        if verb == "revoke":
            revoke_client(actor, client_pk=client.pk)
            return [{"client_id": client.client_id, "revoked": True}]
        made = rotate_secret(actor, client_pk=client.pk)
        return [{"client_id": client.client_id, "client_secret": made.secret}]

    def _client(self, actor: Actor, client_id: str) -> ApiClient:
        client = clients(actor).filter(client_id=client_id).first()
        if client is None:
            raise CommandError(f"there is no client {client_id}")
        return client
