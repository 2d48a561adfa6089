"""Secrets at rest: AES-256-GCM tokens that say which key opens them.

A token is `g1$<key id>$<base64url of nonce (12 bytes), ciphertext and tag (16)>`.
The context (`app.model.field`) is authenticated with it: a token copied into another
field does not open.
"""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag

from common.errors import AppError
from common.keys import key_ring
from common.redact import remember_secret
from common.texts import gettext_noop

PREFIX = "g1$"
_NONCE_BYTES = 12
_TAG_BYTES = 16
UNKNOWN_KEY = gettext_noop(
    "The secret in %(where)s was encrypted with key %(key)s, which is not in the key ring "
    "(it holds %(known)s). Put that key back, or enter the secret again."
)
UNREADABLE = gettext_noop(
    "The secret in %(where)s cannot be read: it was changed, cut off or copied from "
    "another field. Enter it again, or restore it from a backup."
)


class VaultError(AppError):
    """A secret cannot be read."""

    code = "vault"


class UnknownKey(VaultError):
    """The key that encrypted the value is not in the ring."""

    code = "vault_unknown_key"


class UnreadableSecret(VaultError):
    """The stored value was changed, cut off, or copied from elsewhere."""

    code = "vault_unreadable"


def encrypt(plaintext: bytes, *, context: str, remember: bool = True) -> str:
    """A token for the text under the ring's first key. Each call gives another one.

    `remember`: each text in it is a secret, and no other text may show it from now on.
    """
    ring = key_ring()
    cipher = ring.cipher(ring.first)
    assert cipher is not None  # noqa: S101 - the first key is in its own ring
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, plaintext, context.encode())
    if remember:
        _remember(plaintext)
    return f"{PREFIX}{ring.first}${base64.urlsafe_b64encode(sealed).decode()}"


def decrypt(token: str, *, context: str, remember: bool = True) -> bytes:
    """The text in a token. UnknownKey or UnreadableSecret say what is wrong.

    `remember` as in `encrypt`.
    """
    key_id = token_key_id(token, context=context)
    ring = key_ring()
    cipher = ring.cipher(key_id)
    if cipher is None:
        raise UnknownKey(
            UNKNOWN_KEY
            % {"where": context, "key": key_id, "known": ", ".join(ring.ids)},
            extra={"context": context, "key_id": key_id},
        )
    try:
        sealed = base64.b64decode(
            token.rpartition("$")[2], altchars=b"-_", validate=True
        )
        plaintext = cipher.decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode()
        )
    except (binascii.Error, ValueError, InvalidTag) as exc:
        raise _unreadable(context) from exc
    if remember:
        _remember(plaintext)
    return plaintext


def encrypt_json(
    value: Mapping[str, Any], *, context: str, remember: bool = True
) -> str:
    """A token for a JSON object. `remember` as in `encrypt`."""
    text = json.dumps(dict(value), separators=(",", ":"), allow_nan=False)
    return encrypt(text.encode("ascii"), context=context, remember=remember)


def decrypt_json(token: str, *, context: str, remember: bool = True) -> dict[str, Any]:
    """The JSON object in a token; the same errors as `decrypt`."""
    try:
        value = json.loads(decrypt(token, context=context, remember=remember))
    except ValueError as exc:
        raise _unreadable(context) from exc
    if not isinstance(value, dict):
        raise _unreadable(context)
    return value


def token_key_id(token: str, *, context: str) -> str:
    """The id of the key that made the token. UnreadableSecret when it is none."""
    version, _, rest = token.partition("$")
    key_id, dollar, sealed = rest.partition("$")
    if f"{version}$" != PREFIX or not key_id or not dollar or not sealed:
        raise _unreadable(context)
    return key_id


def _unreadable(context: str) -> UnreadableSecret:
    return UnreadableSecret(
        UNREADABLE % {"where": context},
        extra={"context": context},
    )


def _remember(plaintext: bytes) -> None:
    """Lets the log redaction know every text in what was just in the clear."""
    try:
        leaves = [json.loads(plaintext)]
    except ValueError:
        leaves = [plaintext.decode(errors="replace")]
    while leaves:
        leaf = leaves.pop()
        if isinstance(leaf, str):
            remember_secret(leaf)
        elif isinstance(leaf, dict):
            leaves.extend(leaf.values())
        elif isinstance(leaf, list):
            leaves.extend(leaf)
