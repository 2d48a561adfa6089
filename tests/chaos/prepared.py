"""What a lane begins each cell with: a release that waits for its approval."""

import shutil
from pathlib import Path
from typing import Any

import qbittorrentapi
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from releases.models import Library, Release, TorrentClient
from releases.services.clients import client_password
from releases.services.ingest import release_create
from releases.services.prepare import release_prepare
from tests.publishing import DEMO, sandbox_trackers
from tests.sandbox import SandboxControl
from trackers.models import Tracker
from uploads.models import Upload

APPS = ("releases", "trackers", "uploads", "django_q")
BOOK = "Time Machine"
# So many that half of a request does not fit into what the system buffers.
FILES = 80
PASSWORD = "correct horse"


class Book:
    """A prepared release and everything around it, put back before each cell."""

    def __init__(self, folder: Path, sandbox: SandboxControl, mark: str) -> None:
        """Prepare it; `mark` makes its files, and so its infohashes, unlike others'."""
        settings.DATA_DIR = folder / "data"
        settings.FILES_DIR = settings.DATA_DIR / "files"
        settings.FILES_DIR.mkdir(parents=True)
        source = next(path for path in DEMO.iterdir() if BOOK in path.name)
        book = folder / "library" / source.name
        shutil.copytree(source, book)
        for number in range(FILES):
            name = f"{number:03} {'of many small files ' * 5}.nfo"
            (book / name).write_text(f"{mark} {number}", encoding="utf-8")
        Library.objects.create(name="Books", path=str(folder / "library"))
        sandbox_trackers(sandbox)
        release = release_create(path=str(book))
        release_prepare(release.pk)
        self._rows: dict[type[Model], list[Any]] = {
            model: list(model._default_manager.all())
            for model in _models()
            if model._meta.app_label != "django_q"  # nudges to prepare it
        }
        self.release_id = release.pk
        self.tracker_ids = dict(Tracker.objects.values_list("slug", "pk"))
        self.infohashes = list(Upload.objects.values_list("infohash", flat=True))
        state = Release.objects.get().state
        if state != "ready" or len(self.infohashes) != 2:
            raise RuntimeError(f"The book could not be prepared: it is {state}.")

    def restore(self) -> None:
        """Let the database hold what it held after preparing, and nothing else."""
        with transaction.atomic():
            for model in reversed(_models()):
                model._default_manager.all()._raw_delete("default")
            for model, rows in self._rows.items():
                model._default_manager.bulk_create(rows)

    def seed_with(self, url: str) -> None:
        """Give the library a torrent client, which holds none of its torrents."""
        with qbittorrentapi.Client(url, username="admin", password=PASSWORD) as api:
            api.torrents_delete(delete_files=False, torrent_hashes=self.infohashes)
        client = TorrentClient.objects.create(name="qB", url=url, username="admin")
        client_password(client, PASSWORD)
        Library.objects.update(torrent_client=client)


def _models() -> list[type[Model]]:
    return [
        model
        for name in APPS
        for model in apps.get_app_config(name).get_models(include_auto_created=True)
        if not model._meta.proxy
    ]
