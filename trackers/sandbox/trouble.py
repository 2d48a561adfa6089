"""Carrying out a fault: what is answered instead, and how the connection ends."""

import threading
import time
from dataclasses import dataclass, replace
from email.utils import formatdate
from enum import StrEnum

from trackers.sandbox.faults import KINDS, Fault
from trackers.sandbox.web import Request, Response, html_response
from trackers.sandbox.world import Route, Voice

DEFAULT_WAIT = 10


class Ending(StrEnum):
    """What happens to the connection."""

    ANSWERED = "answered"
    DROPPED = "dropped"
    CUT = "cut"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the client gets; with CUT and RESET only half of `response`."""

    ending: Ending
    response: Response


NOTHING = Response(status=0)
_ENDINGS = {
    "drop-before": Ending.DROPPED,
    "drop-after": Ending.DROPPED,
    "cut": Ending.CUT,
    "reset": Ending.RESET,
}


def carry_out(
    request: Request, route: Route, fault: Fault | None, stopping: threading.Event
) -> Outcome:
    """Answer a request, with the fault that was planned for it."""
    voice = route.voice
    if fault is None or voice is None:
        return Outcome(ending=Ending.ANSWERED, response=route.run(request))
    if fault.fault == "hide":
        response = route.run(replace(request, hidden=True))
        return Outcome(ending=Ending.ANSWERED, response=response)
    real = route.run(request) if KINDS[fault.fault].acts else NOTHING
    if fault.fault == "slow":
        stopping.wait(fault.seconds or DEFAULT_WAIT)
    ending = _ENDINGS.get(fault.fault, Ending.ANSWERED)
    if ending is not Ending.ANSWERED or fault.fault == "slow":
        return Outcome(ending=ending, response=real)
    return Outcome(ending=ending, response=_instead(voice, route.action, fault))


def _instead(voice: Voice, action: str, fault: Fault) -> Response:
    seconds = round(fault.seconds) or DEFAULT_WAIT
    match fault.fault.removesuffix("-after"):
        case "refuse":
            return voice.refuse(action, fault.message)
        case "bad-key":
            return voice.bad_key(action)
        case "rate-limit":
            return voice.rate_limited(action, seconds)
        case "429":
            page = _page("429 Too Many Requests")
            return html_response(page, 429, (("Retry-After", str(seconds)),))
        case "429-date":
            page = _page("429 Too Many Requests")
            until = formatdate(time.time() + seconds, usegmt=True)
            return html_response(page, 429, (("Retry-After", until),))
        case "forbidden":
            return html_response(_page("403 Forbidden"), 403)
        case "maintenance":
            page = _page("The site is down for maintenance. Back soon.")
            return html_response(page, 503)
        case "html":
            return html_response(_page("Something went wrong"))
        case "empty":
            return Response(content_type="application/json; charset=utf-8")
        case _:
            status = fault.status or 500
            return html_response(_page(f"{status} Server Error"), status)


def _page(title: str) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head>"
        f"<body><center><h1>{title}</h1></center><hr></body></html>"
    )
