"""The files of releases: to look at."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.figures import size_text
from releases.admin.readonly import (
    HEAVY_OF_RELEASE,
    ReadOnlyAdmin,
    page_link,
    pretty_json,
)
from releases.metadata.vocabulary import show
from releases.models import ReleaseFile


@admin.register(ReleaseFile)
class ReleaseFileAdmin(ReadOnlyAdmin):
    """One file on disk, as it was when its release was last prepared."""

    list_display = ("path", "release_cell", "kind", "size_cell", "included", "note")
    list_filter = ("kind", "included")
    search_fields = ("path", "release__title")
    deferred = HEAVY_OF_RELEASE
    list_select_related = ("release",)
    ordering = ("-pk",)
    fields = (
        *("release_cell", "path", "kind", "size_cell", "position"),
        *("included", "note", "audio_cell", "audio_facts"),
    )

    @admin.display(description=gettext_lazy("Release"), ordering="release__title")
    def release_cell(self, file: ReleaseFile) -> SafeString:
        """The release, with a link to its page."""
        return page_link(file.release)

    @admin.display(description=gettext_lazy("Size"), ordering="size")
    def size_cell(self, file: ReleaseFile) -> str:
        """For people; the page shows the bytes too."""
        return _("%(size)s (%(bytes)s bytes)") % {
            "size": size_text(file.size),
            "bytes": f"{file.size:,}",
        }

    @admin.display(description=gettext_lazy("Audio"))
    def audio_cell(self, file: ReleaseFile) -> str:
        """Codec, bitrate and so on in one line."""
        return show("audio", file.audio) if file.audio else "—"

    @admin.display(description=gettext_lazy("Everything known of the audio"))
    def audio_facts(self, file: ReleaseFile) -> SafeString:
        """The whole AudioInfo."""
        return pretty_json(file.audio)
