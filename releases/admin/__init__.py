"""Admin pages of the app. Releases themselves are registered by uploads/admin."""

from releases.admin import client, event, file, library, metadata, torrent, watch

__all__ = ["client", "event", "file", "library", "metadata", "torrent", "watch"]
