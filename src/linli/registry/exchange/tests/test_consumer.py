"""A subscriber that is killed at any page and goes on from the last position it kept ends with exactly the same register."""

from __future__ import annotations

import random
import threading
from typing import Any

import psycopg
import pytest

from linli.foundation.scope.actions import scoped
from linli.registry.exchange.models import Subscription
from linli.registry.exchange.tests.conftest import JOB, Office, Program, program
from linli.registry.people.models import Person

ROUNDS = 40


class Killed(Exception):  # noqa: N818 - it is no error
    """The power went."""


class Consumer:
    """What a subscriber keeps on disk: records and its position. A page and its position are kept together or not at all."""

    def __init__(self, reader: Program, sub: Subscription, dice: random.Random) -> None:
        self.reader, self.sub, self.dice = reader, sub, dice
        self.kept: dict[str, Any] = {}
        self.place, self.feed = "", ""
        self.deaths = 0

    def run(self) -> None:
        """Until there is nothing more; killed on the way every now and then."""
        while True:
            try:
                if not self._page():
                    return
            except Killed:
                self.deaths += 1

    def _get(self, path: str, **query: str) -> Any:
        if self.dice.random() < 0.2:
            raise Killed
        answer = self.reader.get(f"/{self.sub.pk}/{path}", limit=7, **query)
        assert answer.status_code == 200, answer.content
        if self.dice.random() < 0.2:
            raise Killed  # it had arrived, and was not kept
        return answer.json()

    def _page(self) -> bool:
        if not self.feed:
            body = self._get("records", **({"after": self.place} if self.place else {}))
            self.kept |= {one["id"]: one for one in body["records"]}
            self.place, self.feed = body["next"] or "", "" if body["next"] else body["changes_after"]
            return True
        body = self._get("changes", after=self.feed)
        for one in body["changes"]:
            for key, record in ((one["id"], one["record"]), (one.get("other"), one.get("other_record"))):
                if record is not None:
                    self.kept[key] = record
                elif key is not None:
                    self.kept.pop(key, None)
        self.feed = body["next"]
        return bool(body["more"])


class Writer(threading.Thread):
    """A second connection that inserts, changes, moves and removes people, several a transaction, some of them left open for a while."""

    def __init__(self, dsn: str, office: Office, seed: int) -> None:
        super().__init__()
        self.dsn, self.dice, self.going = dsn, random.Random(seed), threading.Event()
        self.places = [(str(office.regions[name].pk), office.regions[name].path) for name in ("Beihu", "Donghu")]
        self.columns = [str(f.column) for f in Person._meta.local_concrete_fields if not f.null or f.primary_key]
        self.wrong: BaseException | None = None

    def run(self) -> None:
        try:
            with psycopg.connect(self.dsn) as one, psycopg.connect(self.dsn) as other:
                self.going.set()
                for turn in range(ROUNDS):
                    link = (one, other)[turn % 2]
                    for _ in range(self.dice.randint(1, 6)):
                        self._write(link)
                    if self.dice.random() < 0.6:
                        (link.commit if self.dice.random() < 0.8 else link.rollback)()
                    other.commit()  # two open ones would wait for each other's rows
                    one.commit() if self.dice.random() < 0.5 or turn == ROUNDS - 1 else None
        except BaseException as error:
            self.wrong = error

    def _write(self, link: psycopg.Connection[Any]) -> None:
        found = link.execute("SELECT id FROM people_person ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED").fetchone()
        what, place = self.dice.choice(("new", "name", "name", "move", "remove")), self.dice.choice(self.places)
        name = f"n{self.dice.randrange(10**9)}"
        if what == "new" or found is None:
            values = {"name": name, "region_id": place[0], "region_path": place[1]}
            listed = ", ".join(["id", *(c for c in self.columns if c != "id")])
            marks = ", ".join(["gen_random_uuid()", *("%s" for c in self.columns if c != "id")])
            link.execute(f"INSERT INTO people_person ({listed}) VALUES ({marks})", [values.get(c, "") for c in self.columns if c != "id"])
        elif what == "name":
            link.execute("UPDATE people_person SET name = %s WHERE id = %s", [name, found[0]])
        elif what == "move":
            link.execute("UPDATE people_person SET region_id = %s, region_path = %s WHERE id = %s", [*place, found[0]])
        else:
            link.execute("DELETE FROM people_person WHERE id = %s", [found[0]])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_subscriber_killed_at_random_ends_with_the_same_register(seed: int, office: Office, cluster: Any, fresh_database: str) -> None:
    for n in range(25):
        office.person(f"p{n}", "Beihu" if n % 3 else "Donghu")
    reader = program()
    sub = office.subscribed(reader, fields=["name", "region"])
    consumer = Consumer(reader, sub, random.Random(seed))
    writer = Writer(cluster.dsn("linli_owner", fresh_database), office, seed)
    writer.start()
    writer.going.wait(10)
    while writer.is_alive():
        consumer.run()
    writer.join()
    assert writer.wrong is None, writer.wrong
    consumer.run()
    path = office.regions["Beihu"].path
    with scoped(JOB):
        here = {str(pk): name for pk, name in Person.objects.filter(region_path=path).values_list("id", "name")}
    assert {key: one["name"] for key, one in consumer.kept.items()} == here
    assert consumer.deaths > 3 and {one["region"] for one in consumer.kept.values()} <= {"360502001001"}
