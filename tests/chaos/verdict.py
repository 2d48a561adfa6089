"""Whether a cell went well, by what the sandbox holds first and the rows second."""

from itertools import pairwise
from typing import Any

from releases.models import Release
from tests.chaos.cells import Cell
from tests.chaos.tables import STEP
from tests.sandbox import SandboxControl
from uploads.models import Upload, UploadAttempt
from uploads.states import Seeding

LIVE = ("pending", "uploading", "unknown")
QUESTION = "torrent"
FOLLOWED = (Seeding.WAITING, Seeding.ADDED, Seeding.PROBLEM)
CLOSED = ("number", "phase", "outcome", "message", "decision", "sending_at")


def is_over(cell: Cell) -> bool:
    """Whether nothing is under way any more."""
    if Upload.objects.filter(status__in=LIVE).exists():
        return False
    followed = Upload.objects.filter(status="success", seeding__in=FOLLOWED)
    return not (STEP[cell.step].client and followed.exists())


def closed_attempts() -> dict[int, dict[str, Any]]:
    """The attempts that may never change again."""
    rows = UploadAttempt.objects.exclude(outcome="")
    return {row["pk"]: row for row in rows.values("pk", *CLOSED)}


def asked_between(requests: list[dict[str, Any]]) -> bool:
    """Whether every two uploads that a site read whole have a question in between."""
    seen = [
        request["action"]
        for request in requests
        if request["action"] == QUESTION or request["complete"]
    ]
    places = [at for at, action in enumerate(seen) if action == "upload"]
    return all(QUESTION in seen[a:b] for a, b in pairwise(places))


def judge(
    cell: Cell, sandbox: SandboxControl, closed: dict[int, dict[str, Any]]
) -> list[str]:
    """Everything that is wrong, in words; nothing when the cell went well."""
    problems = []
    for upload in Upload.objects.select_related("tracker"):
        site = upload.tracker.slug
        found = [*_of_site(upload, site, sandbox), *_of_row(cell, upload)]
        problems += [f"{site}: {problem}" for problem in found]
    if Release.objects.get().state != "published":
        problems.append(f"the release is {Release.objects.get().state}")
    now = closed_attempts()
    if any(now.get(pk) != row for pk, row in closed.items()):
        problems.append("an attempt that was closed has changed")
    return problems


def _of_site(upload: Upload, site: str, sandbox: SandboxControl) -> list[str]:
    stored, requests = sandbox.uploads(site), sandbox.requests(site)
    problems = []
    if len(stored) != 1:
        problems.append(f"the site holds {len(stored)} uploads")
    elif upload.remote_id != str(stored[0]["id"]):
        problems.append(f"linked to {upload.remote_id!r}, stored as {stored[0]['id']}")
    if not asked_between(requests):
        problems.append("sent twice without a question in between")
    arrived = sum(one["action"] == "upload" for one in requests)
    sent = upload.attempts.filter(sending_at__isnull=False).count()
    if sent < arrived:
        problems.append(f"{arrived} requests arrived, {sent} were written down before")
    return problems


def _of_row(cell: Cell, upload: Upload) -> list[str]:
    problems = []
    if upload.status != "success":
        why = {key: upload.reason.get(key, "") for key in ("code", "message", "remedy")}
        problems.append(f"{upload.status}: {why}")
    if upload.claimed_by:
        problems.append("still claimed")
    if upload.attempts.filter(outcome="").exists():
        problems.append("an attempt was never closed")
    numbers = list(upload.attempts.order_by("number").values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        problems.append(f"the attempts are numbered {numbers}")
    if STEP[cell.step].client and upload.seeding != Seeding.CONFIRMED:
        problems.append(f"seeding is {upload.seeding}: {upload.seeding_message}")
    return problems
