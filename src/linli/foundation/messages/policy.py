"""A message is seen by the one it was written to; jobs send it."""

from linli.foundation.messages.models import Message, ReceivedSms
from linli.foundation.scope.models import Own, Power, Protection, User
from linli.foundation.types import Actor

messages = Protection(Message, [User("user_id"), Own("party_id"), Power("system")], open_insert=True)
received = Protection(ReceivedSms, [Power("system")])


def can_view_log(actor: Actor) -> bool:
    """The delivery log names channels, states and masked addresses, never what was written."""
    return actor.may("admin.messages")
