"""Addresses that people enter: what is one, and whether two lead to the same place."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.texts import gettext_noop

DEFAULT_PORTS = {"http": 80, "https": 443}

# Stored where a check's outcome stands, so it is looked up only when a page says it.
MOVED = gettext_noop(
    "The address changed; enter the secrets again for the new address."
)


def check_web_address(url: str) -> None:
    """Refuse what is no plain http(s) address; a host may well have a short name.

    Django's own check wants a dot in the host, and so refuses `http://qbittorrent:8080`.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or not re.fullmatch(r"[!-~]+", url):
        raise ValidationError(
            _(
                "This is no web address. Begin with http:// or https:// and use no spaces."
            )
        )
    check_no_login(url)
    if parts.query or parts.fragment:
        raise ValidationError(
            _("Leave out what begins with ? or #; Herald adds to the address itself.")
        )


def check_no_login(url: str) -> None:
    """Logins belong into their own fields, where they are encrypted."""
    if has_login(url):
        raise ValidationError(
            _(
                "An address holds no login. Take the user name and password out of the "
                "URL and enter them in their own fields; there they are stored "
                "encrypted."
            )
        )


def has_login(url: str) -> bool:
    """Whether a user name or password stands before the host."""
    return "@" in re.split(r"[/?#]", url.partition("//")[2], maxsplit=1)[0]


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: where what is sent to an address arrives."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:  # it was stored before addresses were looked at this closely
        return url, "", None
    return parts.scheme, parts.hostname or "", port
