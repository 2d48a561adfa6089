"""Templates and their versions as JSON."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers

from trackers.kinds import KINDS
from trackers.models import Template, TemplateVersion
from trackers.registry import families
from trackers.rendering.types import DEFAULT
from trackers.template_rules import check_template


def source_field() -> serializers.CharField:
    """One field's Liquid; blanks and line ends are part of it."""
    return serializers.CharField(
        allow_blank=True, trim_whitespace=False, max_length=DEFAULT.source_bytes
    )


class FieldErrorOut(serializers.Serializer[Any]):
    """One mistake in a template."""

    field = serializers.CharField()
    line = serializers.IntegerField(help_text="From 1; 0 is the whole field.")
    message = serializers.CharField()


class SourcesIn(serializers.Serializer[Any]):
    """Liquid sources by field name."""

    fields_ = serializers.DictField(child=source_field(), help_text="name → Liquid")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`fields` is a serializer's own attribute, so the field joins by name."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class ValidateOut(serializers.Serializer[Any]):
    """Whether the sources can be read."""

    ok = serializers.BooleanField()
    errors_ = FieldErrorOut(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`errors` is a serializer's own attribute, so the field joins by name."""
        found = super().get_fields()
        found["errors"] = found.pop("errors_")
        return found


class VersionShape(serializers.ModelSerializer[TemplateVersion]):
    """One immutable version of a template."""

    fields_ = serializers.DictField(child=source_field())
    note = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default=""
    )
    author = serializers.CharField(
        source="author.username", default=None, allow_null=True
    )

    class Meta:
        model = TemplateVersion
        fields = ["id", "number", "fields_", "note", "author", "checksum", "created_at"]
        read_only_fields = ["number", "author", "checksum", "created_at"]

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`fields` is a serializer's own attribute, so the field joins by name."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found

    def to_representation(self, instance: TemplateVersion) -> dict[str, Any]:
        """The sources under their own name."""
        return {
            "id": instance.pk,
            "number": instance.number,
            "fields": instance.fields,
            "note": instance.note,
            "author": instance.author.username if instance.author else None,
            "checksum": instance.checksum,
            "created_at": instance.created_at,
        }


class TemplateShape(serializers.ModelSerializer[Template]):
    """A template; its text is in its versions."""

    kind = serializers.ChoiceField(choices=KINDS, required=False)
    family = serializers.ChoiceField(choices=families())
    layout = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Template.objects.all(),
        required=False,
        allow_null=True,
    )

    class Meta:
        model = Template
        fields = ["id", "slug", "name", "kind", "family", "layout", "is_builtin"]
        read_only_fields = ["is_builtin"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The rules that the admin has as well."""
        row = self.instance if isinstance(self.instance, Template) else None
        wished = {
            name: attrs.get(name, getattr(row or Template(), name))
            for name in ("slug", "kind", "family", "layout")
        }
        try:
            check_template(row, **wished)
        except DjangoValidationError as exc:
            raise serializers.ValidationError(exc.message_dict) from exc
        return attrs
