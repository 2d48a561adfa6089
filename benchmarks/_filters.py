"""Every other way to look at the lists of a large Herald."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

UPLOADS, ATTEMPTS = "/admin/uploads/upload/", "/admin/uploads/uploadattempt/"
APPROVALS, EVENTS = "/admin/uploads/approval/", "/admin/uploads/uploadevent/"
ANSWERS = "/admin/releases/metadatarecord/"
INBOX = {
    "waiting for me": "waiting=me",
    "to be corrected": "approvable=no",
    "errors": "found=errors",
    "warnings": "found=warnings",
    "duplicates": "found=duplicates",
    "another recording": "found=recording",
    "of a tracker": "tracker=made-up-alder",
    "mine": "by=me",
    "on their way": "state__exact=approved",
    "by title": "o=1",
    "by size": "o=4",
}
PARTS = {
    "attempts, third try": f"{ATTEMPTS}?try=3",
    "attempts, later tries": f"{ATTEMPTS}?try=4",
    "attempts, sending": f"{ATTEMPTS}?phase__exact=sending",
    "attempts, put off": f"{ATTEMPTS}?result=put_off",
    "attempts, rejected": f"{ATTEMPTS}?outcome__exact=rejected",
    "attempts, films": f"{ATTEMPTS}?kind__exact=film",
    "attempts, by nobody": f"{ATTEMPTS}?person=none",
    "uploads, by cause": f"{UPLOADS}?cause=auth",
    "uploads, lost": f"{UPLOADS}?seeding__exact=lost",
    "uploads, drafts": f"{UPLOADS}?status__exact=draft",
    "uploads, unknown": f"{UPLOADS}?status__exact=unknown",
    "uploads, not asked": f"{UPLOADS}?question=no",
    "uploads, by nobody": f"{UPLOADS}?person=none",
    "uploads, by infohash": f"{UPLOADS}?q={'0' * 40}",
    "uploads, few by title": f"{UPLOADS}?status__exact=failed&q=River&o=1",
    "approvals, rejected": f"{APPROVALS}?decision__exact=rejected",
    "events, unknown": f"{EVENTS}?new=unknown",
    "events, cancelled": f"{EVENTS}?new=cancelled",
    "metadata answers, of names": f"{ANSWERS}?source__exact=names",
    "metadata answers, page 1000": f"{ANSWERS}?p=1000",
    "metadata answers, searched": f"{ANSWERS}?q=River",
    "metadata answers, searched for one": f"{ANSWERS}?q=River+77",
    "deliveries": "/admin/uploads/delivery/",
    "candidates": "/admin/releases/candidate/",
    "users": "/admin/auth/user/",
}
API = {
    "releases, by title": "releases/?ordering=title",
    "releases, searched for one": "releases/?search=River+77",
    "releases, searched in vain": "releases/?search=B0HERALD",
    "releases, counted": "releases/?count=true",
    "uploads, oldest": "uploads/?ordering=created_at",
    "uploads, by priority": "uploads/?ordering=-priority",
    "uploads, by end": "uploads/?ordering=-finished_at",
    "uploads, last by end": "uploads/?ordering=finished_at",
    "uploads, searched": "uploads/?search=River",
    "uploads, searched for one": "uploads/?search=River+77",
    "uploads, searched by number": "uploads/?search=77777",
    "uploads, questions": "uploads/?question=true",
    "uploads, of a tracker": "uploads/?tracker=made-up-alder&status=failed",
    "uploads, counted": "uploads/?count=true",
    "credentials": "credentials/",
}


def filtered(day: date, ids: Mapping[str, Any]) -> dict[str, str]:
    """Name → address; `day` begins a week, `ids` are those of pages.py."""
    week = {"from": day, "to": day + timedelta(days=6)}
    found = dict(PARTS)
    for name, url, column in (
        ("uploads", UPLOADS, "created_at"),
        ("uploads", UPLOADS, "finished_at"),
        ("uploads", UPLOADS, "seeding_confirmed_at"),
        ("attempts", ATTEMPTS, "started_at"),
        ("approvals", APPROVALS, "decided_at"),
        ("events", EVENTS, "created_at"),
    ):
        days = "&".join(f"{column}_{end}={at}" for end, at in week.items())
        found[f"{name}, a week by {column}"] = f"{url}?{days}"
    of = {"person": ids["person"], "version": ids["version"]}
    found |= {
        **{f"uploads, by {name}": f"{UPLOADS}?{name}={pk}" for name, pk in of.items()},
        "approvals, by person": f"{APPROVALS}?person={ids['person']}",
        "events, by tracker": f"{EVENTS}?upload__tracker__id__exact={ids['tracker']}",
        "API uploads, since": f"/api/uploads/?created_after={day}T00:00:00Z",
        "API uploads, of a release": f"/api/uploads/?release={ids['upload'] // 5}",
        "API events of one": f"/api/uploads/{ids['upload']}/events/",
    }
    return found | {f"API {name}": f"/api/{path}" for name, path in API.items()}
