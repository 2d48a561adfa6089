"""Requests to addresses that people enter freely: never into this house unasked."""

import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

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


def _connected(
    connection: HTTPConnection, connect: Callable[[], socket.socket]
) -> socket.socket:
    """Look up once where the name leads, and connect there if none of it is inside.

    An address inside is refused without a try: whether a port of this house is open,
    closed or silent is nobody's business, not even by the time that it takes. The name
    is not asked again, as it may mean somebody else a moment later.
    """
    name = connection._dns_host
    addresses = _addresses(connection)
    if not all(is_outside(address) for address in addresses):
        raise InsideAddress(connection, f"{name} is no address of the outside world")
    *others, last = addresses
    try:
        for address in others:
            connection._dns_host = address
            with suppress(NewConnectionError, ConnectTimeoutError):
                return connect()
        connection._dns_host = last
        return connect()
    finally:
        connection._dns_host = name  # certificates are for it


def _addresses(connection: HTTPConnection) -> list[str]:
    """The IP addresses of the connection's name, at least one."""
    try:
        found = socket.getaddrinfo(
            connection._dns_host.strip("[]"), connection.port, type=socket.SOCK_STREAM
        )
    except (socket.gaierror, UnicodeError) as exc:
        raise NewConnectionError(
            connection, f"{connection.host} is no name that is known"
        ) from exc
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)


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

    Unless `inside_too`, no connection to this machine or a private network is tried.
    """
    session = build_session(
        connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS, max_bytes=MAX_BYTES
    )
    if not inside_too:
        for prefix in ("http://", "https://"):
            session.mount(prefix, OutsideAdapter(max_retries=0))
    return session
