"""Reaching people, and being reached: text messages, mail, virus scanner, sessions in use, identity limits."""

import hashlib
import hmac
import os

from linli.config.settings.environment import DEMO, SECRET_KEY, SITE_URL, TESTING

# SMS over HTTP: an operator's gateway, or in a demo our own local one (nothing leaves the machine, the real adapter is used).
SMS_GATEWAY_URL = os.environ.get("SMS_GATEWAY_URL", f"{SITE_URL.rstrip('/')}/local-gateway/messages/" if DEMO else "")
SMS_GATEWAY_KEY = os.environ.get("SMS_GATEWAY_KEY", "") or hmac.digest(SECRET_KEY.encode(), b"local sms gateway", hashlib.sha256).hex()
SMS_GATEWAY_TIMEOUT_S = 10
SMS_SIGNATURE = os.environ.get("SMS_SIGNATURE", "")  # the sender's name operators demand in front of the text; empty: the gateway adds it

HOTLINE = os.environ.get("LINLI_HOTLINE", "12345")

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("LINLI_SMTP_HOST", "")  # empty: no mail is written
EMAIL_PORT = int(os.environ.get("LINLI_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("LINLI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LINLI_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("LINLI_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("LINLI_MAIL_FROM", "linli@localhost")

CLAMD_SOCKET = os.environ.get("CLAMD_SOCKET", "")  # path of a unix socket or host:port; empty: files are not scanned
CLAMD_TIMEOUT_S = 30
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
IMPORT_MAX_BYTES = 95 * 1024 * 1024  # a table of another office; nginx lets through 100 MB

PHONE_UNUSED_DAYS = 180  # after that a phone may have a new holder
VERIFY_TRIES_A_DAY = 5
PASSWORD_DAYS = 90  # GB/T 22239-2019 level 3

# Programs of other offices that are told of changes: https at public addresses. Hosts of the government's own network are named one by one.
EXCHANGE_HOSTS = [host.strip().lower() for host in os.environ.get("LINLI_EXCHANGE_HOSTS", "").split(",") if host.strip()]
EXCHANGE_LOCAL = DEMO or TESTING  # http://127.0.0.1 is nobody else
EXCHANGE_TIMEOUT_S = 10

# Databases of other offices that are asked: only hosts named here, whatever a connector says (server-side request forgery).
CONNECTOR_HOSTS = [host.strip().lower() for host in os.environ.get("LINLI_CONNECTOR_HOSTS", "").split(",") if host.strip()]
CONNECTOR_LOCAL = TESTING  # a server of the tests
CONNECTOR_TIMEOUT_S = 30

# Map layers of other offices: https at public addresses. Hosts of the government's own network are named one by one.
MAP_HOSTS = [host.strip().lower() for host in os.environ.get("LINLI_MAP_HOSTS", "").split(",") if host.strip()]
MAP_LOCAL = TESTING  # a server of the tests
