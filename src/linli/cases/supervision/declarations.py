"""What supervision tells the house."""

from linli.foundation.topics.engine import declare

declare("supervision.card_issued", live=True, public=True)
declare("supervision.cards_raised")  # up to 200 card ids, for those who write the messages
