"""Signing of ID tokens, and the protocol's library behind one class."""

from linli.foundation.signon.engine.keys import SigningKey, load_key, reseal
from linli.foundation.signon.engine.provider import CODE_GRANT, Provider, in_order
from linli.foundation.signon.engine.secrets import digest, new_secret, new_system_id

__all__ = ["CODE_GRANT", "Provider", "SigningKey", "digest", "in_order", "load_key", "new_secret", "new_system_id", "reseal"]
