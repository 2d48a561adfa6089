"""Lists and pages of rows that only services write."""

import json
from functools import cache
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.admin import STYLES, LookOnly

MOST_JSON_CHARACTERS = 300_000
# What a list of a release's rows never shows of the release.
HEAVY_OF_RELEASE = (
    "release__metadata",
    "release__overrides",
    "release__given_torrent",
    "release__notices",
    "release__pictures",
)


class ReadOnlyAdmin(LookOnly):
    """Everybody may look, nobody may add, change or delete. `fields` is the page.

    `deferred` columns are only read where a page shows them.
    """

    deferred: tuple[str, ...] = ()
    list_per_page = 40

    class Media:
        css = {"all": [STYLES]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows without their heavy columns."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer(*self.deferred) if self.deferred else rows

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        """Every field of the page, the computed ones too."""
        return tuple(self.fields)


def pretty_json(value: Any) -> SafeString:
    """A value as indented JSON in a box, cut when it is huge."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    if len(text) > MOST_JSON_CHARACTERS:
        left = len(text) - MOST_JSON_CHARACTERS
        more = _("… %(count)s more characters") % {"count": f"{left:,}"}
        text = f"{text[:MOST_JSON_CHARACTERS]}\n{more}"
    return format_html('<pre class="hd-pre">{}</pre>', text)


def page_url(obj: Model | None) -> str:
    """Where the admin shows a row; "" for none."""
    if obj is None:
        return ""
    return f"{_pages_of(type(obj), get_script_prefix())}{obj.pk}/change/"


@cache
def _pages_of(model: type[Model], prefix: str) -> str:
    """Below which address a model's pages are: a list asks for hundreds."""
    meta = model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[0])
    return url.removesuffix("0/change/")


def page_link(obj: Model | None, text: str = "") -> SafeString:
    """A row's name as a link to its page; a dash for none."""
    if obj is None:
        return format_html('<span class="hd-muted">{}</span>', "—")
    return format_html(
        '<a class="hd-link" href="{}">{}</a>', page_url(obj), text or str(obj)
    )
