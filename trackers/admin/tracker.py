"""Trackers in the admin. uploads/admin adds what it knows of them and registers it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from common.addresses import MOVED
from common.admin import STYLES, chip
from common.ids import is_id
from trackers.admin.budget import window_text
from trackers.admin.choices import TemplateChoiceInline
from trackers.admin.credential import tell_test
from trackers.admin.credential_list import state_chip
from trackers.admin.tracker_form import OPTION, table_text, tracker_form
from trackers.budget_rules import budgets_text
from trackers.kinds import KIND_NAMES
from trackers.models import Credential, RequestBudget, Tracker
from trackers.permissions import credential_sees, may_own, may_share
from trackers.registry import families, get_adapter_class
from trackers.services.choosing import choose
from trackers.services.moving import tracker_save

SITE = ("name", "slug", "family", "is_active", "base_url")
TORRENT = ("announce_url", "source_flag")
RULES = (
    *("rule_max_piece_length", "rule_max_torrent_bytes"),
    *("rule_max_path_chars", "rule_piece_table"),
)
BUDGET = ("budget_requests", "budget_seconds")


class BaseTrackerAdmin(ModelAdmin):
    """Sites, their accounts in one look, and Test."""

    list_display: tuple[str, ...] = (
        *("name", "slug", "family", "is_active", "credentials_cell", "budget_cell"),
    )
    list_filter = ("is_active", "family")
    search_fields = ("name", "slug", "base_url")
    ordering = ("name",)
    inlines = (TemplateChoiceInline,)
    change_form_outer_before_template = "admin/trackers/tracker/top.html"

    class Media:
        css = {"all": [STYLES, "admin/herald/trackers.css"]}

    # --- list ----------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Tracker]:
        """Trackers with the number of their accounts by state."""
        rows: QuerySet[Tracker] = super().get_queryset(request)
        active = Q(credentials__is_active=True)
        paused = Q(credentials__paused_at__isnull=False)
        return rows.annotate(
            accounts=Count("credentials"),
            usable=Count("credentials", filter=active & ~paused),
            paused=Count("credentials", filter=active & paused),
        )

    @admin.display(description=gettext_lazy("Credentials"), ordering="usable")
    def credentials_cell(self, tracker: Any) -> SafeString:
        """How many accounts can be used now."""
        if not tracker.accounts:
            return chip(
                _("None"), "bad", title=_("Add one, or nothing can be sent there.")
            )
        labels = []
        if tracker.usable:
            text = ngettext("%d usable", "%d usable", tracker.usable) % tracker.usable
            labels.append((chip(text, "good"),))
        if tracker.paused:
            text = ngettext("%d paused", "%d paused", tracker.paused) % tracker.paused
            labels.append((chip(text, "bad"),))
        return format_html_join(" ", "{}", labels or [(chip(_("All off")),)])

    @admin.display(description=gettext_lazy("Budget"), ordering="budget_requests")
    def budget_cell(self, tracker: Tracker) -> str:
        """Requests each account may make."""
        return window_text(tracker.budget_requests, tracker.budget_seconds)

    # --- page ----------------------------------------------------------------------
    def get_form(
        self,
        request: HttpRequest,
        obj: Tracker | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The form with the options of the tracker's family."""
        if self._may_edit(request, obj):
            kwargs["form"] = tracker_form(_family(request, obj))
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Tracker | None = None) -> Any:
        """Who may only look sees texts in the place of fields."""
        if not self._may_edit(request, obj):
            texts = ("kinds_text", "options_text", "rules_text", "budgets_text")
            fields = (*SITE, *TORRENT, *texts, *BUDGET, "concurrency")
            return [(None, {"fields": fields})]
        adapter = get_adapter_class(_family(request, obj))
        options = tuple(OPTION + option.name for option in adapter.option_fields)
        return [
            (None, {"fields": SITE}),
            (
                _("What it takes"),
                {"fields": (*options, "kinds")},
            ),
            (_("Torrents"), {"fields": (*TORRENT, *RULES)}),
            (
                _("Request budget"),
                {
                    "fields": (BUDGET, "narrow_budgets", "concurrency"),
                    "description": _(
                        "So many requests in so many seconds for each account, shared "
                        "by all workers."
                    ),
                },
            ),
        ]

    def _may_edit(self, request: HttpRequest, obj: Tracker | None) -> bool:
        if obj is None:
            return bool(self.has_add_permission(request))
        return bool(self.has_change_permission(request, obj))

    @admin.display(description=gettext_lazy("Kinds"))
    def kinds_text(self, tracker: Tracker) -> str:
        """The kinds it takes."""
        return ", ".join(str(KIND_NAMES.get(k, k)) for k in tracker.kinds) or _("all")

    @admin.display(description=gettext_lazy("Options"))
    def options_text(self, tracker: Tracker) -> str:
        """The family's options."""
        return ", ".join(f"{n}: {v}" for n, v in tracker.options.items()) or _("none")

    @admin.display(description=gettext_lazy("Budgets of single actions"))
    def budgets_text(self, tracker: Tracker) -> str:
        """Where an action may be asked for less often."""
        return budgets_text(tracker.action_budgets).replace("\n", ", ") or _("none")

    @admin.display(description=gettext_lazy("Torrent rules"))
    def rules_text(self, tracker: Tracker) -> str:
        """The rules for torrents."""
        rules = {
            **tracker.torrent_rules,
            "piece_table": table_text(tracker.torrent_rules),
        }
        return ", ".join(f"{n}: {v}" for n, v in rules.items() if v) or _("none known")

    def save_model(
        self, request: HttpRequest, obj: Tracker, form: Any, change: bool
    ) -> None:
        """Its accounts' secrets stay with the address that they were entered for."""
        if tracker_save(obj):
            messages.warning(request, _(MOVED))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Also the accounts and the Test button, above the form."""
        extra = {**(extra_context or {}), **self.page_context(request, object_id)}
        answer: HttpResponse = super().change_view(request, object_id, form_url, extra)
        return answer

    def page_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """What the part above the form shows."""
        accounts = Credential.objects.none()
        if is_id(object_id):
            accounts = _accounts(int(object_id))
        rows = [row for row in accounts if row.is_active]
        in_use = choose(rows, None)
        person = request.user
        may_see = person.has_perm("trackers.view_credential")
        return {
            "accounts": [
                (row, state_chip(row))
                for row in accounts
                if may_see and credential_sees(person, row)
            ],
            "in_use": in_use.pk if in_use else None,
            "may_test": person.has_perm("trackers.change_credential"),
            "may_add_account": may_share(person),
            "may_add_own": may_own(person),
        }

    # --- Test ----------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        """Also the button's target."""
        test = self.admin_site.admin_view(require_POST(self.test_view))
        return [
            path("<int:pk>/test/", test, name="trackers_tracker_test"),
            *super().get_urls(),
        ]

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the site about every account that is switched on."""
        if not request.user.has_perm("trackers.change_credential"):
            raise PermissionDenied
        tracker = get_object_or_404(Tracker, pk=pk)
        accounts = [row for row in _accounts(pk) if row.is_active]
        for credential in accounts:
            tell_test(request, credential)
        if not accounts:
            messages.warning(
                request,
                _(
                    "%(tracker)s has no credential to test. Add one below, or switch "
                    "one on."
                )
                % {"tracker": tracker},
            )
        return HttpResponseRedirect(reverse("admin:trackers_tracker_change", args=[pk]))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Budgets go with their accounts; nobody may delete them by themselves."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        lacking.discard(RequestBudget._meta.verbose_name)
        return found, counts, lacking, protected


def _accounts(tracker_id: int) -> QuerySet[Credential]:
    return (
        Credential.objects.filter(tracker_id=tracker_id)
        .select_related("tracker", "owner")
        .order_by("priority", "pk")
    )


def _family(request: HttpRequest, obj: Tracker | None) -> str:
    """The family whose options the form shows; a new tracker may still choose."""
    if obj is not None and obj.family in families():
        return obj.family
    wanted = request.POST.get("family", "")
    return wanted if wanted in families() else families()[0]
