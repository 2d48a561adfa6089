"""Where a request comes from."""

from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# Bits that the network has of an IPv6 address; the others are its owner's.
PREFIX = 64


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


def counted_address(request: HttpRequest) -> str | None:
    """The address that wrong tries are counted by.

    Whoever has one address of IPv6 mostly has 2⁶⁴ of them, so those count as one: by
    the first of their network.
    """
    told = client_address(request)
    address = ip_address(told) if told else None
    if not isinstance(address, IPv6Address):
        return told
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    if not address.is_global:
        return told
    return str(IPv6Network((int(address), PREFIX), strict=False).network_address)


def _plain(text: str) -> str | None:
    """Without brackets, port and zone ("%eth0"); None for what is no address."""
    host, _, _ = text.lstrip("[").partition("]")
    for one in (host, text.rpartition(":")[0]):
        with suppress(ValueError):
            return str(ip_address(one.partition("%")[0]))
    return None
