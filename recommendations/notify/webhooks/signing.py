"""Secrets and signatures, as the Standard Webhooks specification has them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from django.utils.crypto import salted_hmac

PREFIX = "whsec_"


def secret_of(seed: str) -> str:
    """Return the secret that is made from a seed and the key of the site.

    So neither the database nor a copy of it holds any; another key makes other secrets.
    """
    made = salted_hmac("recommendations.webhook", seed, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(made).decode()


def signature(secret: str, name: str, timestamp: int, body: str) -> str:
    """Return the signature over id, timestamp (seconds since 1970) and body by one secret."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{name}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def headers(name: str, body: str, seeds: Iterable[str], *, at: datetime) -> dict[str, str]:
    """Return the headers of a call, signed by each secret that holds."""
    timestamp = int(at.timestamp())
    signed = (signature(secret_of(seed), name, timestamp, body) for seed in seeds)
    return {
        "Content-Type": "application/json",
        "User-Agent": "hldtracker",
        "Webhook-Id": name,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": " ".join(signed),
    }
