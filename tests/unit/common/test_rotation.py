"""Rotation: every secret under the first key, whatever comes in between."""

import pytest
from django.apps import apps
from django.db import models

from common import rotation
from common.fields import EncryptedJSONField
from common.rotation import Rotation, encrypted_fields, rotate
from tests.unit.common.vault_rows import VaultRow, raw_tokens


def fill(rows, count):
    rows.objects.bulk_create([rows(secrets={"n": str(n)}) for n in range(count)])


def test_everything_moves_to_the_first_key_and_stays_readable(rows, keys, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 3)
    keys("old")
    fill(rows, 8)
    rows.objects.create(secrets={"n": "8"}, spare={"spare": "one"})
    keys("new", "old")
    result = rotate(tables=[VaultRow])
    assert (result.seen, result.rotated, result.unreadable) == (10, 10, [])
    assert result.key_ids == {"new": 10}
    assert result.removable == ["old"]
    assert result.outstanding == 0
    keys("new")
    found = [row.secrets["n"] for row in rows.objects.order_by("pk")]
    assert found == [str(n) for n in range(9)]
    assert rows.objects.get(spare__isnull=False).spare == {"spare": "one"}


def test_a_second_run_changes_nothing(rows, keys):
    keys("old")
    fill(rows, 3)
    keys("new", "old")
    rotate(tables=[VaultRow])
    before = raw_tokens()
    result = rotate(tables=[VaultRow])
    assert (result.seen, result.rotated) == (3, 0)
    assert raw_tokens() == before


def test_a_dry_run_only_counts(rows, keys):
    keys("old")
    fill(rows, 3)
    before = raw_tokens()
    keys("new", "old")
    result = rotate(dry_run=True, tables=[VaultRow])
    assert (result.seen, result.rotated) == (3, 3)
    assert (result.key_ids, result.removable) == ({"old": 3}, [])
    assert raw_tokens() == before


def test_what_cannot_be_read_is_named_kept_and_does_not_stop_the_rest(rows, keys):
    keys("lost")
    fill(rows, 1)
    keys("old")
    fill(rows, 1)
    moved = rows.objects.create(secrets={"n": "x"}, spare={"n": "y"})
    rows.objects.filter(pk=moved.pk).update(spare=models.F("secrets"))
    broken = rows.objects.create()
    nothing = models.Value("no token", output_field=models.TextField())
    rows.objects.filter(pk=broken.pk).update(secrets=nothing)
    keys("new", "old")
    before = raw_tokens()
    result = rotate(tables=[VaultRow])
    assert result.rotated == 2
    assert {(pk, name) for _, pk, name, _ in result.unreadable} == {
        (min(before), "secrets"),
        (moved.pk, "spare"),
        (broken.pk, "secrets"),
    }
    assert raw_tokens()[min(before)] == before[min(before)]
    assert result.key_ids == {"lost": 1, "old": 1, "?": 1, "new": 2}
    assert result.outstanding == 3
    assert result.removable == []


@pytest.fixture
def field():
    one = VaultRow._meta.get_field("secrets")
    assert isinstance(one, EncryptedJSONField)
    return one


def test_an_edit_in_between_wins_and_is_rotated_itself(rows, keys, field):
    keys("old")
    row = rows.objects.create(secrets={"n": "before"})
    stale = raw_tokens()[row.pk]
    row.secrets = {"n": "edited"}
    row.save()
    keys("new", "old")
    result = Rotation()
    rotation._rotate_value(field, row.pk, stale, result, dry_run=False)
    assert result.rotated == 1
    keys("new")
    assert rows.objects.get().secrets["n"] == "edited"


def test_an_edit_under_the_new_key_is_left_alone(rows, keys, field):
    keys("old")
    row = rows.objects.create(secrets={"n": "before"})
    stale = raw_tokens()[row.pk]
    keys("new", "old")
    rows.objects.update(secrets={"n": "edited"})
    edited = raw_tokens()
    result = Rotation()
    rotation._rotate_value(field, row.pk, stale, result, dry_run=False)
    assert result.rotated == 0
    assert raw_tokens() == edited


def test_a_row_deleted_in_between_stays_deleted(rows, keys, field):
    keys("old")
    row = rows.objects.create(secrets={"n": "before"})
    stale = raw_tokens()[row.pk]
    pk = row.pk
    row.delete()
    keys("new", "old")
    result = Rotation()
    rotation._rotate_value(field, pk, stale, result, dry_run=False)
    assert result.rotated == 0
    assert rows.objects.count() == 0


def test_every_encrypted_field_of_the_project_is_found():
    found = {one.context for one in encrypted_fields()}
    expected = {
        one.context
        for model in apps.get_models()
        for one in model._meta.fields
        if isinstance(one, EncryptedJSONField)
    }
    assert found == expected
    assert "trackers.credential.values" in found
