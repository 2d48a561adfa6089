"""Rules that approve, as JSON: made by admins, with a dry run and a history."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from common.api import ById, Editors, paged, person
from trackers.models import Tracker
from uploads.models import ApprovalRule, RuleEvent
from uploads.services.rules import Trial, rule_delete, rule_save, rule_trial


class RuleShape(serializers.ModelSerializer[ApprovalRule]):
    """A rule; what is left empty is met by everything."""

    trackers = serializers.ListField(
        child=serializers.SlugField(max_length=40),
        required=False,
        max_length=200,
        help_text="Slugs; empty: every tracker.",
    )

    class Meta:
        model = ApprovalRule
        fields = [
            *("id", "name", "trackers", "kind", "library", "watch_folder", "made_by"),
            *("no_warnings", "is_active", "active_since", "created_at", "updated_at"),
        ]
        read_only_fields = ["active_since", "created_at", "updated_at"]

    def validate_trackers(self, slugs: list[str]) -> list[str]:
        """Only trackers that are there, or that the rule names since they were."""
        known = set(Tracker.objects.values_list("slug", flat=True))
        if self.instance is not None:
            known.update(self.instance.trackers)
        if unknown := [slug for slug in slugs if slug not in known]:
            raise serializers.ValidationError(
                _("There is no tracker “%(names)s”. Give slugs of trackers.")
                % {"names": ", ".join(unknown)}
            )
        return slugs


class RuleEventOut(serializers.ModelSerializer[RuleEvent]):
    """One change of a rule."""

    actor = serializers.CharField(
        source="actor.username", default=None, allow_null=True
    )

    class Meta:
        model = RuleEvent
        fields = ["id", "action", "actor", "conditions", "created_at"]
        read_only_fields = fields


class TrialOut(serializers.Serializer[Any]):
    """What a rule says about one upload."""

    upload = serializers.IntegerField(source="upload.pk")
    release = serializers.IntegerField(source="upload.release_id")
    title = serializers.CharField(source="upload.release")
    tracker = serializers.CharField(source="upload.tracker.slug")
    approves = serializers.SerializerMethodField()
    objection = serializers.CharField(help_text="Why it does not; empty when it does.")
    decided = serializers.CharField(help_text="What was decided about the release.")

    def get_approves(self, trial: Trial) -> bool:
        """Whether it would."""
        return not trial.objection


class TrialsOut(serializers.Serializer[Any]):
    """A dry run: nothing was changed."""

    now = TrialOut(many=True)
    past = TrialOut(many=True, help_text="Of the last 30 days.")


class RuleViewSet(ById, viewsets.ModelViewSet[ApprovalRule]):
    """Rules that approve in a person's place."""

    queryset = ApprovalRule.objects.order_by("pk")
    serializer_class = RuleShape
    permission_classes = [Editors]
    ordering_fields = ["id", "name", "created_at"]

    def perform_create(self, serializer: BaseSerializer[ApprovalRule]) -> None:
        rule = ApprovalRule(**serializer.validated_data)
        serializer.instance = rule_save(rule, actor_id=person(self.request).pk)

    def perform_update(self, serializer: BaseSerializer[ApprovalRule]) -> None:
        rule = self.get_object()
        for name, value in serializer.validated_data.items():
            setattr(rule, name, value)
        serializer.instance = rule_save(rule, actor_id=person(self.request).pk)

    def perform_destroy(self, instance: ApprovalRule) -> None:
        rule_delete(instance, actor_id=person(self.request).pk)

    @extend_schema(responses=TrialsOut)
    @action(detail=True, url_path="dry-run")
    def dry_run(self, request: Request, pk: str) -> Response:
        """What it would approve now, and would have in the last 30 days."""
        now, past = rule_trial(self.get_object())
        return Response(TrialsOut({"now": now, "past": past}).data)

    @extend_schema(responses=RuleEventOut(many=True))
    @action(detail=True, rows_of=RuleEvent, ordering_fields=["id"], ordering=["-id"])
    def history(self, request: Request, pk: str) -> Response:
        """Every change, the newest first."""
        rows = self.get_object().events.select_related("actor")
        return paged(self, rows, RuleEventOut)
