"""Pages of what happened: to a release, and by a person."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget

from releases.admin.readonly import page_url
from uploads.history import KINDS, Entry, Page

FURTHEST_PAGE = 1000


class HistoryFilter(forms.Form):
    """What of a person's history: a kind, and days from … until, both included."""

    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Everything")), *KINDS.items()],
        widget=UnfoldAdminSelectWidget(),
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=UnfoldAdminDateWidget()
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=UnfoldAdminDateWidget()
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """The arguments of `person_history`; what is wrong counts as not given."""
        self.is_valid()
        since = self.cleaned_data.get("since")
        until = self.cleaned_data.get("until")
        return {
            "kind": self.cleaned_data.get("kind", ""),
            "since": _midnight(since) if since else None,
            "until": _midnight(until + timedelta(days=1)) if until else None,
        }


def _midnight(day: Any) -> datetime:
    """Where the day begins for whoever looks."""
    try:
        return timezone.make_aware(datetime.combine(day, time.min))
    except OverflowError:
        return datetime.combine(day, time.min, tzinfo=UTC)


def page_number(request: HttpRequest) -> int:
    """The page that is asked for; 1 for anything odd."""
    text = request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return min(max(number, 1), FURTHEST_PAGE)


def history_context(request: HttpRequest, page: Page) -> dict[str, Any]:
    """What templates/admin/uploads/history.html shows."""
    query = request.GET.copy()
    links = {}
    for name, number in (("newer", page.number - 1), ("older", page.number + 1)):
        query["page"] = str(number)
        links[name] = f"?{query.urlencode()}"
    return {
        "page": page,
        "entries": [(entry, _url(entry)) for entry in page.entries],
        "newer": links["newer"] if page.number > 1 else "",
        "older": links["older"] if page.more else "",
    }


def _url(entry: Entry) -> str:
    return page_url(entry.about)
