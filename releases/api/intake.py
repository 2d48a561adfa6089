"""How releases come in without a person, as JSON: batches and watch folders."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import ById, Editors, paged
from releases.api.serializers import validated_row
from releases.models import Candidate, Release, WatchFolder
from releases.services.batch import MOST_PATHS


class BatchIn(serializers.Serializer[Any]):
    """Many releases at once: `paths`, or what lies in `parent`."""

    paths = serializers.ListField(
        child=serializers.CharField(trim_whitespace=False, max_length=4096),
        required=False,
        max_length=MOST_PATHS,
    )
    parent = serializers.CharField(  # type: ignore[assignment]  # a field, all the same
        trim_whitespace=False,
        max_length=4096,
        required=False,
        help_text="A folder: each folder and each audio or video file in it.",
    )
    kind = serializers.ChoiceField(
        choices=Release.Kind.choices, required=False, allow_blank=True, default=""
    )
    trackers = serializers.ListField(
        child=serializers.SlugField(max_length=40),
        required=False,
        default=list,
        max_length=200,
        help_text="Slugs; empty: every active tracker that takes this kind.",
    )
    preview = serializers.BooleanField(
        default=False, help_text="true: say what would become of each; make nothing."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two ways."""
        if ("paths" in attrs) == ("parent" in attrs):
            raise serializers.ValidationError({"paths": "Give either paths or parent."})
        return attrs


class BatchAnswerOut(serializers.Serializer[Any]):
    """What became of one path."""

    path = serializers.CharField()
    result = serializers.ChoiceField(choices=["created", "exists", "refused", "found"])
    release = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()


class BatchOut(serializers.Serializer[Any]):
    """What became of each path, in the order given."""

    results = BatchAnswerOut(many=True)


class WatchFolderShape(serializers.ModelSerializer[WatchFolder]):
    """A folder that is looked into for new releases."""

    targets = serializers.ListField(
        child=serializers.SlugField(max_length=40),
        required=False,
        max_length=200,
        help_text="Slugs; empty: every active tracker that takes this kind.",
    )

    class Meta:
        model = WatchFolder
        fields = [
            *("id", "library", "path", "depth", "settle_seconds", "kind", "targets"),
            *("owner", "is_active", "problem", "scanned_at"),
        ]
        read_only_fields = ["problem", "scanned_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The model's own rules, on what the row would be."""
        attrs.update(validated_row(self, WatchFolder, attrs))
        return attrs


class CandidateOut(serializers.ModelSerializer[Candidate]):
    """What lies in a watch folder: taken, or why not yet."""

    class Meta:
        model = Candidate
        fields = [
            *("id", "path", "state", "code", "message", "file_count", "total_size"),
            *("quiet_seconds", "release", "seen_at", "looked_at"),
        ]
        read_only_fields = fields


class WatchFolderViewSet(ById, viewsets.ModelViewSet[WatchFolder]):
    """The folders that are looked into for new releases."""

    queryset = WatchFolder.objects.order_by("pk")
    serializer_class = WatchFolderShape
    permission_classes = [Editors]
    ordering_fields = ["id", "path", "scanned_at"]

    @extend_schema(responses=CandidateOut(many=True))
    @action(
        detail=True,
        rows_of=Candidate,
        ordering_fields=["id", "path", "seen_at"],
        ordering=["-seen_at", "-id"],
    )
    def candidates(self, request: Request, pk: str) -> Response:
        """What lies in the folder, the newest first, with why it waits."""
        return paged(self, self.get_object().candidates.all(), CandidateOut)
