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

MODELS = (
    releases.Library,
    releases.Release,
    releases.ReleaseFile,
    releases.MetadataRecord,
    releases.ReleaseEvent,
    releases.Torrent,
    trackers.Tracker,
    trackers.Credential,
    trackers.Template,
    trackers.TemplateVersion,
    trackers.TemplateChoice,
    uploads.Upload,
    uploads.UploadEvent,
)


@dataclass
class Prepared:
    """The folder of the library, and every row by its model."""

    folder: Path
    rows: dict[type[Model], list[Any]]

    def load(self, sandbox, folder):
        """Put the rows into the database, for files and trackers of this test."""
        path = folder / "library"
        shutil.copytree(self.folder / "library", path)
        for model in MODELS:
            model.objects.bulk_create(self.rows[model])
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), MODELS):
                cursor.execute(sql)
        releases.Library.objects.update(path=str(path))
        for file in releases.ReleaseFile.objects.select_related("release__library"):
            copy = Path(file.release.path) / file.path
            file.ctime_ns = copy.stat().st_ctime_ns
            file.save()
        for tracker in trackers.Tracker.objects.all():
            tracker.base_url = sandbox.url(tracker.slug)
            tracker.announce_url = sandbox.announce(tracker.slug)
            tracker.save()
        return Desk(
            sandbox,
            {tracker.slug: tracker for tracker in trackers.Tracker.objects.all()},
            releases.Library.objects.get(),
        )


@pytest.fixture(scope="session")
def prepared(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo's audiobook, prepared for two trackers."""
    folder = tmp_path_factory.mktemp("prepared")
    with django_db_blocker.unblock(), transaction.atomic():
        desk_at(SandboxControl("http://127.0.0.1:9"), folder).prepare()
        rows: dict[type[Model], list[Any]] = {
            model: list(model.objects.order_by("pk")) for model in MODELS
        }
        transaction.set_rollback(True)
    return Prepared(folder, rows)


@pytest.fixture
def quick_desk(db, prepared, sandbox, tmp_path):
    """Two trackers and a prepared release. The sandbox sets no limits."""
    sandbox.options(limits=False)
    return prepared.load(sandbox, tmp_path)
