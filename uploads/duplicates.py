"""What is known of a draft's duplicates, and whether its tracker was asked.

Ours are uploads of Herald's own (`Upload.duplicates`); the tracker's come from its
search (`DuplicateSearch`). Whoever shows many uploads reads both with them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.figures import size_text
from trackers.types import WARNED_OF, Likeness, Strength
from uploads.models import DuplicateSearch, Upload
from uploads.states import UploadStatus

WORDS: Mapping[str, Promise] = {
    Likeness.FILES: gettext_lazy("the same files"),
    Likeness.NAME_AND_SIZE: gettext_lazy("the same name and total size"),
    Likeness.IDENTIFIER: gettext_lazy("the same identifier"),
    Likeness.SIZE: gettext_lazy("the same total size"),
    Likeness.NAME_AND_FORMAT: gettext_lazy("the same name and format"),
    Likeness.NAME: gettext_lazy("the same name, perhaps in another format"),
    Likeness.WORDS: gettext_lazy("a similar name"),
}
SOON_SECONDS = 60.0


def search_of(upload: Upload) -> DuplicateSearch | None:
    """The upload's search; None when there never was one."""
    found: DuplicateSearch | None = getattr(upload, "duplicate_search", None)
    return found


def duplicates_of(upload: Upload) -> list[dict[str, Any]]:
    """Ours and the tracker's, the surest first.

    Each has title, url, message, strength, remote_id, format, encoding, size (bytes).
    """
    ours = [
        {**_NOTHING_SAID, **one, "strength": Strength.SURE.value}
        for one in upload.duplicates
    ]
    links = {one["url"] for one in ours}
    search = search_of(upload)
    theirs = [
        {**_NOTHING_SAID, **one, "message": _message(upload, one)}
        for one in (search.found if search else ())
        if one["url"] not in links
    ]
    for one in theirs:
        del one["why"]
    return [*ours, *theirs]


_NOTHING_SAID: Mapping[str, Any] = {
    "remote_id": "",
    "title": "",
    "url": "",
    "message": "",
    "format": "",
    "encoding": "",
    "size": 0,
}


def duplicates_likely(upload: Upload) -> list[dict[str, Any]]:
    """Those that are sure or likely."""
    return [one for one in duplicates_of(upload) if one["strength"] in WARNED_OF]


def duplicates_warned(upload: Upload) -> int:
    """How many of them are sure or likely."""
    return len(duplicates_likely(upload))


def checked_at(upload: Upload) -> datetime | None:
    """When the tracker last answered for what the draft says now."""
    search = search_of(upload)
    return search.checked_at if search else None


def asked_soon(upload: Upload) -> bool:
    """Whether a draft's tracker is asked now or within a minute."""
    search = search_of(upload)
    if upload.status != UploadStatus.DRAFT or search is None or search.due_at is None:
        return False
    return search.due_at <= now() + timedelta(seconds=SOON_SECONDS)


def unasked(upload: Upload) -> str:
    """Why a draft's tracker is not asked for duplicates any more; "" otherwise."""
    search = search_of(upload)
    given_up = search is not None and search.due_at is None and search.problem
    return asking_words(upload) if given_up else ""


def searches_awaited(release: int | OuterRef) -> QuerySet[DuplicateSearch]:
    """The searches for a release's drafts that no tracker has answered yet."""
    return DuplicateSearch.objects.filter(
        upload__release=release,
        upload__status=UploadStatus.DRAFT,
        due_at__isnull=False,
    )


def asking_words(upload: Upload) -> str:
    """Why a draft's tracker has not answered; "" when it has, or need not."""
    search = search_of(upload)
    if upload.status != UploadStatus.DRAFT or not upload.digest:
        return ""
    if search is None or (search.due_at and not search.problem):
        return _("%s was not yet asked for duplicates.") % upload.tracker
    if not search.problem:
        return ""
    if search.due_at is None:
        again = _("It is not asked again until the draft changes.")
    else:
        at = date_format(localtime(search.due_at), "j M, H:i:s")
        again = _("Asked again at %s.") % at
    return f"{search.problem} {again}"


def _message(upload: Upload, one: Mapping[str, Any]) -> str:
    """ "Redacted has “A Book” (MP3, V2 (VBR), 1.2 MiB): the same total size." """
    size = size_text(one["size"]) if one["size"] else ""
    facts = ", ".join(fact for fact in (one["format"], one["encoding"], size) if fact)
    return _("%(tracker)s has “%(title)s”%(facts)s: %(why)s.") % {
        "tracker": upload.tracker,
        "title": one["title"],
        "facts": f" ({facts})" if facts else "",
        "why": WORDS[one["why"]],
    }
