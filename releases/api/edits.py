"""What people changed of the metadata as JSON, and taking the newest change back."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import LARGEST_ID, paged, person
from common.permissions import require
from common.tags import Tagged
from releases.api.serializers import MetadataOut
from releases.models import Release, ReleaseAct
from releases.services.edits import release_undo

VALUES = (
    "By field: {} where the sources spoke, {value} where a person insisted on one; "
    "null: left out on purpose."
)


class EditOut(serializers.ModelSerializer[ReleaseAct]):
    """One change by a person; the newest one without `undone_at` can be undone."""

    actor = serializers.CharField(
        source="actor.username", default=None, allow_null=True
    )
    before = serializers.DictField(child=serializers.JSONField(), help_text=VALUES)
    after = serializers.DictField(child=serializers.JSONField(), help_text=VALUES)

    class Meta:
        model = ReleaseAct
        fields = ["id", "before", "after", "actor", "created_at", "undone_at"]
        read_only_fields = fields


class UndoIn(serializers.Serializer[Any]):
    """Which change was seen as the newest."""

    edit = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class EditActions(Tagged, viewsets.GenericViewSet[Release]):
    """The calls of a release that are about changes by hand."""

    @extend_schema(responses=EditOut(many=True))
    @action(
        detail=True,
        rows_of=ReleaseAct,
        filterset_class=None,
        search_fields=[],
        ordering_fields=["id"],
        ordering=["-id"],
    )
    def edits(self, request: Request, pk: str) -> Response:
        """What people changed of the metadata, the newest first."""
        rows = self.get_object().acts.edits().select_related("actor")
        return paged(self, rows, EditOut)

    @extend_schema(request=UndoIn, responses=MetadataOut)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take the newest change back; an approved release needs approval again."""
        require(person(request), "releases.change_release", "edit metadata")
        given = UndoIn(data=request.data)
        given.is_valid(raise_exception=True)
        with self.held():
            release = self.get_object()
            release_undo(
                release_id=release.pk,
                edit_id=given.validated_data["edit"],
                actor_id=person(request).pk,
            )
        release.refresh_from_db()
        return self.tagged(release)
