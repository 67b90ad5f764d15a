"""What the applicant paid for a case: the fact that rule R09 compares with the fee the matter states (services.md 2.6)."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile import policy
from linli.cases.casefile.actions.running import arm_clock, tell
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.cases import get_case
from linli.foundation.actions.actions import action, require
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Invalid

CENT = Decimal("0.01")
MOST = Decimal(1_000_000)  # yuan; more is a slip of the finger


@action("cases.view", audit="cases.fee_recorded")
def record_fee(actor: Actor, *, case_id: UUID, amount: Decimal, receipt: str = "") -> Case:
    """Note what was paid for this case in all, in yuan, with the number of the receipt; a later entry (a refund) replaces it.

    An amount that is not the matter's fee, or any amount where the matter is free, is a red card at once. Errors: NOT_ALLOWED, FEE_AMOUNT,
    FEE_RECEIPT.
    """
    case = get_case(actor, case_id, lock=True)
    require(policy.can_record_fee(actor, case), gettext_noop("Who takes applications in, or supervises, records what was paid."))
    if not (amount.is_finite() and 0 <= amount < MOST and amount == amount.quantize(CENT)):
        raise Invalid("FEE_AMOUNT", gettext_noop("An amount in yuan, with at most two decimals."), field="amount")
    if amount and not receipt.strip():
        raise Invalid("FEE_RECEIPT", gettext_noop("Give the number of the receipt the applicant was handed."), field="receipt")
    now = timezone.now()
    case.fee_charged = amount.quantize(CENT)
    case.save(update_fields=["fee_charged"])
    arm_clock(case, now=now)
    text = (
        gettext_noop("Paid for this case: %(amount)s yuan (receipt %(receipt)s)")
        if amount
        else gettext_noop("Nothing was paid for this case")
    )
    tell(case, actor, "fee", text, now=now, amount=f"{case.fee_charged:.2f}", receipt=receipt.strip())
    emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return case
