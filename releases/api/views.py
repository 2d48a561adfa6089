"""Releases, libraries and torrent clients: parse, one service call, serialise.

Approving is about uploads and lives there; it adds its actions to this view set.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from common.api import Editors, RolePermissions, paged, person
from common.permissions import require
from common.streams import EventStreamRenderer, stream, wants_stream
from common.tags import TaggedEdits
from releases.api import intake
from releases.api import serializers as shapes
from releases.api.edits import EditActions
from releases.api.filters import ReleaseFilter
from releases.api.progress import progress_look
from releases.errors import ReleaseError
from releases.models import (
    Library,
    Release,
    ReleaseEvent,
    ReleaseFile,
    TorrentClient,
)
from releases.services.amending import release_correct
from releases.services.batch import batch_add
from releases.services.clients import client_password, client_test
from releases.services.ingest import release_create
from releases.services.prepare import prepare_cancel, prepare_request
from releases.services.remerge import release_override


class ReleaseViewSet(
    EditActions,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
):
    """Releases and their preparation."""

    queryset = Release.objects.select_related("library", "created_by").defer(
        "given_torrent", "metadata", "overrides"
    )
    serializer_class = shapes.ReleaseOut
    permission_classes = [RolePermissions]
    filterset_class = ReleaseFilter
    search_fields = ["title", "name", "asin"]
    ordering_fields = ["id", "created_at", "title", "total_size"]
    ordering = ["-id"]

    def tag_extra(self, row: Release) -> tuple[Any, ...]:
        """Files and metadata count, although only the revision tells of them."""
        return (row.revision, row.fingerprint)

    def tag_shape(self) -> type[BaseSerializer[Any]]:
        """Metadata are a page of their own."""
        if self.action in ("metadata", "edit_metadata", "undo"):
            return shapes.MetadataOut
        return shapes.ReleaseOut

    @extend_schema(
        request=shapes.ReleaseIn,
        responses={201: shapes.ReleaseOut, 200: shapes.ReleaseOut},
    )
    def create(self, request: Request) -> Response:
        """Make a release of a path; its preparation is queued."""
        require(person(request), "releases.prepare_release", "prepare releases")
        given = shapes.ReleaseIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        self.check_targets(values["trackers"], values["kind"])
        try:
            release = release_create(
                path=values["root"] or values["path"],
                kind=values["kind"],
                asin=values["asin"],
                targets=values["trackers"],
                actor_id=person(request).pk,
            )
        except ReleaseError as exc:
            if exc.code != "release_exists" or not values["exist_ok"]:
                raise
            known = self.get_queryset().get(pk=exc.extra["release"])
            return Response(shapes.ReleaseOut(known).data)
        return Response(shapes.ReleaseOut(release).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=intake.BatchIn, responses=intake.BatchOut)
    @action(detail=False, methods=["post"])
    def batch(self, request: Request) -> Response:
        """Make releases of many paths, or of what lies in a folder.

        The answer says for each path what became of it, and is 200 whatever that is.
        Safe to repeat.
        """
        require(person(request), "releases.prepare_release", "prepare releases")
        given = intake.BatchIn(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        self.check_targets(wish["trackers"], wish["kind"])
        results = batch_add(
            paths=wish.get("paths"),
            parent=wish.get("parent", ""),
            preview=wish["preview"],
            kind=wish["kind"],
            targets=wish["trackers"],
            actor_id=person(request).pk,
        )
        return Response(intake.BatchOut({"results": results}).data)

    @extend_schema(request=shapes.ReleaseChangeIn, responses={202: shapes.ReleaseOut})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct trackers or kind; the release is prepared again."""
        require(person(request), "releases.prepare_release", "prepare releases")
        given = shapes.ReleaseChangeIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        with self.held():
            release = self.get_object()
            if values:
                kind = values.get("kind", "")
                targets = values.get("trackers")
                self.check_targets(targets or (), kind or release.kind)
                release_correct(
                    release_id=release.pk,
                    kind=kind,
                    targets=targets,
                    actor_id=person(request).pk,
                )
        return self._answer(release, status.HTTP_202_ACCEPTED)

    def check_targets(self, targets: Sequence[str], kind: str) -> None:
        """Raise AppError for a tracker that is not there. Trackers are above us."""

    @extend_schema(request=None, responses={202: shapes.ReleaseOut})
    @action(detail=True, methods=["post"])
    def prepare(self, request: Request, pk: str) -> Response:
        """Prepare again, from the files on."""
        require(person(request), "releases.prepare_release", "prepare releases")
        release = self.get_object()
        prepare_request(release.pk, actor_id=person(request).pk)
        return self._answer(release, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: shapes.ReleaseOut})
    @action(detail=True, methods=["post"], url_path="cancel")
    def cancel_preparation(self, request: Request, pk: str) -> Response:
        """Stop a running preparation."""
        require(person(request), "releases.prepare_release", "prepare releases")
        release = self.get_object()
        prepare_cancel(release.pk, actor_id=person(request).pk)
        return self._answer(release, status.HTTP_202_ACCEPTED)

    @extend_schema(
        responses={
            (200, "application/json"): shapes.ProgressOut,
            (200, "text/event-stream"): OpenApiTypes.STR,
        }
    )
    @action(detail=True, renderer_classes=[JSONRenderer, EventStreamRenderer])
    def progress(self, request: Request, pk: str) -> HttpResponseBase:
        """How far preparation is; as `text/event-stream` until it has come to rest."""
        release = self.get_object()
        if wants_stream(request):
            return stream(request, partial(progress_look, release.pk))
        return Response(shapes.ProgressOut(release).data)

    @extend_schema(responses=shapes.MetadataOut)
    @action(detail=True)
    def metadata(self, request: Request, pk: str) -> Response:
        """Every field with its value, its source and what other sources say."""
        return self.tagged(self.get_object())

    @extend_schema(request=shapes.MetadataIn, responses=shapes.MetadataOut)
    @metadata.mapping.patch
    def edit_metadata(self, request: Request, pk: str) -> Response:
        """Insist on values; an approved release needs approval again."""
        require(person(request), "releases.change_release", "edit metadata")
        given = shapes.MetadataIn(data=request.data)
        given.is_valid(raise_exception=True)
        with self.held():
            release = release_override(
                release_id=self.get_object().pk,
                changes=given.validated_data["fields"],
                revert=given.validated_data["revert"],
                actor_id=person(request).pk,
            )
        release.refresh_from_db()
        return self.tagged(release)

    @extend_schema(responses=shapes.FileOut(many=True))
    @action(
        detail=True,
        rows_of=ReleaseFile,
        filterset_class=None,
        filterset_fields=["kind", "included"],
        search_fields=["path"],
        ordering_fields=["position", "path", "size"],
        ordering=["position"],
    )
    def files(self, request: Request, pk: str) -> Response:
        """The files in their order, also those that stay out of the torrent."""
        return paged(self, self.get_object().files.all(), shapes.FileOut)

    @extend_schema(responses=shapes.ReleaseEventOut(many=True))
    @action(
        detail=True,
        rows_of=ReleaseEvent,
        filterset_class=None,
        filterset_fields=["old", "new"],
        search_fields=["reason"],
        ordering_fields=["id"],
        ordering=["-id"],
    )
    def events(self, request: Request, pk: str) -> Response:
        """Every move of the release, the newest first."""
        rows = self.get_object().events.select_related("actor")
        return paged(self, rows, shapes.ReleaseEventOut)

    def _answer(self, release: Release, code: int) -> Response:
        release.refresh_from_db()
        data = shapes.ReleaseOut(release).data
        tag = self.tag(release, data)
        return Response(data, status=code, headers={"ETag": tag})


