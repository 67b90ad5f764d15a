"""The one statement that writes a batch of copies: seeds (what is their own) joined with moulds (what they share).

COPY is refused on tables with row-level security, so the seeds come as one text and PostgreSQL takes it apart; every child row is
then made inside the server. The statement runs as the job's actor under the same policies as everything else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection

from linli.cases.casefile.engine.stamp_mould import Mould

FIELD, ROW, ITEM, NULL = "\x1f", "\x1e", "\x1d", "\\N"

# name, SQL type; the order in which a seed's texts stand
SEED: Final = (
    ("id", "uuid"),
    ("base", "text"),
    ("mould", "int"),
    ("number", "text"),
    ("party", "uuid"),
    ("applicant", "text"),
    ("id_index", "hex"),
    ("last4", "text"),
    ("phone", "hex"),
    ("account", "uuid"),
    ("region", "uuid"),
    ("path", "text"),
    ("at", "timestamptz[]"),
    ("offices", "uuid[]"),
    ("office_names", "text[]"),
    ("officers", "uuid[]"),
    ("officer_names", "text[]"),
    ("holders", "uuid[]"),
    ("holder_names", "text[]"),
    ("task_due", "timestamptz[]"),
    ("due", "timestamptz"),
    ("statutory", "timestamptz"),
    ("explanation", "jsonb"),
    ("provisional", "boolean"),
    ("due_text", "text"),
    ("until", "text"),
    ("item", "text"),
    ("reason", "text"),
    ("reply", "text"),
    ("process", "text"),
    ("form", "hex"),
    ("decision", "jsonb"),
    ("codes", "text[]"),
    ("key", "text"),
)
MADE = "lpad(to_hex(k.n), 4, '0')"


def _column(place: int, name: str, kind: str) -> str:
    value = f"c[{place}]"
    if kind == "hex":
        return f"decode({value}, 'hex') AS {name}"
    if kind.endswith("[]"):
        return f"string_to_array({value}, chr(29), '{NULL}')::{kind} AS {name}"
    return f"{value}::{kind} AS {name}"


def _from(columns: str, source: str) -> str:
    return f"FROM seed s JOIN jsonb_to_recordset(%({source})s::jsonb) AS k({columns}) USING (mould)"


WORDS = "replace(replace(replace(replace(replace({0}, '@due@', s.due_text), '@until@', s.until), '@item@', s.item), '@reason@', s.reason), '@reply@', s.reply)"
STATEMENT: Final = f"""
WITH seed AS MATERIALIZED (
  SELECT {", ".join(_column(n, *column) for n, column in enumerate(SEED, 1))}
  FROM (SELECT string_to_array(line, chr(31), '{NULL}') AS c FROM string_to_table(%(seeds)s, chr(30)) AS line OFFSET 0) AS lines),
cases AS (INSERT INTO casefile_case (id, number, version_id, matter_code, title, line, level, party_id, applicant, id_index, id_last4, phone, agent_name, created_by, channel,
    region_id, region_path, unit_id, state, outcome, submitted_at, accepted_at, decided_at, closed_at, delivered_at, noticed_at, due_at, accepted_by, decided_by, first_contact,
    deemed_accepted, corrections, suspensions, decision, submission_key)
  SELECT s.id, s.number, k.version_id, k.matter_code, k.title, k.line, k.level, s.party, s.applicant, s.id_index, s.last4, s.phone, '',
    CASE WHEN k.channel = 'counter' THEN s.officers[1] ELSE s.account END, k.channel, s.region, s.path, s.offices[k.unit], k.state, k.outcome,
    s.at[k.submitted_at], s.at[k.accepted_at], s.at[k.decided_at], s.at[k.closed_at], s.at[k.delivered_at], s.at[k.noticed_at], s.due,
    s.officers[k.accepted_by], s.officers[k.decided_by], s.officers[k.first_contact], k.deemed_accepted, k.corrections, k.suspensions, s.decision, s.key
  {
    _from(
        '''mould int, version_id uuid, matter_code text, title text, line text, level smallint, channel text, unit int, state text, outcome text, submitted_at int, accepted_at int,
    decided_at int, closed_at int, delivered_at int, noticed_at int, accepted_by int, decided_by int, first_contact int, deemed_accepted boolean, corrections smallint, suspensions smallint''',
        "cases",
    )
}),
forms AS (INSERT INTO casefile_form (id, case_id, data, revision) SELECT (s.base || '0001')::uuid, s.id, s.form, k.corrections + 1
  {_from("mould int, corrections smallint", "cases")}),
