"""OpenID Connect by oauthlib, narrowed to what we offer: authorization code with PKCE (S256), no refresh tokens, no other flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant

from linli.foundation.signon.engine.secrets import new_secret
from linli.foundation.signon.types import Answer
from linli.lib.errors import Invalid

CODE_GRANT = "authorization_code"


class Provider(AuthorizationEndpoint, TokenEndpoint):  # type: ignore[misc]  # oauthlib ships no types
    """The two addresses where a person's browser and a system's server ask; ``validator`` is our side (actions.validator)."""

    def __init__(self, validator: Any, *, token_seconds: int) -> None:
        grant = AuthorizationCodeGrant(validator, refresh_token=False)
        grant.proxy_target._code_challenge_methods = {"S256": code_challenge_method_s256}
        bearer = BearerToken(validator, lambda request: new_secret(), token_seconds)
        AuthorizationEndpoint.__init__(self, default_response_type="code", default_token_type=bearer, response_types={"code": grant})
        TokenEndpoint.__init__(self, default_grant_type=CODE_GRANT, default_token_type=bearer, grant_types={CODE_GRANT: grant})


def in_order(ask: Callable[[], Any]) -> Any | Answer:
    """The result of a call of the library, or the redirect that tells the system what is wrong.

    SIGN_ON_UNKNOWN (400) when not even that is possible: an unknown system, or an address it did not register.
    """
    try:
        return ask()
    except errors.FatalClientError as error:
        raise Invalid(
            "SIGN_ON_UNKNOWN",
            "Another system sent you here in a way we do not know.",
            hint="Go back and tell those who run that system. Nothing of you was passed on.",
            status=400,
            data={"reason": error.error},
        ) from error
    except errors.OAuth2Error as error:
        return Answer(302, {"Location": error.in_uri(error.redirect_uri)})
