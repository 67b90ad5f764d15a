"""Writes of the API door: partner systems, tokens, rate limits, replies."""

from linli.channels.api.actions.buckets import take
from linli.channels.api.actions.clients import NewClient, create_client, revoke_client, rotate_secret
from linli.channels.api.actions.replies import Reply, claim_reply, keep_reply
from linli.channels.api.actions.tokens import DOOR, TOKEN_SECONDS, IssuedToken, issue_token, revoke_token

__all__ = [
    "DOOR",
    "TOKEN_SECONDS",
    "IssuedToken",
    "NewClient",
    "Reply",
    "claim_reply",
    "create_client",
    "issue_token",
    "keep_reply",
    "revoke_client",
    "revoke_token",
    "rotate_secret",
    "take",
]
