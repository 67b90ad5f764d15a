"""What supervision tells the house."""
from linli.foundation.topics.engine import declare

declare("supervision.card_issued", live=True, public=True)
