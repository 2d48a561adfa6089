"""What admin pages of several apps share."""

from typing import Any

from django import forms
from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import INPUT_CLASSES

from common.paging import LongChangeList, Rough, RoughPaginator, most_counted

STYLES = "admin/herald/release.css"
_COUNT = "count_known"
KEEP = gettext_lazy("Stored. Leave blank to keep it.")


class SecretInput(forms.PasswordInput):
    """Takes a secret and never gives one back, not even after an error."""

    def __init__(self) -> None:
        super().__init__(
            attrs={
                "class": " ".join(INPUT_CLASSES),
                "autocomplete": "new-password",
                "spellcheck": "false",
            },
            render_value=False,
        )


class LookOnly(ModelAdmin):
    """Everybody may look whose role says so; nobody adds, changes or deletes."""

    actions: Any = None
    # These lists grow for ever: nothing may count or sort them whole.
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    paginator = RoughPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """A list that may be very long."""
        return LongChangeList

    def get_paginator(self, request: HttpRequest, *args: Any, **more: Any) -> Any:
        """Counts less far what was searched for: finding takes longer."""
        found = super().get_paginator(request, *args, **more)
        found.most = most_counted(request.GET.get(SEARCH_VAR, ""))
        known = getattr(request, _COUNT, None)
        if known is not None:
            found.count = known
        return found

    def count_is_known(self, request: HttpRequest, count: Rough) -> None:
        """Spare this answer a second look at how many rows a search found."""
        setattr(request, _COUNT, count)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: services write these rows."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Never: what happened does not change."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Never: services clear what is not needed."""
        return False


def chip(text: str, tone: str = "plain", *, title: str = "") -> SafeString:
    """A small coloured label; `tone` is good, bad, warn, info, busy or plain."""
    return format_html(
        '<span class="hd-chip hd-chip--{}" title="{}">{}</span>', tone, title, text
    )