processes AS (INSERT INTO casefile_process (case_id, state) SELECT s.id, s.process FROM seed s),
tasks AS (INSERT INTO casefile_task (id, case_id, step_id, token_id, name, kind, line, level, region_path, unit_id, unit_name, assignee_id, assignee_name, number, matter_code,
    title, applicant, state, outcome, opinion, people, opened_at, due_at, done_at, done_by, done_by_name)
  SELECT (s.base || {
    MADE
})::uuid, s.id, k.step_id, k.token_id, k.name, k.kind, k.line, k.level, s.path, s.offices[k.office], coalesce(s.office_names[k.office], ''),
    CASE WHEN k.state = 'open' THEN s.holders[k.place] END, CASE WHEN k.state = 'open' THEN coalesce(s.holder_names[k.place], '') ELSE '' END, s.number, k.matter_code,
    k.title, s.applicant, k.state, k.outcome, replace(replace(k.opinion, '@reason@', s.reason), '@reply@', s.reply), k.people, s.at[k.opened], s.task_due[k.place], s.at[k.done],
    s.officers[k.by], coalesce(s.officer_names[k.by], '')
  {
    _from(
        '''mould int, n int, place int, step_id text, token_id text, name text, kind text, line text, level smallint, office int, matter_code text, title text, state text, outcome text,
    opinion text, people smallint, opened int, done int, by int''',
        "tasks",
    )
}),
story AS (INSERT INTO casefile_timeline (id, case_id, at, kind, text, params, public, actor_label)
  SELECT (s.base || {MADE})::uuid, s.id, s.at[k.at], k.kind, k.text, (CASE WHEN k.params LIKE '%%@%%' THEN {
    WORDS.format("replace(k.params, '@name@', coalesce(s.officer_names[k.named], ''))")
} ELSE k.params END)::jsonb, k.public,
    CASE WHEN k.office IS NOT NULL THEN coalesce(s.office_names[k.office], '') WHEN k.officer IS NOT NULL THEN coalesce(s.officer_names[k.officer], '')
      WHEN k.label = '@applicant@' THEN s.applicant ELSE k.label END
  {
    _from(
        "mould int, n int, at int, kind text, text text, params text, public boolean, office int, officer int, named int, label text",
        "timeline",
    )
}),
papers AS (INSERT INTO casefile_paper (id, case_id, kind, title, number, verify_code, context, state, issued_at, issued_by, delivered_at, public)
  SELECT (s.base || {MADE})::uuid, s.id, k.kind, k.title, s.number || '-' || lpad(k.place::text, 2, '0'), s.codes[k.place],
    CASE WHEN k.kind = 'result' THEN coalesce(s.decision #> '{{verdict,values}}', '{{}}') ELSE (CASE WHEN k.context LIKE '%%@%%' THEN {
    WORDS.format("k.context")
} ELSE k.context END)::jsonb END,
    'waiting', s.at[k.issued], CASE WHEN k.citizen THEN s.account ELSE s.officers[k.by] END, s.at[k.delivered], k.public
  {
    _from(
        "mould int, n int, place int, kind text, title text, context text, issued int, by int, citizen boolean, delivered int, public boolean",
        "papers",
    )
}),
materials AS (INSERT INTO casefile_material (id, case_id, key, name, state, note) SELECT (s.base || {
    MADE
})::uuid, s.id, k.key, k.name, k.state, k.note
  {_from("mould int, n int, key text, name text, state text, note text", "materials")}),
participants AS (INSERT INTO casefile_participant (id, case_id, unit_id, kind) SELECT (s.base || {
    MADE
})::uuid, s.id, s.offices[k.office], k.kind
  {_from("mould int, n int, office int, kind text", "participants")} WHERE s.offices[k.office] IS NOT NULL ON CONFLICT DO NOTHING),
suspended AS (INSERT INTO supervision_suspension (id, subject_kind, subject_id, region_path, party_id, reason, basis, since, until, longest_days, approved_by)
  SELECT (s.base || {
    MADE
})::uuid, 'case', s.id, s.path, s.party, k.reason, k.basis, s.at[k.since], s.at[k.until], k.longest_days, s.officers[k.by]
  {_from("mould int, n int, reason text, basis text, since int, until int, longest_days smallint, by int", "suspensions")}),
