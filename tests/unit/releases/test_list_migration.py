"""An update of a full database: what the list shows and searches is filled in."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from releases.models import Release
from releases.services.remerge import release_merge
from tests import factories

pytestmark = pytest.mark.django_db


def fill(monkeypatch, batch):
    """The data migration, on rows as the release before left them."""
    migration = importlib.import_module("releases.migrations.0005_fill_list_columns")
    monkeypatch.setattr(migration, "BATCH", batch)
    Release.objects.update(author="", narrator="", search_text="")
    migration.fill(apps, connection.schema_editor())


def test_old_rows_get_what_a_merge_would_give_them(monkeypatch):
    names = [f"Émile Author {number}" for number in range(5)]
    wanted = {}
    for name in names:
        release = factories.ReleaseFactory(source_path=f"Books/{name} - A Title")
        release.records.create(
            source="tags",
            fields={
                "title": "A Títle",
                "authors": [{"name": name}, *({"name": str(n)} for n in range(4))],
                "narrators": [{"name": "Nora"}],
                "asin": "B0HERALD01",
            },
        )
        release_merge(release)
        row = (release.author, release.narrator, release.search_text)
        wanted[release.pk] = row
        assert all(row)

    fill(monkeypatch, 2)

    columns = ("pk", "author", "narrator", "search_text")
    found = {pk: tuple(row) for pk, *row in Release.objects.values_list(*columns)}
    assert found == wanted


@pytest.mark.parametrize(
    "metadata", [{}, [], {"authors": 3}, {"authors": {"value": 3}}]
)
def test_odd_metadata_stops_nothing(monkeypatch, metadata):
    release = factories.ReleaseFactory(
        title="", name="Name", source_path="Path", metadata=metadata
    )
    fill(monkeypatch, 10)
    release.refresh_from_db()
    assert (release.author, release.search_text) == ("", "name\npath")
