"""What a tracker's JSON columns may hold, field by field, before it is stored."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from trackers.budget_rules import check_action_budgets
from trackers.models import Template
from trackers.registry import get_adapter_class
from trackers.template_rules import check_choice

SMALLEST_PIECE, LARGEST_PIECE = 2**14, 2**26
PIECE_LENGTHS = [
    2**power
    for power in range(SMALLEST_PIECE.bit_length() - 1, LARGEST_PIECE.bit_length())
]
LARGEST_NUMBER = 2**50


class PieceRowField(serializers.ListField):
    """[content bytes or null, piece length]."""

    child = serializers.IntegerField(
        min_value=1, max_value=LARGEST_NUMBER, allow_null=True
    )

    def to_internal_value(self, data: Any) -> list[int | None]:
        """Both numbers; the length is a power of two in range."""
        row: list[int | None] = super().to_internal_value(data)
        if len(row) != 2 or row[1] not in PIECE_LENGTHS:
            raise serializers.ValidationError(
                "A row is [content bytes or null, piece length], and a piece length "
                f"is a power of two from {SMALLEST_PIECE} to {LARGEST_PIECE}."
            )
        return row


class TorrentRules(serializers.Serializer[Any]):
    """What a site demands of torrents; leave out what is not known."""

    max_piece_length = serializers.ChoiceField(choices=PIECE_LENGTHS, required=False)
    max_torrent_bytes = serializers.IntegerField(
        min_value=1, max_value=LARGEST_NUMBER, required=False
    )
    max_path_chars = serializers.IntegerField(
        min_value=1, max_value=LARGEST_NUMBER, required=False
    )
    piece_table = serializers.ListField(
        child=PieceRowField(), required=False, max_length=50
    )

    def validate_piece_table(
        self, value: list[list[int | None]]
    ) -> list[list[int | None]]:
        """Growing sizes, and null only in the last row."""
        sizes = [row[0] for row in value]
        known = [size for size in sizes if size is not None]
        if None in sizes[:-1] or known != sorted(set(known)):
            raise serializers.ValidationError(
                "The sizes must grow from row to row, with null last."
            )
        return value

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """As stored: what is not known is absent."""
        return dict(instance)


def check_options(family: str, options: Mapping[str, str]) -> None:
    """Only the family's own options, each with one of its choices."""
    known = {option.name: option for option in get_adapter_class(family).option_fields}
    odd = sorted(set(options) - set(known))
    if odd:
        raise serializers.ValidationError(
            {"options": f"{family} has no option called {', '.join(odd)}."}
        )
    for name, option in known.items():
        given = options.get(name, option.default)
        if option.choices and given not in option.choices:
            raise serializers.ValidationError(
                {"options": f"{name} must be one of {', '.join(option.choices)}."}
            )


class ActionBudgetsField(serializers.DictField):
    """Action → [requests, seconds]; replaced as a whole."""

    child = serializers.ListField(
        child=serializers.IntegerField(), min_length=2, max_length=2
    )
    default_validators = [check_action_budgets]


class TemplatesField(serializers.DictField):
    """Kind → template, by its slug; stored as rows of their own."""

    child = serializers.SlugRelatedField(
        slug_field="slug", queryset=Template.objects.all()
    )

    def to_representation(self, value: Any) -> dict[str, str]:
        """The rows as the mapping that was given."""
        return {choice.kind: choice.template.slug for choice in value.all()}


def check_templates(family: str, templates: Mapping[str, Template]) -> None:
    """Each kind has a template that is made for it."""
    wrong = {}
    for kind, template in templates.items():
        try:
            check_choice(template, kind=kind, family=family)
        except ValidationError as exc:
            wrong[kind] = exc.messages
    if wrong:
        raise serializers.ValidationError({"templates": wrong})
