"""Reading an HTTP answer of a metadata service: bounded, JSON or a clear sentence."""

import json
import math
import time
from dataclasses import dataclass
from typing import Any

import requests
import urllib3

from releases.metadata.base import (
    MetadataError,
    ProviderUnavailable,
    UnreadableAnswer,
)
from releases.metadata.storing import storable

_CHUNK = 64 * 1024
_TIMEOUTS = (requests.Timeout, urllib3.exceptions.ReadTimeoutError)
_UNDECODABLE = (
    requests.exceptions.ContentDecodingError,
    urllib3.exceptions.DecodeError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds to connect, between two bytes, and for a whole answer; its size."""

    connect: float = 5.0
    silence: float = 30.0
    total: float = 60.0
    mebibytes: int = 5


def get(
    session: requests.Session,
    url: str,
    params: dict[str, str],
    *,
    service: str,
    limits: Limits,
) -> tuple[requests.Response, bytes]:
    """One GET without redirects; the answer and its decoded body within the limits.

    Raises ProviderUnavailable when the service cannot be reached or falls silent,
    UnreadableAnswer when it redirects or sends too much.
    """
    try:
        with session.get(
            url,
            params=params,
            timeout=(limits.connect, limits.silence),
            stream=True,
            allow_redirects=False,
        ) as response:
            if response.is_redirect or response.is_permanent_redirect:
                raise UnreadableAnswer(
                    f"{service} sends us on to another address instead of answering: "
                    "put its present address into the settings."
                )
            return response, _read(response, service, limits)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as exc:
        raise _failure(exc, service) from exc


def parse_json(body: bytes, *, service: str) -> Any:
    """The JSON value of a body; UnreadableAnswer for anything else.

    NUL and lone surrogates, which no database stores, become U+FFFD.
    """
    try:
        return storable(_loaded(body))
    except (ValueError, RecursionError) as exc:
        if body.lstrip()[:1] == b"<":
            message = (
                f"{service} answered with a web page instead of data. A proxy or login "
                "page may stand in between: open its address in a browser to see."
            )
        else:
            message = _damaged(service)
        raise UnreadableAnswer(message) from exc


def _read(response: requests.Response, service: str, limits: Limits) -> bytes:
    """The body, unless it grows too large or drips for too long."""
    deadline = time.monotonic() + limits.total
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > limits.mebibytes * 2**20:
            raise UnreadableAnswer(
                f"{service} sent more than {limits.mebibytes} MiB, far more than any "
                "book needs: its address in the settings may be wrong."
            )
        if time.monotonic() > deadline:
            raise ProviderUnavailable(
                f"{service} answers too slowly. Prepare the release again to ask once "
                "more, or go on without it."
            )
    return bytes(body)


def _failure(exc: Exception, service: str) -> MetadataError:
    """What a failed request means, in a sentence."""
    if isinstance(exc, _UNDECODABLE):
        return UnreadableAnswer(_damaged(service))
    if isinstance(exc, requests.exceptions.SSLError):
        return ProviderUnavailable(
            f"No secure connection to {service} is possible. Check this machine's "
            "clock and certificates, and the service's address in the settings."
        )
    # A session that counts retries wraps the timeout of its last one.
    inner = getattr(exc.args[0] if exc.args else None, "reason", None)
    if isinstance(exc, _TIMEOUTS) or isinstance(inner, _TIMEOUTS):
        return ProviderUnavailable(
            f"{service} did not answer in time. Prepare the release again to ask once "
            "more, or go on without it."
        )
    return ProviderUnavailable(
        f"{service} cannot be reached. Check the network and its address in the "
        "settings; the release can be prepared without it."
    )


def _damaged(service: str) -> str:
    return (
        f"{service} sent an answer that cannot be read. It is probably a fault over "
        "there: ask again later, or fill in the fields by hand."
    )


def _loaded(body: bytes) -> Any:
    return json.loads(body, parse_constant=_finite, parse_float=_finite)


def _finite(text: str) -> float:
    """A number that every database stores; 1e999 would become infinite."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no finite number")
    return number
