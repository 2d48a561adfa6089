"""Streams of events (SSE): a state again and again, each time it changes.

Each event is a whole state, so a reader that missed some has lost nothing. A stream
holds a thread of its web process: there are few, and none lives long.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from common.errors import AppError

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 300.0
RECONNECT_MS = 2000
MEDIA_TYPE = "text/event-stream"

# Gives the state now, and whether it has come to rest; None once the row is gone.
Look = Callable[[], tuple[Mapping[str, Any], bool] | None]


class StreamsFull(AppError):
    """All places for streams in this process are taken."""

    code = "streams_full"


class EventStreamRenderer(BaseRenderer):
    """Lets a call be asked for `text/event-stream`; the view streams by itself."""

    media_type = MEDIA_TYPE
    format = "event-stream"
    charset = "utf-8"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """What is no stream after all, such as the answer to OPTIONS."""
        return JSONRenderer().render(data)


def wants_stream(request: Request) -> bool:
    """Whether the caller asked for events."""
    renderer = getattr(request, "accepted_renderer", None)
    return isinstance(renderer, EventStreamRenderer)


def as_json(request: Request) -> None:
    """What goes wrong is told in JSON, whatever was asked for."""
    if wants_stream(request):
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type


class _Places:
    """How many streams are open in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0

    def take(self) -> None:
        """Raises StreamsFull."""
        with self._lock:
            if self._open >= settings.EVENT_STREAMS:
                raise StreamsFull(
                    "Too many streams are open. Ask again after Retry-After seconds, "
                    "or ask for JSON and look now and then.",
                    extra={"retry_after": 5},
                )
            self._open += 1

    def give(self) -> None:
        with self._lock:
            self._open -= 1


PLACES = _Places()


class Stream(Iterator[bytes]):
    """The text of one stream. It gives its place back when it ends, or is closed."""

    def __init__(self, look: Look, last_id: str) -> None:
        PLACES.take()
        self._look, self._last = look, last_id
        self._is_open = True
        self._waiting = [f"retry: {RECONNECT_MS}\n\n"]
        self._is_over = False
        now = time.monotonic()
        self._ends, self._said = now + LONGEST_SECONDS, now
        self._next_look = now

    def __next__(self) -> bytes:
        while not self._waiting:
            if self._is_over or time.monotonic() >= self._ends:
                self.close()
                raise StopIteration
            time.sleep(max(0.0, self._next_look - time.monotonic()))
            self._next_look = time.monotonic() + LOOK_SECONDS
            self._see()
        self._said = time.monotonic()
        return self._waiting.pop(0).encode()

    def close(self) -> None:
        """Django calls it when the reader has gone."""
        if self._is_open:
            self._is_open = False
            PLACES.give()

    def _see(self) -> None:
        try:
            seen = self._look()
        except (DatabaseError, InterfaceError) as exc:
            logger.warning("A stream of events ended: %s", exc)
            self._is_over = True
            return
        if seen is None:
            self._is_over = True
            self._waiting.append("event: end\ndata: {}\n\n")
            return
        state, self._is_over = seen
        text = JSONRenderer().render(state).decode()
        number = hashlib.sha256(text.encode()).hexdigest()[:16]
        if number != self._last:
            self._last = number
            self._waiting.append(f"id: {number}\nevent: state\ndata: {text}\n\n")
        if self._is_over:
            self._waiting.append(f"id: {number}\nevent: end\ndata: {text}\n\n")
        elif not self._waiting and time.monotonic() - self._said >= HEARTBEAT_SECONDS:
            self._waiting.append(": still here\n\n")


def stream(request: Request, look: Look) -> StreamingHttpResponse:
    """Events `state` whenever what `look` gives changes, and `end` at rest.

    A reader that comes back with `Last-Event-ID` is not told that state again.
    Raises StreamsFull.
    """
    text = Stream(look, request.headers.get("Last-Event-ID", ""))
    return StreamingHttpResponse(
        text,
        content_type=f"{MEDIA_TYPE}; charset=utf-8",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )
