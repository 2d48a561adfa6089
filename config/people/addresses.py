"""Where a request comes from."""

from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of whoever asks; None when there is none, as with a socket file.

    What `X-Forwarded-For` says counts as far as proxies of ours wrote it.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "")
    hops = [hop.strip() for hop in told.split(",") if hop.strip()]
    proxies = settings.PROXIES
    if proxies and hops:
        found = _plain(hops[-min(proxies, len(hops))])
        if found:
            return found
    return _plain(request.META.get("REMOTE_ADDR", ""))


def _plain(text: str) -> str | None:
    """Without brackets, port and zone ("%eth0"); None for what is no address."""
    host, _, _ = text.lstrip("[").partition("]")
    for one in (host, text.rpartition(":")[0]):
        with suppress(ValueError):
            return str(ip_address(one.partition("%")[0]))
    return None
