"""Watch folders with the trackers that there are."""

from django.contrib import admin

from releases.admin.watch import BaseWatchFolderAdmin
from releases.models import WatchFolder
from trackers.selectors import tracker_choices


@admin.register(WatchFolder)
class WatchFolderAdmin(BaseWatchFolderAdmin):
    """The folders that are looked into for new releases."""

    def tracker_choices(self) -> list[tuple[str, str]]:
        """The active trackers."""
        return tracker_choices()
