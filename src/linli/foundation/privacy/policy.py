"""Who sees exports and requests of residents.

An export is seen by whoever ordered it, by those who approve in its region, and by the security administrator, who approves on the form, unseen.
A request is seen by the resident it is about and by staff of her region; who of them may read or decide it the functions below say.
"""

from __future__ import annotations

from linli.foundation.privacy.models import DataRequest, Export, Exported
from linli.foundation.scope.models import Own, Power, Protection, Region, User
from linli.foundation.types import Actor

exports = Protection(Export, [User("ordered_by"), Region("region_path"), Power("admin.roles"), Power("system")])
exported = Protection(Exported, [Power("system")])
requests = Protection(DataRequest, [Region("region_path"), Own("person_id"), Power("system")])


def may_approve(actor: Actor, export: Export) -> bool:
    """Another person than the orderer and those who have approved; whether they may at all the permission says."""
    taken = {str(export.ordered_by), *(one["account"] for one in export.approvals)}
    return actor.may("export.approve") and str(actor.user_id) not in taken


def may_fetch(actor: Actor, export: Export) -> bool:
    """Nobody but the orderer gets the file."""
    return actor.user_id == export.ordered_by


def may_decide(actor: Actor, request: DataRequest) -> bool:
    """Nobody decides what she asked for herself, nor what she took down at the counter."""
    own = actor.party_id == request.person_id or actor.user_id == request.filed_by
    return actor.may("privacy.decide") and actor.sees(request.region_path) and not own


def may_hand_over(actor: Actor, request: DataRequest) -> bool:
    """A copy that was asked for at the counter is handed over there."""
    return request.channel == "counter" and actor.may("privacy.file") and actor.sees(request.region_path)