clocks AS (INSERT INTO supervision_clock (id, subject_kind, subject_id, number, title, region_path, line, party_id, unit_id, unit_name, cycle, promised_due, statutory_due,
    explanation, provisional, calendar_version)
  SELECT (s.base || '0002')::uuid, 'case', s.id, s.number, k.title, s.path, k.line, s.party, s.offices[k.office], CASE WHEN k.named THEN s.office_names[k.office] ELSE '' END,
    k.cycle, s.due, s.statutory, s.explanation, s.provisional, %(calendar)s
  {_from("mould int, title text, line text, office int, named boolean, cycle smallint", "clocks")})
SELECT count(*) FROM seed
"""
RUNGS: Final = """INSERT INTO supervision_rung (clock_id, rule, colour, period, reason, params, fire_at, claimed_at)
  SELECT c[1]::uuid, c[2], c[3], c[4], c[5], c[6]::jsonb, c[7]::timestamptz, c[8]::timestamptz
  FROM (SELECT string_to_array(line, chr(31), '\\N') AS c FROM string_to_table(%s, chr(30)) AS line OFFSET 0) AS lines"""
CARDS: Final = """INSERT INTO supervision_card (id, number, rule, colour, subject_kind, subject_id, subject_number, subject_title, region_path, line, unit_id, unit_name, period, reason,
    params, issued_at, reply_due_at, state, reply, appeal)
  SELECT c[1]::uuid, '', c[2], c[3], 'case', c[4]::uuid, c[5], c[6], c[7], c[8], c[9]::uuid, c[10], c[11], c[12], c[13]::jsonb, c[14]::timestamptz, c[15]::timestamptz, c[16], c[17], ''
  FROM (SELECT string_to_array(line, chr(31), '\\N') AS c FROM string_to_table(%s, chr(30)) AS line OFFSET 0) AS lines ON CONFLICT DO NOTHING"""
SERIALS: Final = """INSERT INTO casefile_serial (key, last) SELECT key, last FROM jsonb_to_recordset(%s::jsonb) AS s(key text, last int)
  ON CONFLICT (key) DO UPDATE SET last = greatest(casefile_serial.last, excluded.last)"""


def templates(moulds: Sequence[Mould]) -> dict[str, str]:
    """The moulds as JSON for the statement. Moments, offices and officers count from one there, as PostgreSQL's arrays do; -1 and None are nobody."""
    found: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("cases", "tasks", "timeline", "papers", "materials", "participants", "suspensions", "clocks")
    }
    for number, mould in enumerate(moulds):
        case = mould.case
        found["cases"].append(
            {
                "mould": number,
                **_from_one(case, ("unit", "accepted_by", "decided_by", "first_contact", *(n for n in case if n.endswith("_at")))),
            }
        )
        shared = {name: case[name] for name in ("line", "level", "matter_code", "title")}
        n = 16  # the first 15 child keys are those of form and clock
        for name, marks in (
            ("tasks", ("office", "opened", "done", "by")),
            ("timeline", ("at", "office", "officer", "named")),
            ("papers", ("issued", "by", "delivered")),
            ("materials", ()),
            ("participants", ("office",)),
            ("suspensions", ("since", "until", "by")),
        ):
            for place, row in enumerate(getattr(mould, name), 1):
                found[name].append(
                    {"mould": number, "n": n, "place": place, **(shared if name == "tasks" else {}), **_from_one(row, marks)}
                )
                n += 1
        found["clocks"].append({"mould": number, "title": case["title"], "line": case["line"], **_from_one(mould.clock, ("office",))})
    return {name: json.dumps(rows, ensure_ascii=False, default=str) for name, rows in found.items()}


def _from_one(row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    wanted = set(names)
    return {k: (None if v is None or v < 0 else v + 1) if k in wanted else v for k, v in row.items()}


def write_batch(seeds: list[str], rungs: list[str], cards: list[str], moulds: dict[str, str], calendar_version: int) -> None:
    """Write one batch of copies."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"seeds": ROW.join(seeds), "calendar": calendar_version, **moulds})
        if rungs:
            cursor.execute(RUNGS, [ROW.join(rungs)])
        if cards:
            cursor.execute(CARDS, [ROW.join(cards)])


def write_serials(last: dict[str, int]) -> None:
    """The running numbers used, so that none is given twice."""
    with connection.cursor() as cursor:
        cursor.execute(SERIALS, [json.dumps([{"key": k, "last": v} for k, v in last.items()])])
