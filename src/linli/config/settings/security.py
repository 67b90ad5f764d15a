"""Headers, cookies, content security policy. docs/security.md names the test of each."""

import os

from csp.constants import NONE, SELF

from linli.config.settings.environment import DEMO, EVENTS_URL, SITE_URL, TESTING

_https = not (DEMO or TESTING) and os.environ.get("LINLI_INSECURE_HTTP") != "1"
_lan = DEMO and SITE_URL.startswith("https:")  # the demo's own address for phones (`./linli demo --lan`)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SESSION_COOKIE_SECURE = _https or _lan
CSRF_COOKIE_SECURE = _https or _lan
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF, *([EVENTS_URL.rstrip("/")] if EVENTS_URL else [])],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
    }
}
