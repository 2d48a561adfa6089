"""The HTTP server: real sockets, which can also fail like real ones."""

import http
import ipaddress
import logging
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from trackers.sandbox.application import Application
from trackers.sandbox.faults import Fault
from trackers.sandbox.trouble import DEFAULT_WAIT, Ending, Outcome, carry_out
from trackers.sandbox.web import Request, Response, html_response, whole
from trackers.sandbox.world import Route, World

logger = logging.getLogger(__name__)

MAX_BODY = 32 * 1024 * 1024
IDLE_SECONDS = 60
STALL_LOOK = 0.1
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class NotLoopback(ValueError):
    """The address would let others reach the sandbox."""


def loopback_address(host: str) -> str:
    """The IPv4 loopback address that `host` names. Raises `NotLoopback`."""
    text = "127.0.0.1" if host == "localhost" else host
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise NotLoopback(
            f"The sandbox only listens on this machine, and {host!r} is not an IPv4"
            " loopback address. Use 127.0.0.1, which is also the default."
        )
    return str(address)


class SandboxServer(ThreadingHTTPServer):
    """Serves the sandbox at `host`:`port` (0: any free port) until `stop`.

    `folder` keeps its state; None keeps nothing. `crashes` lists the sandbox's own
    errors, so that a test cannot pass over them.
    """

    daemon_threads = False
    request_queue_size = 128

    def __init__(
        self,
        *,
        folder: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.stopping = threading.Event()
        self.crashes: list[BaseException] = []
        self._open: set[socket.socket] = set()
        self._aborted: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        super().__init__((loopback_address(host), port), Exchange)
        try:
            self.world = World(folder, origin=self.origin, clock=clock)
        except BaseException:
            self.server_close()
            raise
        self.application = Application(self.world)

    @property
    def origin(self) -> str:
        """The address of the first page, without a slash at its end."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        """Serve in a thread of this process."""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everyone, and let go of thread, port and state file."""
        self.stopping.set()
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        with self._open_lock:
            for connection in self._open:
                _hang_up(connection)
        self.server_close()
        self.world.store.close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that `stop` can end it."""
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def abort(self, connection: socket.socket) -> None:
        """Let the connection end with a reset instead of a goodbye."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        with self._open_lock:
            self._aborted.add(connection)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection, politely unless it was aborted."""
        with self._open_lock:
            self._open.discard(request)
            aborted = request in self._aborted
            self._aborted.discard(request)
        if aborted:
            request.close()
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is normal; anything else is a bug of ours."""
        error = sys.exception()
        if isinstance(error, ConnectionError | TimeoutError) or error is None:
            logger.debug("the client at %s went away", client_address)
            return
        logger.error("a connection of %s broke", client_address, exc_info=error)
        self.crashes.append(error)


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # the client may have closed it already
        connection.shutdown(socket.SHUT_RDWR)


class Exchange(BaseHTTPRequestHandler):
    """One connection: requests one after another."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: SandboxServer

    def do_GET(self) -> None:
        """Answer a read."""
        self._exchange()

    do_HEAD = do_POST = do_DELETE = do_PUT = do_PATCH = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """The journal is the log; request lines hold passkeys."""

    def _exchange(self) -> None:
        head = Request(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            remote=str(self.client_address[0]),
        )
        world = self.server.world
        route = self.server.application.route(head)
        watched = route.voice is not None
        fault = world.faults.take(route.site, route.action) if watched else None
        entry = 0
        if watched:
            entry = world.journal.received(
                site=route.site,
                action=route.action,
                method=head.method,
                at=world.clock(),
                agent=head.agent,
            )
        if fault is not None and fault.fault == "stall":
            started = self._stalled(fault, entry)
            fault = world.faults.take(route.site, route.action)
        else:
            started = b""
        body = self._body(fault, entry, started)
        if body is not None:
            self._answer(head, body, route, fault, entry)

    def _stalled(self, fault: Fault, entry: int) -> bytes:
        """Half of the body, and then nothing for a while. The journal has it."""
        world = self.server.world
        cleared = world.faults.cleared(fault.id)
        declared = self.headers.get("Content-Length", "0")
        half = min(int(declared) if declared.isdecimal() else 0, MAX_BODY) // 2
        started = self.rfile.read(half)
        world.journal.read(entry, size=len(started), complete=False)
        until = time.monotonic() + (fault.seconds or DEFAULT_WAIT)
        while time.monotonic() < until and not self.server.stopping.is_set():
            if cleared.wait(STALL_LOOK):
                break
        return started

    def _body(
        self, fault: Fault | None, entry: int, started: bytes = b""
    ) -> bytes | None:
        """The whole body, or None when the exchange ended before it arrived."""
        expected = self.headers.get("Content-Length", "0")
        if not expected.isdecimal() or "Transfer-Encoding" in self.headers:
            self._write(html_response("A plain Content-Length is needed.", 411))
            self.close_connection = True
            return None
        length = whole(expected)
        if length is None or length > MAX_BODY:
            self._write(html_response("413 Request Entity Too Large", 413))
            self.close_connection = True
            return None
        half = fault is not None and fault.fault == "half-body"
        missing = (length // 2 if half else length) - len(started)
        body = started + self.rfile.read(max(missing, 0))
        complete = not half and len(body) == length
        journal = self.server.world.journal
        if entry:
            journal.read(entry, size=len(body), complete=complete)
        if complete:
            return body
        if entry:
            name = fault.fault if fault else ""
            journal.ended(entry, status=0, outcome="incomplete", fault=name)
        self.server.abort(self.connection)
        self.close_connection = True
        return None

    def _answer(
        self,
        head: Request,
        body: bytes,
        route: Route,
        fault: Fault | None,
        entry: int,
    ) -> None:
        request = Request(
            method=head.method,
            target=head.target,
            headers=head.headers,
            body=body,
            remote=head.remote,
            id=entry,
        )
        try:
            outcome = carry_out(request, route, fault, self.server.stopping)
        except Exception as exc:
            logger.exception("the sandbox itself failed at %s", route.action)
            self.server.crashes.append(exc)
            page = html_response("The sandbox itself failed; see its log.", 500)
            outcome = Outcome(ending=Ending.ANSWERED, response=page)
        if entry:
            sent = outcome.ending is not Ending.DROPPED
            self.server.world.journal.ended(
                entry,
                status=outcome.response.status if sent else 0,
                outcome=outcome.ending,
                fault=fault.fault if fault else "",
            )
        self._end(outcome)

    def _end(self, outcome: Outcome) -> None:
        if outcome.ending is Ending.ANSWERED:
            self._write(outcome.response)
            return
        self.close_connection = True
        if outcome.ending is Ending.DROPPED:
            return
        if outcome.ending is Ending.RESET:
            self.server.abort(self.connection)
        body = outcome.response.body
        self.wfile.write(self._head(outcome.response) + body[: len(body) // 2])

    def _write(self, response: Response) -> None:
        body = b"" if self.command == "HEAD" else response.body
        self.wfile.write(self._head(response) + body)

    def _head(self, response: Response) -> bytes:
        phrase = http.HTTPStatus(response.status).phrase
        lines = [
            f"HTTP/1.1 {response.status} {phrase}",
            f"Date: {formatdate(usegmt=True)}",
            f"Content-Type: {response.content_type}",
            f"Content-Length: {len(response.body)}",
            *(f"{name}: {value}" for name, value in response.headers),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
