"""Base torrents: to look at."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.figures import size_text
from releases.admin.readonly import (
    HEAVY_OF_RELEASE,
    ReadOnlyAdmin,
    page_link,
    pretty_json,
)
from releases.models import Torrent
from releases.services.torrents import torrent_metainfo
from releases.torrents.metainfo import infohash


@admin.register(Torrent)
class TorrentAdmin(ReadOnlyAdmin):
    """The pieces of a release at one piece length. The pieces themselves stay inside."""

    list_display = (
        *("name", "release_cell", "piece_length_cell", "pieces_cell", "size_cell"),
        *("engine", "duration_cell", "created_at"),
    )
    list_filter = ("engine", "created_at")
    search_fields = ("name", "release__title")
    deferred = ("pieces", "files", *HEAVY_OF_RELEASE)
    list_select_related = ("release",)
    ordering = ("-pk",)
    fields = (
        *("release_cell", "name", "is_single", "size_cell", "piece_length_cell"),
        *("pieces_cell", "infohash_cell", "engine", "duration_cell", "created_at"),
        *("fingerprint", "files_cell"),
    )

    @admin.display(description=_("Release"), ordering="release__title")
    def release_cell(self, torrent: Torrent) -> SafeString:
        """The release, with a link to its page."""
        return page_link(torrent.release)

    @admin.display(description=_("Piece length"), ordering="piece_length")
    def piece_length_cell(self, torrent: Torrent) -> str:
        """Of every piece but the last."""
        return size_text(torrent.piece_length)

    @admin.display(description=_("Pieces"))
    def pieces_cell(self, torrent: Torrent) -> str:
        """How many there are."""
        return f"{-(-torrent.total_size // torrent.piece_length):,}"

    @admin.display(description=_("Content"), ordering="total_size")
    def size_cell(self, torrent: Torrent) -> str:
        """Of all files."""
        return size_text(torrent.total_size)

    @admin.display(description=_("Hashed in"), ordering="duration_ms")
    def duration_cell(self, torrent: Torrent) -> str:
        """How long the hashing took."""
        return f"{torrent.duration_ms / 1000:.2f} s"

    @admin.display(description=_("Infohash without a source flag"))
    def infohash_cell(self, torrent: Torrent) -> str:
        """Of the base torrent; each tracker's own is on the release's page."""
        return infohash(torrent_metainfo(torrent))

    @admin.display(description=_("Files, in hashing order"))
    def files_cell(self, torrent: Torrent) -> SafeString:
        """Paths and sizes."""
        return pretty_json([[path, size_text(size)] for path, size in torrent.files])
