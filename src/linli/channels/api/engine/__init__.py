"""Secrets and problem documents. No database."""

from linli.channels.api.engine.problems import problem, problem_response
from linli.channels.api.engine.secrets import new_client_id, new_secret, new_token, token_digest

__all__ = ["new_client_id", "new_secret", "new_token", "problem", "problem_response", "token_digest"]