class LibraryViewSet(TaggedEdits, viewsets.ModelViewSet[Library]):
    """The folders that Herald may read."""

    queryset = Library.objects.order_by("name")
    serializer_class = shapes.LibraryShape
    permission_classes = [Editors]
    filterset_fields = ["torrent_client"]
    search_fields = ["name", "path"]
    ordering_fields = ["id", "name", "path"]


class TorrentClientViewSet(TaggedEdits, viewsets.ModelViewSet[TorrentClient]):
    """The clients that seed."""

    queryset = TorrentClient.objects.order_by("name")
    serializer_class = shapes.TorrentClientShape
    permission_classes = [Editors]
    filterset_fields = ["is_active", "check_ok"]
    search_fields = ["name", "url"]
    ordering_fields = ["id", "name"]

    def perform_create(self, serializer: BaseSerializer[TorrentClient]) -> None:
        self._save(serializer)

    def perform_update(self, serializer: BaseSerializer[TorrentClient]) -> None:
        self._save(serializer)

    def _save(self, serializer: BaseSerializer[TorrentClient]) -> None:
        password = serializer.validated_data.pop("password", "")
        with transaction.atomic():
            client_password(serializer.save(), password)

    @extend_schema(request=None, responses=shapes.ClientCheckOut)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Ask the client who it is."""
        require(person(request), "releases.change_torrentclient", "test clients")
        return Response(shapes.ClientCheckOut(client_test(self.get_object())).data)
