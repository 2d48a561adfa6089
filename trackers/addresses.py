"""What a tracker's addresses may look like: shapes, never with a secret in them."""

import re
from ipaddress import AddressValueError, IPv4Address

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.addresses import check_no_login, check_web_address, origin
from common.redact import is_secret_name
from trackers.adapters.base import PASSKEY_MARK
from trackers.registry import get_adapter_class

PASSKEY = "passkey"
# A part of 16 and more letters and digits is a key, not an address.
_LOOKS_SECRET = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{16,}")
# So is one of letters alone that is longer than words are, and a dashed hex number.
_LONG_PART = re.compile(r"[A-Za-z0-9]{24,}|(?=.*[0-9])[0-9A-Fa-f_-]{16,}")
_PARAMETER = re.compile(r"[?&;#]([^=&;#]*)=([^&;#]*)")


def check_base_url(url: str) -> None:
    """A web address without a login or a key. Raises ValidationError."""
    check_web_address(url)
    _check_no_secret(url)


def sandbox_keys_page(base_url: str) -> str:
    """Where the sandbox shows the keys for the site at `base_url`; "" for a real site.

    Only the sandbox is at a loopback address, and it is never elsewhere.
    """
    scheme, host, port = origin(base_url)
    try:
        is_here = host == "localhost" or IPv4Address(host).is_loopback
    except AddressValueError:
        is_here = False
    if not is_here or scheme != "http":
        return ""
    return f"http://{host}:{port}/accounts#{base_url.rstrip('/').rpartition('/')[2]}"


def check_announce_url(url: str, family: str) -> None:
    """The passkey itself is a secret and belongs to the credential.

    A family whose credentials have a passkey needs the mark for it, or whatever else
    stands in its place would be one. Raises ValidationError.
    """
    if not re.fullmatch(r"(https?|udp)://\S+", url):
        raise ValidationError(
            _(
                "An announce URL begins with https://, http:// or udp:// and has no "
                "spaces."
            )
        )
    check_no_login(url)
    _check_no_secret(url)
    names = {field.name for field in get_adapter_class(family).credential_fields}
    if PASSKEY in names and PASSKEY_MARK not in url:
        raise ValidationError(
            _(
                "Write %(mark)s where the account's passkey goes; Herald puts it in "
                "from the credential."
            )
            % {"mark": PASSKEY_MARK}
        )


def _check_no_secret(url: str) -> None:
    shape = url.replace(PASSKEY_MARK, "")
    path = shape.partition("//")[2].partition("/")[2]
    if (
        _LOOKS_SECRET.search(shape)
        or any(_LONG_PART.fullmatch(part) for part in re.split(r"[/?&;=.]", path))
        or any(value and is_secret_name(n) for n, value in _PARAMETER.findall(shape))
    ):
        raise ValidationError(
            _(
                "This has a passkey in it. Write %(mark)s in its place, and store the "
                "passkey itself in a credential."
            )
            % {"mark": PASSKEY_MARK}
        )
