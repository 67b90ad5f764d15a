"""What supervision tells the house."""

from linli.cases.supervision.models import Clock, Suspension
from linli.foundation.topics.engine import declare
from linli.registry.people.actions.following import Column, following
from linli.registry.people.engine.merging import FOLLOWERS

declare("supervision.card_issued", live=True, public=True)
declare("supervision.cards_raised")  # up to 200 card ids, for those who write the messages
FOLLOWERS.register("supervision", following(Column(Clock, "party_id"), Column(Suspension, "party_id")))
