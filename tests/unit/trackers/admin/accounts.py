"""The form of an account, and what the page says after it."""

from django.contrib.messages import get_messages
from django.urls import reverse

KEY = "s3cret-api-key-7c1f0b"
PASSKEY = "f00dfacef00dfacef00dfacef00dface"


def url(name, *args):
    return reverse(f"admin:trackers_credential_{name}", args=args)


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def form(**changes):
    values = {"label": "mine", "priority": "5", "is_active": "on"}
    return {**values, "value_api_key": "", "value_passkey": "", **changes}
