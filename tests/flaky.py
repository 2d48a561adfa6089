"""A way to a server that loses answers: a proxy on loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests


class Way:
    """Passes requests on. `refuse` drops so many before, `lose` so many answers after
    they were served; `status` answers in the server's place."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.url = ""
        self.refuse = 0
        self.lose: dict[str, int] = {}
        self.status: list[tuple[int, dict[str, str], bytes]] = []
        self.seen: list[tuple[str, str]] = []

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """One request."""
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        self.seen.append((handler.command, handler.path))
        handler.close_connection = True
        if self.refuse:
            self.refuse -= 1
            return
        if self.status:
            code, headers, content = self.status.pop(0)
        else:
            passed = requests.request(
                handler.command,
                f"{self.target}{handler.path}",
                data=body,
                headers={
                    name: value
                    for name, value in handler.headers.items()
                    if name in ("Authorization", "Content-Type", "Accept")
                },
                timeout=60,
                allow_redirects=False,
            )
            code, content = passed.status_code, passed.content
            headers = {"Content-Type": passed.headers.get("Content-Type", "")}
        last = handler.path.split("?")[0].rstrip("/").rpartition("/")[2]
        if self.lose.get(last):
            self.lose[last] -= 1
            return
        handler.send_response(code)
        for name, value in {**headers, "Connection": "close"}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


@contextmanager
def flaky_way(target: str) -> Iterator[Way]:
    """A way to `target` until the block ends."""
    way = Way(target)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            way.serve(self)

        do_POST = do_PATCH = do_GET

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        way.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield way
        server.shutdown()
        thread.join()
