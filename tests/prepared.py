"""A real release prepared once, whose rows and files every test gets afresh.

Preparing reads audio and renders templates, which takes seconds; copying the rows it
leaves takes milliseconds.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from releases import models as releases
from tests.publishing import Desk, desk_at
from tests.sandbox import SandboxControl
from trackers import models as trackers
from uploads import models as uploads

DESK = (
    releases.Library,
    trackers.Tracker,
    trackers.Credential,
    trackers.Template,
    trackers.TemplateVersion,
    trackers.TemplateChoice,
)
BOOK = (
    releases.Release,
    releases.ReleaseFile,
    releases.MetadataRecord,
    releases.ReleaseEvent,
    releases.Torrent,
    uploads.Upload,
    uploads.UploadEvent,
)


@dataclass
class Prepared:
    """The folder of the library, and every row by its model."""

    folder: Path
    rows: dict[type[Model], list[Any]]

    def desk(self, sandbox: SandboxControl, folder: Path) -> Desk:
        """A library without releases, and trackers of this test's sandbox."""
        path = folder / "library"
        shutil.copytree(self.folder / "library", path)
        (library,) = self.rows[releases.Library]
        library.path = str(path)
        for tracker in self.rows[trackers.Tracker]:
            tracker.base_url = sandbox.url(tracker.slug)
            tracker.announce_url = sandbox.announce(tracker.slug)
        self._put(DESK)
        return Desk(
            sandbox,
            {tracker.slug: tracker for tracker in trackers.Tracker.objects.all()},
            releases.Library.objects.get(),
        )

    def load(self, sandbox: SandboxControl, folder: Path) -> Desk:
        """The same, with the prepared release in it."""
        desk = self.desk(sandbox, folder)
        self.book(desk)
        return desk

    def book(self, desk: Desk) -> None:
        """Put the prepared release into the library."""
        (release,) = self.rows[releases.Release]
        for file in self.rows[releases.ReleaseFile]:
            copy = Path(desk.library.path) / release.source_path / file.path
            file.ctime_ns = copy.stat().st_ctime_ns
        self._put(BOOK)

    def _put(self, models: tuple[type[Model], ...]) -> None:
        for model in models:
            model._default_manager.bulk_create(self.rows[model])
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(sql)


@pytest.fixture(scope="session")
def prepared_rows(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo's audiobook, prepared for two trackers."""
    folder = tmp_path_factory.mktemp("prepared")
    with django_db_blocker.unblock(), transaction.atomic():
        desk_at(SandboxControl("http://127.0.0.1:9"), folder).prepare()
        rows: dict[type[Model], list[Any]] = {
            model: list(model.objects.order_by("pk")) for model in (*DESK, *BOOK)
        }
        transaction.set_rollback(True)
    return Prepared(folder, rows)


@pytest.fixture
def desk(db, prepared_rows, sandbox, tmp_path):
    """Ready to publish, inside one test's transaction."""
    return prepared_rows.desk(sandbox, tmp_path)


@pytest.fixture
def quick_desk(db, prepared_rows, sandbox, tmp_path):
    """Two trackers and a prepared release. The sandbox sets no limits."""
    sandbox.options(limits=False)
    return prepared_rows.load(sandbox, tmp_path)
