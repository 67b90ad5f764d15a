"""What a paper says: the variables of packs/*/papers/README.md, read from the case at the moment of printing."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.cases.casefile.engine import qr_svg, query_code
from linli.cases.casefile.models import Case, CaseForm, Material, Paper
from linli.cases.casefile.queries.cases import definition_for
from linli.cases.casefile.queries.extending import extension_values
from linli.cases.casefile.queries.step_forms import notice_row, printed_rows, signers_of
from linli.cases.catalogue.types import MatterSpec, Term
from linli.foundation.accounts.models import User
from linli.foundation.regions.queries import names_above
from linli.foundation.units.models import Unit
from linli.lib.errors import NotFound
from linli.lib.masking import mask_bank_card, mask_id_number, mask_phone
from linli.records.forms.engine import plain


def paper_values(paper: Paper) -> tuple[dict[str, str], str, dict[str, Any]]:
    """(template sources of the case's version, template name, variables) of one paper."""
    case = Case.objects.select_related("region", "unit").get(pk=paper.case_id)
    chosen = definition_for(case)
    form = json.loads(CaseForm.objects.get(case=case).data)
    with override(settings.LANGUAGE_CODE):
        values = {
            **_head(case, chosen.spec, paper, form),
            **_dates(case, chosen.spec),
            **_materials(case, paper),
            **_decision(case, chosen.spec, paper, form),
        }
        longer = extension_values(paper, chosen.spec)
        values |= {"extended_text": longer["extended_text"], "former_due_text": due_day(longer["former_due_at"])}
    return chosen.papers, chosen.spec.papers[paper.kind], values


def _head(case: Case, spec: MatterSpec, paper: Paper, form: dict[str, Any]) -> dict[str, Any]:
    unit = case.unit or Unit.objects.filter(region=case.region, valid_to=None).order_by("line").first()
    officer = (
        User.objects.filter(pk=paper.issued_by).exclude(kind="citizen").values_list("name", flat=True).first() if paper.issued_by else None
    )
    url = settings.SITE_URL.rstrip("/") + reverse("casefile_verify", args=[paper.verify_code])
    number = str(form.get("applicant_id_number") or "")
    return {
        "case_no": case.number,
        "query_code": query_code(case.number) if paper.kind == "receipt" else "",
        "matter": case.title,
        "matter_code": case.matter_code,
        "applicant": case.applicant,
        "masked_id": mask_id_number(number) if number else "",
        "masked_phone": mask_phone(case.phone) if case.phone else "",
        "agent": case.agent_name,
        "agent_relation": _said(case, form, "agent_relation"),
        "unit": unit.name if unit else "",
        "officer": officer or _("Online"),
        "today": timezone.localtime(paper.issued_at),
        "paper_no": paper.number,
        "seal_text": unit.name if unit else "",
        "seal_purpose": _("for service matters"),
        "verify_url": url,
        "qr_svg": qr_svg(url),
        "consult_tel": spec.consult_tel,
        "complaint_tel": spec.complaint_tel,
    }


def term_text(term: Term | None) -> str:
    """A time limit in words."""
    if term is None:
        return ""
    names = {"W": _("%(n)s working days"), "N": _("%(n)s days"), "M": _("%(n)s months"), "H": _("%(n)s hours")}
    return names[term.unit] % {"n": term.amount} if term.amount else _("at once")


def due_day(moment: datetime | None) -> str:
    """The last day on which something can be done (a due instant is the first that is too late), the way the language writes dates."""
    return date_format(timezone.localtime(moment - timedelta(microseconds=1)), "DATE_FORMAT") if moment else ""


def _dates(case: Case, spec: MatterSpec) -> dict[str, Any]:
    return {
        "submitted_at": timezone.localtime(case.submitted_at),
        "accepted_at": timezone.localtime(case.accepted_at) if case.accepted_at else None,
        "due_text": due_day(case.due_at),
        "promised_text": term_text(spec.promised),
        "deemed": case.deemed_accepted,
        "delivered_at": timezone.localtime(case.delivered_at) if case.delivered_at else None,
    }


def _materials(case: Case, paper: Paper) -> dict[str, Any]:
    words = {
        "given": _("received"),
        "shared": _("proved by shared data, not needed"),
        "waived": _("not needed"),
        "missing": _("to be shown"),
        "promised": _("to follow"),
    }
    rows = list(Material.objects.filter(case=case).order_by("id"))
    correction = paper.context.get("items", [])
    return {
        "materials": [
            {
                "name": m.name,
                "form": _("electronic") if m.file_id or m.state == "shared" else _("paper"),
                "copies": 1,
                "state": words[m.state],
            }
            for m in rows
        ],
        "tolerated": [{"name": m.name, "promised_on": m.promised_until} for m in rows if m.state == "promised"],
        "missing": [{"name": item, "reason": paper.context.get("note", ""), "how": ""} for item in correction],
        "until": _as_date(paper.context.get("until")),
        "repeated": case.corrections > 1,
    }


def _decision(case: Case, spec: MatterSpec, paper: Paper, form: dict[str, Any]) -> dict[str, Any]:
    verdict = case.decision.get("verdict") or {}
    values = verdict.get("values", {})
    result = spec.results[0] if spec.results else None
    account = str(form.get("bank_account") or "")
    return {
        "granted": case.outcome == "granted",
        "reason": paper.context.get("reason", ""),
        "where_to": paper.context.get("turn_to", ""),
        "basis": "; ".join(f"{b.title}{b.article}" for b in spec.legal_basis[:2]),
        "failed": [r["text"] for r in verdict.get("reasons", []) if r.get("passed") is False],
        "remedy": spec.remedy.model_dump() if spec.remedy else None,
        "result_name": paper.title or (result.name if result else ""),
        "result_no": paper.number,
        "amount": values.get("amount", ""),
        "start_month": _as_date(values.get("start_month")) or timezone.localdate(case.submitted_at).replace(day=1),
        "account_masked": mask_bank_card(account) if account else "",
        **_of_step(case, paper),
        "delivered_papers": [p.title for p in case.papers.exclude(kind__in=("receipt", "delivery"))],
        "delivery_form": _("electronic"),
        "receiver": case.agent_name or case.applicant,
        "sex": _said(case, form, "sex"),
        "birth_date": _as_date(form.get("birth_date")),
        "card_type": values.get("card_type", ""),
        "issuer_city": names_above(case.region_path)[0],
        "subject": form.get("subject", ""),
        "findings": _findings(case),
        "reply": case.decision.get("reason", ""),
    }


def _of_step(case: Case, paper: Paper) -> dict[str, Any]:
    """What a paper prints of an office's own form: a public notice its one line, the form of a step its answers and who signed."""
    context = paper.context
    if paper.kind == "publicity":
        posted = {"publicity_from": _as_date(context.get("since")), "publicity_to": _as_date(context.get("until"))}
        return {"rows": [notice_row(case)], **posted, "publicity_days_text": _("%(n)s days") % {"n": context.get("days", "")}}
    return {"rows": printed_rows(case, context.get("task", "")), "signers": signers_of(case, context.get("task", ""))}


def _said(case: Case, form: dict[str, Any], key: str) -> str:
    """An answer as a person reads it (a choice's label, not its code)."""
    for line in plain(definition_for(case).form, form, reveal=True):
        if line.path == key:
            return str(line.value)
    return ""


def _findings(case: Case) -> str:
    """What the handling unit found (a complaint's reply step)."""
    return case.tasks.filter(kind="reply", state="done").order_by("-done_at").values_list("opinion", flat=True).first() or ""


def _as_date(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def verified_paper(code: str) -> Paper:
    """A genuine paper by the code printed on it; read with a job's rights and shown without personal data."""
    paper = Paper.objects.select_related("case").filter(verify_code=code.strip().upper(), state__in=("waiting", "ready")).first()
    if paper is None:
        raise NotFound(
            "PAPER", _("No paper with this code was issued by us."), hint=_("Compare the code with the one printed beside the QR code.")
        )
    return paper
