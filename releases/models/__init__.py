"""Database models of the app."""

from releases.models.act import ReleaseAct
from releases.models.client import TorrentClient
from releases.models.event import ReleaseEvent
from releases.models.file import ReleaseFile
from releases.models.library import Library
from releases.models.metadata import MetadataRecord, ProviderAnswer
from releases.models.release import Release
from releases.models.torrent import Torrent
from releases.models.view import SavedView
from releases.models.watch import Candidate, WatchFolder

__all__ = [
    "Candidate",
    "Library",
    "MetadataRecord",
    "ProviderAnswer",
    "Release",
    "ReleaseAct",
    "ReleaseEvent",
    "ReleaseFile",
    "SavedView",
    "Torrent",
    "TorrentClient",
    "WatchFolder",
]
