"""What pages show of duplicates: rows with links.

`templates/admin/uploads/release/duplicates.html` shows `duplicate_rows(upload)`. Read
many uploads with `select_related("duplicate_search")`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import chip
from trackers.types import WARNED_OF, Strength
from uploads.duplicates import (
    asked_soon,
    asking_words,
    checked_at,
    duplicates_of,
)
from uploads.models import Upload
from uploads.states import UploadStatus

LABELS: Mapping[str, tuple[Promise, str]] = {
    Strength.SURE: (gettext_lazy("Already there"), "bad"),
    Strength.LIKELY: (gettext_lazy("Likely there"), "warn"),
    Strength.POSSIBLE: (gettext_lazy("Similar"), "plain"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence with the torrents it is true of.

    `links` are (address, text) of those that a browser may open; `count` is all.
    """

    label: SafeString
    message: str
    links: list[tuple[str, str]]
    count: int


@dataclass(frozen=True, kw_only=True)
class DuplicateRows:
    """What is there already: a row for each sentence, warned of or only similar.

    `asking` is the sentence why the tracker has not answered; `checked_at` when it did.
    `is_soon`: the page should look again in a moment.
    """

    upload_id: int
    warned: list[Row]
    similar: list[Row]
    asking: str
    checked_at: datetime | None
    is_soon: bool

    @property
    def similar_count(self) -> int:
        """How many torrents are only similar."""
        return sum(row.count for row in self.similar)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.warned or self.similar or self.asking or self.checked_at)

    @cached_property
    def none_found(self) -> str:
        """When the tracker was asked and had nothing; "" where there is more to say."""
        if self.checked_at is None or self.warned or self.similar or self.asking:
            return ""
        at = date_format(localtime(self.checked_at), "j M, H:i")
        return _("Asked for duplicates on %(at)s: none found.") % {"at": at}


def duplicate_rows(upload: Upload) -> DuplicateRows:
    """What a page shows of an upload's duplicates."""
    alike: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in duplicates_of(upload):
        alike.setdefault((one["strength"], one["message"]), []).append(one)
    warned: list[Row] = []
    similar: list[Row] = []
    for (strength, message), several in alike.items():
        text, tone = LABELS[strength]
        row = Row(
            label=chip(str(text), tone),
            message=message,
            links=_links(several),
            count=len(several),
        )
        (warned if strength in WARNED_OF else similar).append(row)
    return DuplicateRows(
        upload_id=upload.pk,
        warned=warned,
        similar=similar,
        asking=asking_words(upload),
        checked_at=checked_at(upload) if upload.status == UploadStatus.DRAFT else None,
        is_soon=asked_soon(upload),
    )


def _links(several: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(address, text): only an address that a browser may open is a link.

    Several are told apart by their numbers on the tracker.
    """
    text = _("On the tracker")
    links = []
    for place, one in enumerate(several, start=1):
        url = str(one["url"])
        if url.startswith(("http://", "https://")):
            number = f" ({one['remote_id'] or place})" if len(several) > 1 else ""
            links.append((url, f"{text}{number}"))
    return links
