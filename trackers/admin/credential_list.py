"""The list of accounts, and how their state reads."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from common.admin import STYLES, chip
from common.spoken import spoken
from trackers.models import Credential
from trackers.permissions import credentials_seen_by
from trackers.services.choosing import credential_choose


def state_chip(credential: Credential) -> SafeString:
    """Whether workers may use it, and what the last test said."""
    if not credential.is_active:
        return chip(_("Off"), title=_("Switched off by a person."))
    if credential.paused_at:
        return chip(_("Paused"), "bad", title=spoken(credential.paused_reason))
    if credential.check_ok is None:
        return chip(_("Not tested"), "info", title=_("Press Test on its page."))
    if not credential.check_ok:
        return chip(_("Test failed"), "warn", title=spoken(credential.check_message))
    return chip(_("Works"), "good", title=spoken(credential.check_message))


def turn_text(credential: Credential) -> str:
    """Whether it is the account that is used now, and if not, why."""
    used = credential_choose(credential.tracker, credential.owner_id)
    if used == credential:
        return _("It is the account that is used now.")
    if not credential.usable:
        if used is None:
            return _("It is not used. Nothing is sent.")
        return _("It is not used. %(account)s is used instead.") % {
            "account": used.label
        }
    first = (
        _("%(account)s comes before it.") % {"account": used.label}
        if used
        else _("Another account comes before it.")
    )
    then = (
        _("It takes over when those before it are paused.")
        if credential.takes_over
        else _("It may not take over when those before it are paused.")
    )
    return f"{first} {then}"


class StateFilter(admin.SimpleListFilter):
    """Usable, paused, or switched off."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The three states."""
        return [
            ("usable", _("Usable")),
            ("paused", _("Paused")),
            ("off", _("Switched off")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Credential]
    ) -> QuerySet[Credential]:
        """Those in the chosen state."""
        conditions: dict[str, dict[str, bool]] = {
            "usable": {"is_active": True, "paused_at__isnull": True},
            "paused": {"is_active": True, "paused_at__isnull": False},
            "off": {"is_active": False},
        }
        return queryset.filter(**conditions.get(self.value() or "", {}))


class CredentialList(ModelAdmin):
    """Rows without their secrets: the list never even reads them."""

    list_display: tuple[str, ...] = (
        *("label", "tracker", "owner_cell", "state_cell", "priority", "takes_over"),
        *("checked_at", "message_cell", "rotated_at"),
    )
    list_filter = (StateFilter, "tracker")
    list_select_related = ("tracker", "owner")
    search_fields = ("label", "tracker__name")
    ordering = ("tracker__name", "priority", "pk")
    show_full_result_count = False

    class Media:
        css = {"all": [STYLES]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credential]:
        """The shared ones and one's own; admins see all.

        Secrets are read on the credential's own page only, to see which are there.
        """
        rows: QuerySet[Credential] = super().get_queryset(request)
        return rows.filter(credentials_seen_by(request.user)).defer("values")

    @admin.display(description=gettext_lazy("Whose"), ordering="owner__username")
    def owner_cell(self, credential: Credential) -> str:
        """The owner's name, or that it is everybody's."""
        return str(credential.owner) if credential.owner else _("shared")

    @admin.display(description=gettext_lazy("State"), ordering="paused_at")
    def state_cell(self, credential: Credential) -> SafeString:
        """The state as a label."""
        return state_chip(credential)

    @admin.display(description=gettext_lazy("Last heard"))
    def message_cell(self, credential: Credential) -> SafeString:
        """Why it is paused, or the last test's answer; the page has all of it."""
        text = credential.paused_reason or credential.check_message or "—"
        return format_html('<span class="hd-clip" title="{0}">{0}</span>', spoken(text))
