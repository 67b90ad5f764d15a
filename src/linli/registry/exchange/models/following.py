"""A migration operation that makes a table's changes known to subscribers, whoever makes them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION exchange_follow_{entity}() RETURNS trigger LANGUAGE plpgsql AS $follow$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO exchange_change (entity, subject_id, op, fields, region_path)
    SELECT '{entity}', id, 'I', '[]', region_path FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO exchange_change (entity, subject_id, op, fields, region_path)
    SELECT '{entity}', id, 'D', '[]', region_path FROM old_rows;
  ELSE
    INSERT INTO exchange_change (entity, subject_id, op, fields, region_path)
    SELECT '{entity}', found.id, 'U', to_jsonb(found.fields), place.path
    FROM (
      SELECT n.id, o.region_path AS before, n.region_path AS after, array_remove(ARRAY[{differences}], NULL) AS fields
      FROM old_rows o JOIN new_rows n ON n.id = o.id
    ) AS found
    CROSS JOIN LATERAL (SELECT found.after AS path UNION SELECT found.before) AS place
    WHERE found.fields <> '{{}}';
  END IF;
  RETURN NULL;
END $follow$
"""
_TRIGGERS = (
    ("ins", "INSERT", "REFERENCING NEW TABLE AS new_rows"),
    ("upd", "UPDATE", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    ("del", "DELETE", "REFERENCING OLD TABLE AS old_rows"),
)
PLACE = "region_path"
"""The "field" that changed when a subject has moved: told whatever fields a subscriber has."""


class FollowChanges(migrations.RunSQL):
    """Statement-level triggers that write `exchange_change` for every INSERT, UPDATE and DELETE of ``table``.

    ``columns``: published item -> the column that tells whether it changed. For an encrypted value that is its blind index: ciphertext differs
    each time it is written. An UPDATE that changes none of them writes nothing. The table has the columns id and region_path.
    """

    def __init__(self, table: str, entity: str, columns: Mapping[str, str]) -> None:
        self.table, self.entity, self.columns = table, entity, dict(columns)
        watched = {**self.columns, PLACE: PLACE}
        differences = ",\n        ".join(
            f"CASE WHEN o.{column} IS DISTINCT FROM n.{column} THEN '{item}' END" for item, column in watched.items()
        )
        make = [_FUNCTION.format(entity=entity, differences=differences)]
        drop = []
        for short, event, tables in _TRIGGERS:
            drop.append(f"DROP TRIGGER IF EXISTS exchange_follow_{short} ON {table}")
            make.append(
                f"CREATE TRIGGER exchange_follow_{short} AFTER {event} ON {table} {tables} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION exchange_follow_{entity}()"
            )
        # the function comes first, then each trigger anew: the operation may be repeated with other columns
        super().__init__([make[0], *drop, *make[1:]], [*drop, f"DROP FUNCTION IF EXISTS exchange_follow_{entity}()"])

    def deconstruct(self) -> tuple[str, tuple[object, ...], dict[str, object]]:
        return type(self).__name__, (self.table, self.entity, self.columns), {}

    def describe(self) -> str:
        return f"Follow the changes of {self.table}"
