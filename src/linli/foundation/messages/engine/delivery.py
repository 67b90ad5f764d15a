"""Adapters to what carries messages: SMS gateways over HTTP, mail over SMTP. None of them touches the database."""

from __future__ import annotations

import json
import smtplib
import time
from collections.abc import Callable

import httpx
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import BadHeaderError

from linli.foundation.messages.engine.signature import sign
from linli.foundation.messages.types import DeliveryError, Outgoing
from linli.lib.registry import Registry

ADAPTERS: Registry[Callable[[Outgoing], str]] = Registry("message channel")
MOST_TRIES = 8
_FIRST_WAIT_S = 15


def backoff_s(tries: int) -> int:
    """Seconds until the next try after ``tries`` failures: 15, 30, 60 ... (32 minutes in all before the eighth)."""
    return int(_FIRST_WAIT_S * 2 ** max(0, tries - 1))


def deliver(channel: str, message: Outgoing) -> str:
    """Hand a message to its channel; the gateway's own id for it, perhaps empty. `DeliveryError` otherwise."""
    return ADAPTERS.get(channel)(message)


def send_sms(message: Outgoing) -> str:
    """POST to the gateway named by SMS_GATEWAY_URL, signed; 2xx is taken, 4xx but 408 and 429 is final."""
    if not settings.SMS_GATEWAY_URL:
        raise DeliveryError("SMS_GATEWAY_URL is not set")
    body = json.dumps(
        {"id": str(message.message_id), "to": message.address, "text": settings.SMS_SIGNATURE + message.body}, ensure_ascii=False
    ).encode()
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": str(message.message_id),
        "X-Linli-Timestamp": timestamp,
        "X-Linli-Signature": sign(settings.SMS_GATEWAY_KEY, timestamp, body),
    }
    try:
        # trust_env=False: a proxy of the environment must not read text messages
        with httpx.Client(timeout=settings.SMS_GATEWAY_TIMEOUT_S, trust_env=False) as client:
            answer = client.post(settings.SMS_GATEWAY_URL, content=body, headers=headers)
    except httpx.HTTPError as error:
        raise DeliveryError(type(error).__name__) from error
    if answer.status_code >= 300:
        final = 400 <= answer.status_code < 500 and answer.status_code not in (401, 403, 404, 408, 429)
        raise DeliveryError(f"HTTP {answer.status_code}", final=final)
    try:
        told = answer.json()
    except ValueError:
        return ""
    return str(told.get("id", ""))[:60] if isinstance(told, dict) else ""


def send_mail(message: Outgoing) -> str:
    """Plain-text mail over the SMTP server of the settings."""
    if not settings.EMAIL_HOST:
        raise DeliveryError("LINLI_SMTP_HOST is not set")
    mail = EmailMessage(message.subject, message.body, to=[message.address], headers={"Message-ID": f"<{message.message_id}@linli>"})
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise DeliveryError("recipient refused", final=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(type(error).__name__) from error
    except BadHeaderError as error:
        raise DeliveryError("bad header", final=True) from error
    return ""


def check_sms() -> list[str]:
    """What is wrong with the settings of the SMS gateway; asked by `doctor`, sends nothing."""
    if not settings.SMS_GATEWAY_URL:
        return ["SMS_GATEWAY_URL is not set"]
    if not settings.SMS_GATEWAY_URL.startswith(("http://", "https://")):
        return ["SMS_GATEWAY_URL is no http address"]
    return []


def check_mail() -> list[str]:
    """What is wrong with the mail server: not named, or it does not let us in; asked by `doctor`, sends nothing."""
    if not settings.EMAIL_HOST:
        return ["LINLI_SMTP_HOST is not set: no mail is written"]
    try:
        server = get_connection()
        server.open()
        server.close()
    except (smtplib.SMTPException, OSError) as error:
        return [f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} {type(error).__name__}"]
    return []


CONFIG_CHECKS: Registry[Callable[[], list[str]]] = Registry("check of a message channel")
CONFIG_CHECKS.register("sms", check_sms)
CONFIG_CHECKS.register("mail", check_mail)
ADAPTERS.register("sms", send_sms)
ADAPTERS.register("mail", send_mail)
