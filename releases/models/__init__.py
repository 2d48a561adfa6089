"""Database models of the app."""

from releases.models.client import TorrentClient
from releases.models.edit import ReleaseEdit
from releases.models.event import ReleaseEvent
from releases.models.file import ReleaseFile
from releases.models.library import Library
from releases.models.metadata import MetadataRecord, ProviderAnswer
from releases.models.release import Release
from releases.models.torrent import Torrent

__all__ = [
    "Library",
    "MetadataRecord",
    "ProviderAnswer",
    "Release",
    "ReleaseEdit",
    "ReleaseEvent",
    "ReleaseFile",
    "Torrent",
    "TorrentClient",
]
