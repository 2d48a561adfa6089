"""Trackers and credentials as JSON. Secrets only ever go in."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from rest_framework import serializers

from trackers.addresses import check_announce_url, check_base_url
from trackers.api.rules import (
    ActionBudgetsField,
    TemplatesField,
    TorrentRules,
    check_options,
    check_templates,
)
from trackers.credential_rules import misfit_text
from trackers.kinds import KINDS
from trackers.models import Credential, TemplateChoice, Tracker
from trackers.permissions import may_share
from trackers.registry import families, get_adapter_class
from trackers.services.moving import tracker_save


class TrackerShape(serializers.ModelSerializer[Tracker]):
    """A tracker; its slug and family stay what they are once it exists."""

    family = serializers.ChoiceField(choices=families())
    base_url = serializers.CharField(max_length=300, validators=[check_base_url])
    announce_url = serializers.CharField(
        max_length=300,
        help_text="With {passkey} where the account's passkey goes.",
    )
    options = serializers.DictField(
        child=serializers.CharField(max_length=500),
        required=False,
        help_text="By the names of the family's options.",
    )
    torrent_rules = TorrentRules(required=False)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=KINDS),
        required=False,
        help_text="Kinds of release it takes; empty: all.",
    )
    templates = TemplatesField(
        source="template_choices",
        required=False,
        help_text="Kind of release → the slug of its template; replaced as a whole.",
    )
    budget_requests = serializers.IntegerField(
        min_value=1, max_value=10_000, required=False
    )
    budget_seconds = serializers.IntegerField(
        min_value=1, max_value=86_400, required=False
    )
    action_budgets = ActionBudgetsField(
        required=False,
        help_text="{action: [requests, seconds]}, each within the budget of all.",
    )
    concurrency = serializers.IntegerField(min_value=1, max_value=100, required=False)

    class Meta:
        model = Tracker
        fields = [
            "id",
            "slug",
            "name",
            "family",
            "base_url",
            "announce_url",
            "source_flag",
            "options",
            "torrent_rules",
            "kinds",
            "templates",
            "budget_requests",
            "budget_seconds",
            "action_budgets",
            "concurrency",
            "is_active",
        ]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Slug and family are fixed; the options are the family's own."""
        row = self.instance if isinstance(self.instance, Tracker) else None
        for name in ("slug", "family"):
            if row is not None and attrs.get(name, getattr(row, name)) != getattr(
                row, name
            ):
                raise serializers.ValidationError(
                    {name: "This cannot be changed; make a new tracker."}
                )
        family = row.family if row is not None else attrs["family"]
        if "announce_url" in attrs:
            try:
                check_announce_url(attrs["announce_url"], family)
            except DjangoValidationError as exc:
                raise serializers.ValidationError(
                    {"announce_url": exc.messages}
                ) from exc
        if row is None or "options" in attrs:
            check_options(family, attrs.get("options", {}))
        check_templates(family, attrs.get("template_choices", {}))
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Tracker:
        """As update, on a new row."""
        return self.update(Tracker(), validated_data)

    @transaction.atomic
    def update(self, instance: Tracker, validated_data: dict[str, Any]) -> Tracker:
        """The rules are a column; the templates are rows of their own."""
        templates = validated_data.pop("template_choices", None)
        for name, value in validated_data.items():
            setattr(instance, name, value)
        tracker_save(instance)
        if templates is not None:
            instance.template_choices.all().delete()
            TemplateChoice.objects.bulk_create(
                TemplateChoice(tracker=instance, kind=kind, template=template)
                for kind, template in templates.items()
            )
        return instance


class CredentialShape(serializers.ModelSerializer[Credential]):
    """An account; `values` can be written and never read."""

    values_ = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=10_000),
        write_only=True,
        required=False,
        help_text="By the names of the family's credential fields; blank keeps.",
    )
    tracker = serializers.SlugRelatedField(
        slug_field="slug", queryset=Tracker.objects.all()
    )
    owner = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="username",
        read_only=True,
        allow_null=True,
        help_text="Null: it is shared.",
    )
    own = serializers.BooleanField(
        write_only=True,
        required=False,
        help_text="On creation: an account of one's own, for what oneself approves. "
        "Whoever may not add shared ones makes their own in any case.",
    )
    filled = serializers.SerializerMethodField(
        help_text="The names of the values that are stored."
    )

    class Meta:
        model = Credential
        fields = [
            "id",
            "tracker",
            "owner",
            "own",
            "label",
            "values_",
            "filled",
            "priority",
            "takes_over",
            "is_active",
            "paused_at",
            "paused_reason",
            "paused_by_hand",
            "checked_at",
            "check_ok",
            "check_message",
            "rotated_at",
        ]
        read_only_fields = [
            "paused_at",
            "paused_reason",
            "paused_by_hand",
            "checked_at",
            "check_ok",
            "check_message",
            "rotated_at",
        ]

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`values` would be taken for the model's field, so it joins by name."""
        found = super().get_fields()
        found["values"] = found.pop("values_")
        return found

    def get_filled(self, row: Credential) -> list[str]:
        if not row.values.readable:  # its key is not in the ring at the moment
            return []
        return sorted(name for name, value in row.values.items() if value)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Only the family's own names, and on creation all that it requires."""
        row = self.instance
        person = self.context["request"].user
        own = attrs.pop("own", False)
        if row is None:
            attrs["owner"] = person if own or not may_share(person) else None
        elif own != (row.owner_id is not None) and "own" in self.initial_data:
            raise serializers.ValidationError(
                {"own": "An account stays whose it is; make a new one."}
            )
        tracker: Tracker = (
            row.tracker if isinstance(row, Credential) else attrs["tracker"]
        )
        if attrs.get("tracker", tracker) != tracker:
            raise serializers.ValidationError(
                {"tracker": "An account stays with its tracker; make a new one."}
            )
        known = get_adapter_class(tracker.family).credential_fields
        given = attrs.get("values", {})
        odd = set(given) - {field.name for field in known}
        if odd:
            raise serializers.ValidationError(
                {"values": f"{tracker} has no value called {', '.join(sorted(odd))}."}
            )
        misfits = [misfit_text(f, given.get(f.name, "")) for f in known]
        if any(misfits):
            raise serializers.ValidationError({"values": list(filter(None, misfits))})
        if row is None:
            missing = [f.label for f in known if f.required and not given.get(f.name)]
            if missing:
                raise serializers.ValidationError(
                    {"values": f"{tracker} also needs: {', '.join(missing)}."}
                )
        return attrs

    def update(
        self, instance: Credential, validated_data: dict[str, Any]
    ) -> Credential:
        """Only what was given: the secrets may have changed meanwhile."""
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.save(update_fields=list(validated_data))
        return instance


class CheckOut(serializers.Serializer[Any]):
    """The answer to a test."""

    ok = serializers.BooleanField()
    username = serializers.CharField()
    message = serializers.CharField()
    warnings = serializers.ListField(child=serializers.CharField())
