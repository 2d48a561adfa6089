"""The encrypted field: usable as a mapping, invisible everywhere else."""

import copy
import pickle
from io import StringIO
from typing import Any

import pytest
from django.apps import apps as django_apps
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.forms import modelform_factory
from django.forms.models import model_to_dict
from django.test.utils import isolate_apps

from common import vault
from common.fields import MASK, EncryptedJSONField, SecretDict
from tests.unit.common.vault_rows import VaultRow, raw_tokens

SECRET = "planted-secret-value"
VALUES = {"api_key": SECRET, "n": 1, "deep": {"list": [SECRET, None, True]}}


@pytest.mark.parametrize("values", [VALUES, {}, {"": ""}, {"ü": "\udc80\x00\n"}])
def test_values_come_back_as_they_were(rows, values):
    pk = rows.objects.create(secrets=values, spare=values).pk
    row = rows.objects.get(pk=pk)
    assert dict(row.secrets) == values
    assert row.spare == values
    assert len(row.secrets) == len(values)


def test_none_stays_null(rows):
    row = rows.objects.create(spare=None)
    assert rows.objects.get().spare is None
    assert rows.objects.filter(spare__isnull=True).get() == row
    assert rows.objects.filter(secrets__isnull=False).get() == row
    assert rows.objects.exclude(spare__isnull=True).count() == 0


def test_the_database_holds_nothing_in_the_clear(rows):
    rows.objects.create(secrets=VALUES)
    rows.objects.bulk_create([rows(secrets=VALUES, spare=VALUES)])
    rows.objects.filter(name="row").update(spare=VALUES)
    for column in ("secrets", "spare"):
        for token in raw_tokens(column).values():
            assert token.startswith("g1$test$")
            assert "planted" not in token
    table = rows._meta.db_table
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
        types = {one.name: one.type_code for one in columns}
    assert types["secrets"] == types["spare"]


def test_update_and_bulk_update_encrypt(rows):
    row = rows.objects.create(secrets={"a": "1"})
    rows.objects.update(secrets={"a": "2"})
    row.refresh_from_db()
    assert row.secrets["a"] == "2"
    row.secrets = {**row.secrets, "a": "3"}
    rows.objects.bulk_update([row], ["secrets"])
    assert rows.objects.get().secrets["a"] == "3"
    rows.objects.update(spare=models.F("secrets"))
    assert raw_tokens("spare") == raw_tokens("secrets")


def test_a_deferred_field_is_fetched_when_it_is_needed(rows):
    rows.objects.create(secrets=VALUES)
    row = rows.objects.defer("secrets").get()
    assert "secrets" in row.get_deferred_fields()
    assert row.secrets["api_key"] == SECRET
    assert rows.objects.only("name").get().secrets == VALUES
    assert rows.objects.values_list("secrets", flat=True).get() == VALUES


def test_saving_an_unchanged_row_keeps_its_token(rows):
    rows.objects.create(secrets=VALUES)
    before = raw_tokens()
    row = rows.objects.get()
    assert row.secrets["n"] == 1
    row.save()
    assert raw_tokens() == before
    row.secrets = VALUES
    row.save()
    assert raw_tokens() != before


@pytest.mark.parametrize(
    "lookup",
    ["", "__exact", "__in", "__contains", "__api_key", "__gt", "__regex"],
)
def test_every_lookup_but_isnull_is_refused(rows, lookup):
    with pytest.raises(FieldError, match="encrypted and cannot be searched"):
        rows.objects.filter(**{f"secrets{lookup}": ["x"]})


def test_a_path_into_the_object_is_refused(rows):
    with pytest.raises(FieldError):
        rows.objects.filter(secrets__api_key__startswith="p")
    with pytest.raises(FieldError):
        rows.objects.order_by("secrets__api_key").first()


def test_nothing_that_shows_a_row_shows_its_secrets(rows):
    row = rows(secrets=VALUES, spare={"password": SECRET})
    row.save()
    loaded = rows.objects.get()
    shown = [
        row.secrets,
        loaded.secrets,
        vars(row),
        vars(loaded),
        model_to_dict(loaded),
        loaded.secrets.items(),
        loaded.secrets.keys(),
        list(rows.objects.values()),
        row,
    ]
    for one in shown:
        assert SECRET not in repr(one)
        assert SECRET not in str(one)
        assert SECRET not in f"{one}"
    assert repr(loaded.secrets) == MASK


@pytest.mark.parametrize("kind", ["json", "xml", "python", "jsonl"])
def test_an_export_holds_tokens_and_can_be_loaded(rows, kind, monkeypatch):
    rows.objects.create(secrets=VALUES)
    dump = serializers.serialize(kind, rows.objects.all())
    assert SECRET not in str(dump)
    monkeypatch.setattr(django_apps, "get_model", lambda *_: VaultRow)
    loaded = next(iter(serializers.deserialize(kind, dump))).object
    rows.objects.all().delete()
    loaded.save()
    assert rows.objects.get().secrets == VALUES


