"""Requests to addresses that people enter freely: never into this house unasked."""

import ipaddress
import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from common.http import HeraldSession, build_session

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
MAX_BYTES = 64 * 1024


class InsideAddress(NewConnectionError):
    """The name led to this machine or its own network."""


def is_outside(host: str) -> bool:
    """Whether an IP address belongs to the world and not to this house."""
    address = ipaddress.ip_address(host.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_global) and not address.is_multicast


def _checked(connection: HTTPConnection, found: socket.socket) -> socket.socket:
    """Refuse before a byte is sent. Whoever is really connected counts, not a name
    that may mean somebody else a moment later."""
    host = found.getpeername()[0]
    if not is_outside(host):
        found.close()
        raise InsideAddress(connection, f"{host} is no address of the outside world")
    return found


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(self, super()._new_conn())


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(self, super()._new_conn())


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class OutsideAdapter(HTTPAdapter):
    """Connects to the outside world only; repeats nothing."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As in requests, with connections that look where they lead."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _PlainPool,
            "https": _SecurePool,
        }


def build_outside_session(*, inside_too: bool) -> HeraldSession:
    """A session with short timeouts and a small answer.

    Unless `inside_too`, a connection to this machine or a private network is refused
    before anything is sent.
    """
    session = build_session(
        connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS, max_bytes=MAX_BYTES
    )
    if not inside_too:
        for prefix in ("http://", "https://"):
            session.mount(prefix, OutsideAdapter(max_retries=0))
    return session
