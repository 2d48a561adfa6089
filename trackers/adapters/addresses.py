"""Whether an address leads to a site. Pure."""

from urllib.parse import SplitResult, urlsplit


def leads_below(base_url: str, link: str) -> bool:
    """Tell whether a link leads to a page below an address, by http or https."""
    try:
        here, there = urlsplit(base_url), urlsplit(link)
        same_host = (here.hostname, _port(here)) == (there.hostname, _port(there))
    except ValueError:
        return False
    known = there.scheme in ("http", "https")
    return known and same_host and there.path.startswith(here.path.rstrip("/") + "/")


def _port(address: SplitResult) -> int | None:
    """The port of an address; the usual one of either scheme counts as none."""
    return None if address.port in (80, 443) else address.port