def test_copies_and_pickles_hold_the_token_only(rows):
    row = rows(secrets=VALUES)
    assert SECRET.encode() not in pickle.dumps(row)
    assert pickle.loads(pickle.dumps(row.secrets)) == VALUES  # noqa: S301 - our own
    assert copy.deepcopy(row.secrets) is row.secrets
    assert copy.copy(row.secrets) is row.secrets


def test_a_missing_key_shows_only_when_the_value_is_looked_into(rows, keys):
    keys("old")
    rows.objects.create(secrets=VALUES)
    before = raw_tokens()
    keys("new")
    row = rows.objects.get()
    assert str(row.secrets) == MASK
    assert not row.secrets.readable
    row.full_clean()
    row.name = "renamed"
    row.save()
    assert raw_tokens() == before
    for look in (dict, len, bool, lambda value: value["api_key"]):
        with pytest.raises(vault.UnknownKey, match="key old"):
            look(row.secrets)
    keys("new", "old")
    assert rows.objects.get().secrets.readable


def test_a_token_of_another_field_does_not_open(rows):
    rows.objects.create(secrets=VALUES)
    rows.objects.update(spare=models.F("secrets"))
    row = rows.objects.get()
    with pytest.raises(vault.UnreadableSecret, match=r"common\.vaultrow\.spare"):
        dict(row.spare)


def test_a_value_assigned_from_another_field_is_encrypted_anew(rows):
    row = rows.objects.create(secrets=VALUES)
    row.spare = row.secrets
    row.save()
    assert rows.objects.get().spare == VALUES
    assert raw_tokens("spare") != raw_tokens("secrets")


@pytest.mark.parametrize("value", ["plain text", ["list"], 5])
def test_what_is_no_mapping_is_refused_and_not_quoted(rows, value):
    with pytest.raises(TypeError, match="takes a mapping or None") as caught:
        rows.objects.create(secrets=value)
    assert str(value) not in str(caught.value)
    with pytest.raises(ValidationError, match="Enter a JSON object"):
        rows(secrets=value).full_clean()


def test_validation_asks_for_what_must_be_there(rows):
    with pytest.raises(ValidationError) as caught:
        rows(secrets={}).full_clean()
    assert caught.value.message_dict == {"secrets": ["This field cannot be blank."]}
    with pytest.raises(ValidationError) as caught:
        rows(secrets=None).full_clean()
    assert caught.value.message_dict == {"secrets": ["This field cannot be null."]}
    rows(secrets={"a": "1"}, spare={}).full_clean()


def test_no_form_field_is_made(rows):
    form = modelform_factory(rows, fields=["name", "secrets", "spare"])
    assert list(form.base_fields) == ["name"]


def test_the_value_cannot_be_changed_in_place(rows):
    with pytest.raises(TypeError):
        rows(secrets=VALUES).secrets["api_key"] = "x"


def test_a_plain_mapping_is_copied_when_it_is_assigned(rows):
    given = {"a": "1"}
    row = rows(secrets=given)
    given["a"] = "2"
    assert row.secrets["a"] == "1"
    assert isinstance(row.secrets, SecretDict)


def test_it_deconstructs_for_migrations():
    options: dict[str, Any] = {"null": True, "context": "old.place.field"}
    field = EncryptedJSONField(**options)
    field.name = "secrets"
    _, path, args, kwargs = field.deconstruct()
    assert path == "common.fields.EncryptedJSONField"
    assert (args, kwargs) == ([], {"null": True, "context": "old.place.field"})
    plain = EncryptedJSONField(default=dict)
    assert plain.deconstruct()[3] == {"default": dict}
    assert "EncryptedJSONField(default=dict)" in MigrationWriter.serialize(plain)[0]


def test_a_given_context_survives_a_rename():
    token = vault.encrypt_json(VALUES, context="old.place.field")
    field = EncryptedJSONField(context="old.place.field")
    assert dict(field.from_db_value(token, None, connection) or {}) == VALUES


@isolate_apps("common")
def test_a_unique_or_indexed_field_fails_the_check():
    class Wrong(models.Model):
        one = EncryptedJSONField(unique=True)
        two = EncryptedJSONField(db_index=True)
        fine = EncryptedJSONField()

        class Meta:
            app_label = "common"

        def __str__(self):
            return "wrong"

    found = [error for error in Wrong.check() if error.id == "common.E001"]
    assert [error.obj.name for error in found] == ["one", "two"]


def test_pretty_printing_shows_the_mask(rows):
    from pprint import pprint

    out = StringIO()
    pprint({"secrets": rows(secrets=VALUES).secrets}, stream=out)
    assert out.getvalue() == "{'secrets': [secret]}\n"
