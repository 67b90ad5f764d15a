"""A message is seen by the one it was written to; jobs send it."""
from linli.foundation.messages.models import Message
from linli.foundation.scope.models import Own, Power, Protection, User

messages = Protection(Message, [User("user_id"), Own("party_id"), Power("system")], open_insert=True)
