"""Lookups of our own."""

from __future__ import annotations

from typing import Any

from django.db.models import BinaryField, Field, Lookup


@Field.register_lookup
class Among(Lookup):
    """`field__among=values`: one of many values. One parameter, and so one statement, however many there are; `in` has a parameter for each."""

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return [self.lhs.output_field.get_prep_value(value) for value in self.rhs]

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        field = self.lhs.output_field
        if isinstance(field, BinaryField):  # as PostgreSQL writes them: quoting them one by one takes as long as looking them up
            return "%s", ["{" + ",".join(f'"\\\\x{bytes(one).hex()}"' for one in value) + "}"]
        return "%s", [[field.get_db_prep_value(one, connection, True) for one in value]]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        right, values = self.process_rhs(compiler, connection)
        kind = (self.lhs.output_field.db_type(connection) or "").partition("(")[0]
        return f"{left} = ANY({right}::{kind}[])", [*params, *values]
