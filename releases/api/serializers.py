"""Releases as JSON: explicit fields, input and output apart."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Model
from rest_framework import serializers

from common.addresses import check_web_address
from releases.models import Library, Release, ReleaseEvent, ReleaseFile, TorrentClient
from releases.services.clients import client_save


def validated_row(
    shape: serializers.ModelSerializer[Any], model: type[Model], attrs: dict[str, Any]
) -> dict[str, Any]:
    """`attrs` as the model's own rules leave them, on what the row would be.

    Raises ValidationError.
    """
    known = shape.instance
    names = {field.name for field in model._meta.concrete_fields}
    old = {name: getattr(known, name) for name in names} if known else {}
    row = model(**{**old, **attrs})
    try:
        row.clean()
    except DjangoValidationError as exc:
        raise serializers.ValidationError(exc.message_dict) from exc
    return {name: getattr(row, name) for name in attrs}


class ReleaseOut(serializers.ModelSerializer[Release]):
    """A release in a list."""

    library = serializers.CharField(source="library.name")
    created_by = serializers.CharField(
        source="created_by.username", default=None, allow_null=True
    )

    class Meta:
        model = Release
        fields = [
            "id",
            "title",
            "name",
            "kind",
            "state",
            "library",
            "source_path",
            "asin",
            "total_size",
            "file_count",
            "targets",
            "progress",
            "error",
            "notices",
            "created_by",
            "created_at",
            "prepared_at",
        ]
        read_only_fields = fields


class ReleaseIn(serializers.Serializer[Any]):
    """What makes a release."""

    path = serializers.CharField(
        help_text="Absolute path of a folder or file inside a library.",
        trim_whitespace=False,
        max_length=4096,
    )
    kind = serializers.ChoiceField(
        choices=Release.Kind.choices, required=False, allow_blank=True, default=""
    )
    asin = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=40
    )
    trackers = serializers.ListField(
        child=serializers.SlugField(max_length=40),
        required=False,
        default=list,
        max_length=200,
        help_text="Slugs; empty: every active tracker that takes this kind.",
    )
    root = serializers.CharField(  # type: ignore[assignment]  # a field, all the same
        help_text="Of a torrent client: the folder that a torrent brought along. It is "
        "taken instead of `path`, unless it is empty.",
        trim_whitespace=False,
        max_length=4096,
        required=False,
        allow_blank=True,
        default="",
    )
    exist_ok = serializers.BooleanField(
        default=False,
        help_text="true: a path that is a release already is answered with it and 200, "
        "instead of 409.",
    )


class ReleaseChangeIn(serializers.Serializer[Any]):
    """What can be corrected; what is left out stays."""

    kind = serializers.ChoiceField(choices=Release.Kind.choices, required=False)
    trackers = serializers.ListField(
        child=serializers.SlugField(max_length=40),
        required=False,
        max_length=200,
        help_text="Slugs; empty: every active tracker that takes this kind.",
    )


class MetadataIn(serializers.Serializer[Any]):
    """What a person insists on; null leaves a field out, `revert` asks the sources."""

    fields_ = serializers.DictField(
        child=serializers.JSONField(allow_null=True), required=False, default=dict
    )
    revert = serializers.ListField(
        child=serializers.CharField(), required=False, default=list
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`fields` is a serializer's own attribute, so the field joins by name."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class MetadataOut(serializers.Serializer[Any]):
    """Merged metadata: each field with its value, source and alternatives."""

    metadata = serializers.DictField(child=serializers.JSONField())
    overrides = serializers.DictField(child=serializers.JSONField())


class FileOut(serializers.ModelSerializer[ReleaseFile]):
    """One file of a release."""

    class Meta:
        model = ReleaseFile
        fields = ["path", "size", "kind", "included", "note", "audio"]
        read_only_fields = fields


class ReleaseEventOut(serializers.ModelSerializer[ReleaseEvent]):
    """One move of a release."""

    actor = serializers.CharField(
        source="actor.username", default=None, allow_null=True
    )

    class Meta:
        model = ReleaseEvent
        fields = ["id", "old", "new", "reason", "actor", "created_at"]
        read_only_fields = fields


class ProgressOut(serializers.Serializer[Any]):
    """How far preparation is."""

    state = serializers.ChoiceField(choices=Release.State.choices)
    progress = serializers.DictField(child=serializers.JSONField())
    error = serializers.DictField(child=serializers.JSONField())


class LibraryShape(serializers.ModelSerializer[Library]):
    """A folder that Herald may read."""

    class Meta:
        model = Library
        fields = ["id", "name", "path", "client_path", "torrent_client"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The model's own rules, on what the row would be."""
        validated_row(self, Library, attrs)
        return attrs


class TorrentClientShape(serializers.ModelSerializer[TorrentClient]):
    """A torrent client; its password is write-only."""

    url = serializers.CharField(
        max_length=500,
        validators=[check_web_address],
        help_text="Of the Web UI, such as http://localhost:8080",
    )
    password = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=500,
        trim_whitespace=False,
        help_text="Stored encrypted and never shown; blank keeps what there is.",
    )

    class Meta:
        model = TorrentClient
        fields = [
            "id",
            "name",
            "url",
            "username",
            "password",
            "category",
            "tags",
            "is_active",
            "checked_at",
            "check_ok",
            "check_message",
        ]
        read_only_fields = ["checked_at", "check_ok", "check_message"]

    def update(
        self, instance: TorrentClient, validated_data: dict[str, Any]
    ) -> TorrentClient:
        """By the service that knows when the password must go."""
        for name, value in validated_data.items():
            setattr(instance, name, value)
        client_save(instance)
        return instance


class ClientCheckOut(serializers.Serializer[Any]):
    """The answer to a test."""

    ok = serializers.BooleanField()
    message = serializers.CharField()
    warnings = serializers.ListField(child=serializers.CharField())
