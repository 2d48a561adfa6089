"""Troubles, present and past: to look at. They end with their cause."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import chip
from common.spoken import spoken
from releases.admin.readonly import ReadOnlyAdmin
from uploads.models import Trouble


@admin.register(Trouble)
class TroubleAdmin(ReadOnlyAdmin):
    """What kept Herald from working."""

    list_display = ("message_cell", "state_cell", "since", "ended_at", "remedy_cell")
    list_filter = ("code", "since")
    search_fields = ("message", "subject")
    ordering = ("-pk",)
    fields = ("message_cell", "remedy_cell", "code", "subject", "since", "ended_at")

    @admin.display(description=gettext_lazy("message"), ordering="message")
    def message_cell(self, trouble: Trouble) -> str:
        """What is wrong, in the person's language."""
        return spoken(trouble.message)

    @admin.display(description=gettext_lazy("remedy"), ordering="remedy")
    def remedy_cell(self, trouble: Trouble) -> str:
        """What helps, in the person's language."""
        return spoken(trouble.remedy)

    @admin.display(description=gettext_lazy("State"), ordering="ended_at")
    def state_cell(self, trouble: Trouble) -> SafeString:
        """Whether it lasts."""
        if trouble.ended_at:
            return chip(_("Over"), "good")
        return chip(_("Present"), "bad")
