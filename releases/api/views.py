"""Releases, libraries and torrent clients: parse, one service call, serialise.

Approving is about uploads and lives there; it adds its actions to this view set.
"""

from collections.abc import Sequence

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from common.api import Editors, RolePermissions, paged, person
from common.permissions import require
from releases.api import serializers as shapes
from releases.models import Library, Release, TorrentClient
from releases.services.amending import release_correct
from releases.services.clients import client_password, client_test
from releases.services.ingest import release_create
from releases.services.prepare import prepare_cancel, prepare_request
from releases.services.remerge import release_override


class ReleaseViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Release]
):
    """Releases and their preparation."""

    queryset = Release.objects.select_related("library", "created_by").defer(
        "given_torrent", "metadata", "overrides"
    )
    serializer_class = shapes.ReleaseOut
    permission_classes = [RolePermissions]
    filterset_fields = ["state", "kind", "library"]
    search_fields = ["title", "name", "asin"]
    ordering_fields = ["created_at", "title", "total_size"]
    ordering = ["-created_at", "-id"]

    @extend_schema(request=shapes.ReleaseIn, responses={201: shapes.ReleaseOut})
    def create(self, request: Request) -> Response:
        """Make a release of a path; its preparation is queued."""
        require(person(request), "releases.prepare_release", "prepare releases")
        given = shapes.ReleaseIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        self.check_targets(values["trackers"], values["kind"])
        release = release_create(
            path=values["path"],
            kind=values["kind"],
            asin=values["asin"],
            targets=values["trackers"],
            actor_id=person(request).pk,
        )
        return Response(shapes.ReleaseOut(release).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.ReleaseChangeIn, responses={202: shapes.ReleaseOut})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct trackers or kind; the release is prepared again."""
        require(person(request), "releases.prepare_release", "prepare releases")
        given = shapes.ReleaseChangeIn(data=request.data)
        given.is_valid(raise_exception=True)
        values, release = given.validated_data, self.get_object()
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

    @extend_schema(responses=shapes.ProgressOut)
    @action(detail=True)
    def progress(self, request: Request, pk: str) -> Response:
        """How far preparation is."""
        return Response(shapes.ProgressOut(self.get_object()).data)

    @extend_schema(responses=shapes.MetadataOut)
    @action(detail=True)
    def metadata(self, request: Request, pk: str) -> Response:
        """Every field with its value, its source and what other sources say."""
        return Response(shapes.MetadataOut(self.get_object()).data)

    @extend_schema(request=shapes.MetadataIn, responses=shapes.MetadataOut)
    @metadata.mapping.patch
    def edit_metadata(self, request: Request, pk: str) -> Response:
        """Insist on values; an approved release needs approval again."""
        require(person(request), "releases.change_release", "edit metadata")
        given = shapes.MetadataIn(data=request.data)
        given.is_valid(raise_exception=True)
        release = release_override(
            release_id=self.get_object().pk,
            changes=given.validated_data["fields"],
            revert=given.validated_data["revert"],
            actor_id=person(request).pk,
        )
        return Response(shapes.MetadataOut(release).data)

    @extend_schema(responses=shapes.FileOut(many=True))
    @action(detail=True, filterset_fields=None)
    def files(self, request: Request, pk: str) -> Response:
        """The files in their order, also those that stay out of the torrent."""
        rows = self.get_object().files.order_by("position")
        return paged(self, rows, shapes.FileOut)

    def _answer(self, release: Release, code: int) -> Response:
        release.refresh_from_db()
        return Response(shapes.ReleaseOut(release).data, status=code)


class LibraryViewSet(viewsets.ModelViewSet[Library]):
    """The folders that Herald may read."""

    queryset = Library.objects.order_by("name")
    serializer_class = shapes.LibraryShape
    permission_classes = [Editors]


class TorrentClientViewSet(viewsets.ModelViewSet[TorrentClient]):
    """The clients that seed."""

    queryset = TorrentClient.objects.order_by("name")
    serializer_class = shapes.TorrentClientShape
    permission_classes = [Editors]

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
