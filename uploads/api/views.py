"""Uploads and decisions: parse, one service call, serialise."""

from collections.abc import Sequence
from functools import partial

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from common.api import RolePermissions, paged, person
from common.lists import Filters, Ordering
from common.permissions import require
from common.streams import EventStreamRenderer, stream, wants_stream
from common.tags import Tagged
from releases.api.serializers import ReleaseOut
from releases.api.views import ReleaseViewSet
from releases.services.lifecycle import release_reopen
from trackers.selectors import trackers_for
from uploads.api import serializers as shapes
from uploads.api.filters import UploadFilter, UploadSearch
from uploads.api.progress import sending_look
from uploads.errors import UploadError
from uploads.models import Approval, Upload, UploadAttempt, UploadEvent
from uploads.services.answering import upload_mark_there, upload_send_again
from uploads.services.approval import release_approve, release_reject
from uploads.services.queueing import (
    upload_cancel,
    upload_prioritise,
    upload_retry,
)
from uploads.services.seeding import seeding_restart

APPROVE = ("uploads.approve_upload", "approve or reject uploads")
HEAVY_OF_RELEASE = tuple(
    f"release__{name}" for name in ("metadata", "overrides", "given_torrent", "notices")
)
DRIVE = ("uploads.drive_upload", "retry, cancel or prioritise uploads")


