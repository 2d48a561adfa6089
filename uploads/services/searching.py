"""Asking trackers for duplicates of a draft, before anybody approves it.

Each search has a row of its own and never touches its draft: a tracker that is slow or
away delays nobody. One at a time asks a tracker, while none of its uploads wants the
same budget, and what keeps one from an answer lets all that wait for the same tracker
wait with it.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min, QuerySet

from common import clock
from common.database import is_passing
from common.queue import enqueue
from common.redact import redact, redact_data
from common.worker import worker_id
from trackers.models import Credential, Tracker
from trackers.registry import families, get_adapter_class
from trackers.services.budgets import BudgetSpent
from trackers.services.choosing import credential_choose
from trackers.services.pacing import Answer as Told
from trackers.types import WARNED_OF, Capability, Similar
from uploads.models import DuplicateSearch, Upload
from uploads.retry import LONGEST_DELAY, backoff, misses_within
from uploads.services.claiming import HOLD_SECONDS, why_no_account
from uploads.services.lanes import pressing_uploads
from uploads.services.looking import Answer, look_for_similar
from uploads.states import UploadStatus

logger = logging.getLogger(__name__)

SEARCH_TASK = "uploads.tasks.search_duplicates"
# A search that takes longer keeps no other one at its tracker from beginning.
LONGEST_SEARCH = 120.0
_FREE: Mapping[str, Any] = {"claimed_by": "", "claimed_at": None}


def search_want(upload: Upload) -> None:
    """Have a draft's tracker asked, unless it was asked for the same, or will be."""
    key = _key(upload)
    search, _ = DuplicateSearch.objects.get_or_create(
        upload=upload, defaults={"tracker": upload.tracker}
    )
    known = search.checked_at or search.due_at or not key
    if search.key == key and known:
        return
    # A search that is under way keeps its claim, and finds that its key is another.
    DuplicateSearch.objects.filter(pk=search.pk).update(
        key=key,
        found=[],
        warned=0,
        checked_at=None,
        answers=None,
        **(_first_time(upload.tracker) if key else _NOTHING_TO_ASK),
    )
    if key:
        enqueue(SEARCH_TASK, upload_id=upload.pk)


_NOTHING_TO_ASK: Mapping[str, Any] = {"due_at": None, "problem": "", "misses": 0}


