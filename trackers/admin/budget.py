"""Request budgets, to look at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import clock
from common.admin import LookOnly
from trackers.models import Credential, RequestBudget
from trackers.permissions import credentials_seen_by
from trackers.services.budgets import blocked_seconds, recent, window_of


def budget_text(credential: Credential) -> str:
    """How much of the budget is used now, in one sentence."""
    tracker = credential.tracker
    requests, seconds = tracker.budget_requests, tracker.budget_seconds
    row = RequestBudget.objects.filter(credential=credential, action="").first()
    if row is None:
        told = ngettext(
            "Nothing asked yet; %(requests)d request in %(seconds)d s is allowed.",
            "Nothing asked yet; %(requests)d requests in %(seconds)d s are allowed.",
            requests,
        )
        return told % {"requests": requests, "seconds": seconds}
    if wait := blocked_seconds(row, clock.now()):
        return _("The site asked us to wait; it is asked again in %(seconds)d s.") % {
            "seconds": round(wait)
        }
    told = ngettext(
        "%(used)d used of %(requests)d request in %(seconds)d s.",
        "%(used)d used of %(requests)d requests in %(seconds)d s.",
        requests,
    )
    return told % {"used": spent_now(row), "requests": requests, "seconds": seconds}


def window_text(requests: int, seconds: int) -> str:
    """A budget, in short."""
    return _("%(requests)d in %(seconds)d s") % {
        "requests": requests,
        "seconds": seconds,
    }


def spent_now(row: RequestBudget) -> int:
    """How many requests are inside the window now."""
    return len(recent(row, window_of(row), clock.now()))


@admin.register(RequestBudget)
class RequestBudgetAdmin(LookOnly):
    """What each account has asked of its site lately."""

    list_display = ("credential", "action_cell", "used", "allowed", "blocked_until")
    list_select_related = ("credential__tracker",)
    ordering = ("credential__tracker__name", "pk")
    fields = ("credential", "action_cell", "used", "allowed", "blocked_until")
    readonly_fields = ("action_cell", "used", "allowed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RequestBudget]:
        """Of the accounts that the person sees."""
        rows: QuerySet[RequestBudget] = super().get_queryset(request)
        seen = Credential.objects.filter(credentials_seen_by(request.user))
        return rows.filter(credential__in=seen)

    @admin.display(description=gettext_lazy("Action"))
    def action_cell(self, row: RequestBudget) -> str:
        """Which requests it counts."""
        return row.action or _("all")

    @admin.display(description=gettext_lazy("Used now"))
    def used(self, row: RequestBudget) -> int:
        """Requests inside the window."""
        return spent_now(row)

    @admin.display(description=gettext_lazy("Allowed"))
    def allowed(self, row: RequestBudget) -> str:
        """The tracker's budget."""
        window = window_of(row)
        return window_text(window.requests, window.seconds)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in lists of models: a credential's page says the same."""
        return False