class DecidedReleaseViewSet(ReleaseViewSet):
    """Releases, their preparation, and the decisions about them."""

    def check_targets(self, targets: Sequence[str], kind: str) -> None:
        """A tracker that is not there is told at once, not after the hashing."""
        trackers_for(targets, kind)

    @extend_schema(request=shapes.ApproveIn, responses=shapes.ApproveOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve drafts; they are sent at once."""
        require(person(request), *APPROVE)
        given = shapes.ApproveIn(data=request.data)
        given.is_valid(raise_exception=True)
        release = self.get_object()
        report = release_approve(
            release_id=release.pk,
            actor_id=person(request).pk,
            note=given.validated_data["note"],
            upload_ids=given.validated_data["uploads"],
            digests=given.validated_data["digests"],
        )
        release.refresh_from_db()
        approved = (
            Upload.objects.filter(pk__in=[upload.pk for upload in report.approved])
            .select_related("tracker", "release", "duplicate_search")
            .defer("payload", "torrent_file", "site_torrent", *HEAVY_OF_RELEASE)
            .defer("duplicate_search__answers")
        )
        return Response(
            {
                "release": ReleaseOut(release).data,
                "approved": shapes.UploadOut(approved, many=True).data,
                "left_out": report.left_out,
            }
        )

    @extend_schema(request=shapes.RejectionIn, responses=ReleaseOut)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """Turn a ready release down."""
        require(person(request), *APPROVE)
        given = shapes.RejectionIn(data=request.data)
        given.is_valid(raise_exception=True)
        release = self.get_object()
        release_reject(
            release_id=release.pk,
            actor_id=person(request).pk,
            note=given.validated_data["note"],
        )
        return self._answer(release, 200)

    @extend_schema(request=None, responses=ReleaseOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Take an approval or rejection back."""
        require(person(request), *APPROVE)
        release = self.get_object()
        release_reopen(release_id=release.pk, actor_id=person(request).pk)
        return self._answer(release, 200)

    @extend_schema(responses=shapes.ApprovalOut(many=True))
    @action(
        detail=True,
        rows_of=Approval,
        filterset_class=None,
        filterset_fields=["decision"],
        search_fields=["note"],
        ordering_fields=["id"],
        ordering=["-id"],
    )
    def approvals(self, request: Request, pk: str) -> Response:
        """Every decision about the release, the newest first."""
        rows = self.get_object().approvals.select_related("actor").defer("forms")
        return paged(self, rows, shapes.ApprovalOut)

    @extend_schema(
        responses={
            (200, "application/json"): shapes.SendingOut,
            (200, "text/event-stream"): OpenApiTypes.STR,
        }
    )
    @action(
        detail=True,
        url_path="uploads",
        renderer_classes=[JSONRenderer, EventStreamRenderer],
    )
    def sending(self, request: Request, pk: str) -> HttpResponseBase:
        """How far its uploads are; as `text/event-stream` until each is at rest."""
        require(person(request), "uploads.view_upload", "see uploads")
        look = partial(sending_look, self.get_object().pk)
        if wants_stream(request):
            return stream(request, look)
        if (seen := look()) is None:
            raise Http404
        return Response(seen[0])


class UploadViewSet(
    Tagged,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Upload],
):
    """Uploads and what a person may do with them."""

    queryset = Upload.objects.select_related(
        "tracker", "release", "duplicate_search"
    ).defer(
        *("torrent_file", "site_torrent", "duplicate_search__answers"),
        *HEAVY_OF_RELEASE,
    )
    permission_classes = [RolePermissions]
    filter_backends = [Filters, UploadSearch, Ordering]
    filterset_class = UploadFilter
    search_fields = ["release__title", "release__name", "=infohash", "=remote_id"]
    ordering_fields = ["id", "created_at", "priority", "finished_at"]
    ordering = ["-id"]

    def get_queryset(self) -> QuerySet[Upload]:
        """A list does not read what only the page of one shows."""
        rows = super().get_queryset()
        return rows.defer("payload") if self.action == "list" else rows

    def get_serializer_class(self) -> type[BaseSerializer[Upload]]:
        return shapes.UploadOut if self.action == "list" else shapes.UploadDetailOut

    def tag_shape(self) -> type[BaseSerializer[Upload]]:
        """Whatever is done to an upload, it was read as one."""
        return shapes.UploadDetailOut

    @extend_schema(responses=shapes.AttemptOut(many=True))
    @action(
        detail=True,
        rows_of=UploadAttempt,
        filterset_class=None,
        filterset_fields=["phase", "outcome", "error_code"],
        search_fields=["message", "decision"],
        ordering_fields=["number"],
        ordering=["number"],
    )
    def attempts(self, request: Request, pk: str) -> Response:
        """Every try, the first one first."""
        return paged(self, self.get_object().attempts.all(), shapes.AttemptOut)

    @extend_schema(responses=shapes.UploadEventOut(many=True))
    @action(
        detail=True,
        rows_of=UploadEvent,
        filterset_class=None,
        filterset_fields=["old", "new"],
        search_fields=["reason"],
        ordering_fields=["id"],
        ordering=["-id"],
    )
    def events(self, request: Request, pk: str) -> Response:
        """Every move of the upload, the newest first."""
        rows = self.get_object().events.select_related("actor")
        return paged(self, rows, shapes.UploadEventOut)

    @extend_schema(request=None, responses=shapes.UploadDetailOut)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Send a failed upload again, as it was approved."""
        require(person(request), *DRIVE)
        upload = self.get_object()
        upload_retry(upload_id=upload.pk, actor_id=person(request).pk)
        return self._answer(upload)

    @extend_schema(request=None, responses=shapes.UploadDetailOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Give an upload up that was not sent."""
        require(person(request), *DRIVE)
        upload = self.get_object()
        upload_cancel(upload_id=upload.pk, actor_id=person(request).pk)
        return self._answer(upload)

    @extend_schema(request=shapes.PriorityIn, responses=shapes.UploadDetailOut)
    @action(detail=True, methods=["post"])
    def prioritise(self, request: Request, pk: str) -> Response:
        """Say how urgent it is; higher goes first."""
        require(person(request), *DRIVE)
        given = shapes.PriorityIn(data=request.data)
        given.is_valid(raise_exception=True)
        actor_id = person(request).pk
        with self.held():
            upload = self.get_object()
            upload_prioritise(
                upload_id=upload.pk, actor_id=actor_id, **given.validated_data
            )
        return self._answer(upload)

    @extend_schema(request=shapes.SettleIn, responses=shapes.UploadDetailOut)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Answer whether a failed upload is on the tracker.

        There: `url` is its link or number there, which is checked; 409
        `link_unchecked` when that cannot be done now, and then `seen` insists. Not
        there: it is sent again, as it was approved; only what Herald asks about.
        """
        require(person(request), *DRIVE)
        given = shapes.SettleIn(data=request.data)
        given.is_valid(raise_exception=True)
        upload = self.get_object()
        actor, wanted = person(request).pk, given.validated_data
        if wanted["there"]:
            upload_mark_there(
                upload_id=upload.pk,
                link=wanted["url"],
                seen=wanted["seen"],
                actor_id=actor,
            )
        else:
            upload_send_again(upload_id=upload.pk, actor_id=actor)
        return self._answer(upload)

    @extend_schema(request=None, responses=shapes.UploadDetailOut)
    @action(detail=True, methods=["post"], url_path="check-seeding")
    def check_seeding(self, request: Request, pk: str) -> Response:
        """Prove the seeding once more."""
        require(person(request), *DRIVE)
        upload = self.get_object()
        if not seeding_restart(upload.pk, actor_id=person(request).pk):
            raise UploadError(
                "Only what is on the tracker can seed, and this upload is not.",
                code="upload_not_done",
            )
        return self._answer(upload)

    def _answer(self, upload: Upload) -> Response:
        upload = self.get_queryset().get(pk=upload.pk)
        data = shapes.UploadDetailOut(upload).data
        return Response(data, headers={"ETag": self.tag(upload, data)})