def _key(upload: Upload) -> str:
    """A hash of all that a search goes by; "" where nothing can be asked."""
    if not _askable(upload):
        return ""
    payload, family = upload.payload, get_adapter_class(upload.tracker.family)
    said = [
        upload.tracker.base_url,
        payload["category"],
        payload["title"],
        [payload["attributes"].get(name, "") for name in family.similar_by],
        payload["torrent"]["files"],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _askable(upload: Upload) -> bool:
    """Whether it says something, to a site of a family that can search."""
    family = upload.tracker.family
    if not upload.payload or family not in families():
        return False
    return Capability.SEARCH in get_adapter_class(family).capabilities


def _first_time(tracker: Tracker) -> dict[str, Any]:
    """Now, or together with those that wait for a tracker that is away."""
    now = clock.now()
    waiting = DuplicateSearch.objects.filter(
        tracker=tracker, misses__gt=0, due_at__gt=now
    )
    held = waiting.order_by("due_at").values("due_at", "problem", "misses").first()
    return dict(held or {**_NOTHING_TO_ASK, "due_at": now})


def searches_due(now: datetime) -> list[int]:
    """An upload for each tracker that can be asked now: the ids of the first ones."""
    at_work = DuplicateSearch.objects.filter(
        claimed_at__gt=now - timedelta(seconds=LONGEST_SEARCH)
    ).exclude(claimed_by="")
    due = DuplicateSearch.objects.filter(due_at__lte=now, claimed_by="")
    free = due.exclude(tracker__in=at_work.values("tracker")).exclude(
        tracker__in=pressing_uploads().values("tracker")
    )
    by_tracker = free.values("tracker")
    firsts = by_tracker.order_by().annotate(first=Min("upload"))
    return list(firsts.values_list("first", flat=True))


def upload_search(upload_id: int) -> None:
    """Ask a draft's tracker for duplicates, and write down what it has."""
    search = _claim(upload_id)
    if search is None:
        return
    uploads = Upload.objects.select_related("tracker", "release")
    upload = uploads.defer("torrent_file", "site_torrent", "release__metadata").get(
        pk=upload_id
    )
    tracker = upload.tracker
    if upload.status != UploadStatus.DRAFT or not _askable(upload):
        _end(search, **_NOTHING_TO_ASK)
        return
    # Who will approve is not known yet; the accounts of whoever made it are a good guess.
    person_id = upload.release.created_by_id
    if not tracker.is_active:
        _hold(search, HOLD_SECONDS, why_no_account(tracker))
        return
    credential = credential_choose(tracker, person_id)
    if credential is None:
        _no_account(search, why_no_account(tracker, person_id))
        return
    told = _told_so_far(search, credential)
    try:
        answer = look_for_similar(upload, credential, told)
    except BudgetSpent as exc:
        kept = {"credential": credential.pk, "answers": told}
        _put_off(search, min(exc.wait, LONGEST_DELAY), answers=kept)
    except Exception as exc:
        logger.exception("Asking for duplicates of upload %s failed", upload_id)
        _failed_inside(search, credential, exc)
    else:
        _judge(search, answer)


def _claim(upload_id: int) -> DuplicateSearch | None:
    """Take a search; None when it is not due, or its tracker has something to do."""
    now = clock.now()
    due = DuplicateSearch.objects.filter(
        upload=upload_id, due_at__lte=now, claimed_by=""
    )
    tracker_id = due.values_list("tracker", flat=True).first()
    if tracker_id is None or pressing_uploads().filter(tracker=tracker_id).exists():
        return None
    with transaction.atomic():
        # Two that ask for different drafts must not both find the tracker free.
        Tracker.objects.select_for_update(no_key=True).only("pk").get(pk=tracker_id)
        at_work = DuplicateSearch.objects.filter(
            tracker=tracker_id, claimed_at__gt=now - timedelta(seconds=LONGEST_SEARCH)
        ).exclude(claimed_by="")
        if at_work.exists() or not due.update(claimed_by=worker_id(), claimed_at=now):
            return None
    return DuplicateSearch.objects.select_related("tracker").get(upload=upload_id)


def _told_so_far(search: DuplicateSearch, credential: Credential) -> list[Told]:
    """What the tracker told this account before the search ran out of its budget."""
    kept = search.answers
    if kept is None or not kept.readable or kept["credential"] != credential.pk:
        return []
    return list(kept["answers"])


def _judge(search: DuplicateSearch, answer: Answer[list[Similar]]) -> None:
    if answer.found is not None:
        _answered(search, answer.found)
    elif answer.refused:
        _end(
            search, due_at=None, answers=None, problem=_sentence(search, answer.problem)
        )
    elif not answer.away:
        _hold(search, HOLD_SECONDS, answer.problem)
    elif search.misses + 1 < misses_within(settings.TRACKER_PATIENCE_SECONDS):
        misses = search.misses + 1
        _hold(search, backoff(misses), answer.problem, misses)
    else:
        _give_up(search, _sentence(search, answer.problem))


def _answered(search: DuplicateSearch, found: list[Similar]) -> None:
    now = clock.now()
    _end(
        search,
        found=redact_data([asdict(one) for one in found]),
        warned=sum(one.strength in WARNED_OF for one in found),
        checked_at=now,
        answers=None,
        **_NOTHING_TO_ASK,
    )
    # The tracker is there again: whoever waited for it may ask.
    _others(search).filter(misses__gt=0).update(due_at=now, misses=0)


def _failed_inside(
    search: DuplicateSearch, credential: Credential, exc: Exception
) -> None:
    """Ask again only what may go better then: a mistake of ours stays one."""
    deleted = not Credential.objects.filter(pk=credential.pk).exists()
    if deleted or is_passing(exc):
        _put_off(search, 1.0 if deleted else HOLD_SECONDS, answers=None)
        return
    inside = f"an error inside Herald ({type(exc).__name__}); its log has more."
    _end(search, due_at=None, answers=None, problem=_sentence(search, inside))


def _sentence(search: DuplicateSearch, problem: str) -> str:
    why = f"{search.tracker} could not be asked for duplicates: {problem}"
    return redact(why)[:500]


def _hold(
    search: DuplicateSearch, seconds: float, problem: str, misses: int = 0
) -> None:
    """Let everything that waits for the tracker wait, and say why."""
    problem = _sentence(search, problem)
    _put_off(search, seconds, {"problem": problem, "misses": misses}, answers=None)


def _no_account(search: DuplicateSearch, problem: str) -> None:
    """Ask later. The others go on: their people may have accounts of their own."""
    later = clock.now() + timedelta(seconds=HOLD_SECONDS)
    _end(search, due_at=later, answers=None, problem=_sentence(search, problem))


def _give_up(search: DuplicateSearch, problem: str) -> None:
    """Ask no more, also not for those that waited as long."""
    _end(search, due_at=None, answers=None, problem=problem)
    _others(search).filter(misses__gt=0).update(due_at=None, problem=problem)


def _put_off(
    search: DuplicateSearch,
    seconds: float,
    changes: Mapping[str, Any] | None = None,
    **own: Any,
) -> None:
    """Ask the tracker again later: for this one first, and for the others then."""
    later = clock.now() + timedelta(seconds=seconds)
    _end(search, due_at=later, **own, **(changes or {}))
    _others(search).filter(due_at__lt=later).update(due_at=later, **(changes or {}))


def _others(search: DuplicateSearch) -> QuerySet[DuplicateSearch]:
    """The searches that wait for the same tracker."""
    waiting = DuplicateSearch.objects.filter(tracker=search.tracker, claimed_by="")
    return waiting.exclude(pk=search.pk).filter(due_at__isnull=False)


def _end(search: DuplicateSearch, **changes: Any) -> None:
    """Write what came of it, unless the draft became another one meanwhile."""
    mine = DuplicateSearch.objects.filter(pk=search.pk, claimed_by=worker_id())
    if not mine.filter(key=search.key).update(**changes, **_FREE):
        mine.update(**_FREE)
