"""Keeps secrets out of everything written for people or machines to read.

Two nets: what is shaped like a secret (announce URLs, passwords in URLs, and what a
name tells of: `common.named_secrets`), and what is known to be one
(`common.known_secrets`).
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from common.known_secrets import KNOWN, MASK, forget_secrets, remember_secret
from common.named_secrets import is_secret_name, mask_named

__all__ = [
    "MASK",
    "forget_secrets",
    "is_secret_name",
    "redact",
    "redact_data",
    "redact_headers",
    "redact_url",
    "remember_secret",
]

_DEEPEST = 40
_SCHEME_WORD = re.compile(
    r"(\bbearer\s+|\bbasic\s+(?=\S*[0-9=]))([\w.~+/-]{8,}=*)", re.IGNORECASE
)
_LOGIN = re.compile(r"(:(?://|\\/\\/)[^\s/:@\"'<>?#\\]*:)([^\s/\"'<>\\]+)(?=@)")
_SLASH = r"(?:/|\\/|%2F)"
_BEFORE_ANNOUNCE = re.compile(
    rf"({_SLASH})(?:[\w-]{{16,}}|(?=[\w-]*\d)[\w-]{{8,}})"
    rf"(?={_SLASH}(?:announce|scrape))",
    re.IGNORECASE,
)
_AFTER_ANNOUNCE = re.compile(
    rf"({_SLASH}(?:announce|scrape)(?:\.php)?)((?:{_SLASH}[^\s\"'<>?&#%\\/]+)+)",
    re.IGNORECASE,
)
_DOWNLOAD = re.compile(r"(/torrents?/download/\d+\.)\w{16,}", re.IGNORECASE)
_SEGMENT = re.compile(rf"({_SLASH})([^\s\"'<>?&#%\\/]+)", re.IGNORECASE)
_HEX_SEGMENT = re.compile(r"(?<=/)[0-9a-fA-F]{32}(?=[/.]|$)")


def redact(text: str) -> str:
    """The text with every secret replaced by `[redacted]`."""
    text = KNOWN.mask(text)
    text = mask_named(text)
    lower = text.lower()
    if "@" in text:
        text = _LOGIN.sub(rf"\1{MASK}", text)
    if "bearer" in lower or "basic" in lower:
        text = _SCHEME_WORD.sub(rf"\1{MASK}", text)
    if "announce" in lower or "scrape" in lower:
        text = _BEFORE_ANNOUNCE.sub(rf"\1{MASK}", text)
        text = _AFTER_ANNOUNCE.sub(_mask_announce_path, text)
    if "/download/" in lower:
        text = _DOWNLOAD.sub(rf"\1{MASK}", text)
    return text


def redact_url(url: str) -> str:
    """A URL without login, secret parameters and keys in its path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return redact(url)
    login, at, host = parts.netloc.rpartition("@")
    return redact(
        urlunsplit(
            (
                parts.scheme,
                f"{MASK}@{host}" if at and login else host,
                _HEX_SEGMENT.sub(MASK, parts.path),
                "&".join(_redact_parameter(part) for part in parts.query.split("&")),
                parts.fragment,
            )
        )
    )


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with the values of login and cookie headers replaced."""
    return {
        name: MASK if is_secret_name(name) else redact(value)
        for name, value in headers.items()
    }


def redact_data(value: Any) -> Any:
    """JSON-like data with secrets replaced: by their key's name, or by their text.

    What JSON does not know (dates, paths, exceptions) becomes its redacted str.
    """
    return _redact_data(value, 0)


def _redact_data(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return MASK
    if isinstance(value, Mapping):
        return {
            redact(str(key)): MASK
            if is_secret_name(str(key)) and not _says_nothing(item)
            else _redact_data(item, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_redact_data(item, depth + 1) for item in value]
    if value is None or isinstance(value, bool):
        return value
    text = str(value)
    shown = redact(text)
    if isinstance(value, int | float) and shown == text:
        return value
    return shown


def _says_nothing(value: Any) -> bool:
    return value is None or isinstance(value, bool) or value in ("", [], {})


def _redact_parameter(part: str) -> str:
    name, equals, _ = part.partition("=")
    return f"{name}={MASK}" if equals and is_secret_name(unquote_plus(name)) else part


def _mask_announce_path(match: re.Match[str]) -> str:
    """Keeps short words such as a site's name; the last segment is the passkey."""
    segments = _SEGMENT.findall(match[2])
    shown = [
        slash + (MASK if last or len(segment) >= 8 else segment)
        for last, (slash, segment) in (
            (number == len(segments), pair)
            for number, pair in enumerate(segments, start=1)
        )
    ]
    return match[1] + "".join(shown)
