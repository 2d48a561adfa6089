"""Names that were tried with wrong passwords, and letting them in again."""

from typing import Any, cast

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import STYLES, LookOnly, chip
from common.errors import AppError
from config.account.agents import agent_text
from config.people.services.signing_in import attempt_ends, unlock

UNLOCK = "axes.delete_accessattempt"


@admin.register(AccessAttempt)
class LockedLogins(LookOnly):
    """Wrong tries by name and address. Whoever may unlock, unlocks by an action."""

    list_display = (
        "username",
        "ip_address",
        "device",
        "tries",
        "state",
        "attempt_time",
    )
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time",)
    fields = ("username", "ip_address", "device", "tries", "state", "attempt_time")
    readonly_fields = fields
    actions: Any = ("unlock_selected",)

    class Media:
        css = {"all": [STYLES]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessAttempt]:
        """Without what came along with the tries, which no page shows."""
        rows: QuerySet[AccessAttempt] = super().get_queryset(request)
        return rows.defer("get_data", "post_data", "http_accept")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Admins."""
        return request.user.has_perm("axes.view_accessattempt")

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Admins."""
        return self.has_module_permission(request)

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        """Admins."""
        return request.user.has_perm(UNLOCK)

    @admin.display(description=gettext_lazy("Device"))
    def device(self, attempt: AccessAttempt) -> str:
        """The browser, as it calls itself."""
        return agent_text(attempt.user_agent)

    @admin.display(description=gettext_lazy("Wrong tries"))
    def tries(self, attempt: AccessAttempt) -> int:
        """From this device."""
        return int(attempt.failures_since_start)

    @admin.display(description=gettext_lazy("State"))
    def state(self, attempt: AccessAttempt) -> SafeString:
        """Whether the name may be tried now."""
        until = attempt_ends(attempt.attempt_time)
        if until <= timezone.now():
            return chip(_("Over"))
        if attempt.failures_since_start < settings.AXES_FAILURE_LIMIT:
            return chip(_("Counted"), "warn")
        return chip(
            _("Locked until %(time)s")
            % {"time": timezone.localtime(until).strftime("%H:%M")},
            "bad",
        )

    @admin.action(description=gettext_lazy("Unlock at once"), permissions=["unlock"])
    def unlock_selected(
        self, request: HttpRequest, chosen: QuerySet[AccessAttempt]
    ) -> None:
        """Let these names be tried again from these addresses."""
        pairs = set(chosen.values_list("username", "ip_address"))
        for username, address in sorted(pairs, key=str):
            try:
                unlock(username or "", address, actor=cast(User, request.user))
            except AppError as exc:
                messages.warning(request, exc.message)
            else:
                messages.success(
                    request, _("%(name)s may log in again.") % {"name": username}
                )
