"""What pages show of duplicates: rows with links.

`templates/admin/uploads/release/duplicates.html` shows `duplicate_rows(upload)`. Read
many uploads with `select_related("duplicate_search")`.
"""

from collections.abc import Mapping
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


Row = tuple[SafeString, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class DuplicateRows:
    """What is there already: (label, torrent) for each, warned of or only similar.

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
    warned: list[Row] = []
    similar: list[Row] = []
    for one in duplicates_of(upload):
        text, tone = LABELS[one["strength"]]
        row = (chip(str(text), tone), _linked(one))
        (warned if one["strength"] in WARNED_OF else similar).append(row)
    return DuplicateRows(
        upload_id=upload.pk,
        warned=warned,
        similar=similar,
        asking=asking_words(upload),
        checked_at=checked_at(upload) if upload.status == UploadStatus.DRAFT else None,
        is_soon=asked_soon(upload),
    )


def _linked(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Only an address that a browser may open is a link."""
    is_link = str(one["url"]).startswith(("http://", "https://"))
    return one if is_link else {**one, "url": ""}
