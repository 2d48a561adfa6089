"""Trackers, credentials and templates: parse, one service call, serialise."""

from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from common.api import Editors, paged, person
from common.permissions import Forbidden, require
from common.tags import TaggedEdits
from trackers.api import serializers as shapes
from trackers.api import template_serializers as texts
from trackers.api.filters import CredentialFilter
from trackers.models import Credential, Template, TemplateVersion, Tracker
from trackers.permissions import (
    credential_changes,
    credentials_seen_by,
    may_own,
    may_share,
)
from trackers.services.credentials import (
    credential_resume,
    credential_test,
    credential_update,
)
from trackers.services.templates import template_check, template_save


class TrackerViewSet(TaggedEdits, viewsets.ModelViewSet[Tracker]):
    """The sites."""

    queryset = Tracker.objects.order_by("name").prefetch_related(
        "template_choices__template"
    )
    serializer_class = shapes.TrackerShape
    permission_classes = [Editors]
    filterset_fields = ["slug", "family", "is_active"]
    search_fields = ["slug", "name", "base_url"]
    ordering_fields = ["id", "slug", "name"]


class AccountEditors(BasePermission):
    """Everybody with a role looks; admins change all, others their own."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Without the row: whether there could be one."""
        who = person(request)
        if not who.has_perm("trackers.view_credential"):
            return False
        return request.method != "POST" or view.detail or may_share(who) or may_own(who)

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        """What needs no more than seeing, actions included, is asked for there."""
        if request.method in ("GET", "HEAD", "OPTIONS", "POST"):
            return True
        return credential_changes(person(request), obj)


class CredentialViewSet(TaggedEdits, viewsets.ModelViewSet[Credential]):
    """The accounts: shared ones, and one's own; secrets are write-only."""

    queryset = Credential.objects.select_related("tracker", "owner").order_by("pk")
    serializer_class = shapes.CredentialShape
    permission_classes = [AccountEditors]
    filterset_class = CredentialFilter
    search_fields = ["label", "tracker__slug", "tracker__name"]
    ordering_fields = ["id", "label", "priority", "checked_at", "rotated_at"]

    def get_queryset(self) -> QuerySet[Credential]:
        """Nobody but admins sees the accounts of others."""
        rows = super().get_queryset()
        return rows.filter(credentials_seen_by(self.request.user))

    def perform_create(self, serializer: BaseSerializer[Credential]) -> None:
        self._save(serializer)

    def perform_update(self, serializer: BaseSerializer[Credential]) -> None:
        self._save(serializer)

    def _save(self, serializer: BaseSerializer[Credential]) -> None:
        values = serializer.validated_data.pop("values", {})
        with transaction.atomic():
            credential_update(serializer.save(), values)

    def _mine(self, request: Request) -> Credential:
        """The account, for those who may change it. Raises Forbidden."""
        row: Credential = self.get_object()
        if not credential_changes(person(request), row):
            raise Forbidden(
                "Your role does not allow you to test or resume this credential. Ask "
                "an admin of this Herald."
            )
        return row

    @extend_schema(request=None, responses=shapes.CheckOut)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Ask the tracker who this account is; a good answer ends the pause of a refusal."""
        return Response(shapes.CheckOut(credential_test(self._mine(request))).data)

    @extend_schema(request=None, responses=shapes.CredentialShape)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Use a paused account again."""
        credential = self._mine(request)
        credential_resume(credential)
        credential.refresh_from_db()
        return Response(self.get_serializer(credential).data)


class TemplateViewSet(TaggedEdits, viewsets.ModelViewSet[Template]):
    """Templates and their versions."""

    queryset = Template.objects.select_related("layout").order_by("name")
    serializer_class = texts.TemplateShape
    permission_classes = [Editors]
    filterset_fields = ["slug", "kind", "family", "is_builtin"]
    search_fields = ["slug", "name"]
    ordering_fields = ["id", "slug", "name"]

    def tag_extra(self, row: Template) -> tuple[Any, ...]:
        """A new version counts, although the row stays."""
        newest = row.versions.aggregate(newest=Max("number"))
        return (newest["newest"],)

    @extend_schema(responses=texts.VersionShape(many=True))
    @action(
        detail=True,
        rows_of=TemplateVersion,
        filterset_fields=["number"],
        search_fields=["note"],
        ordering_fields=["number"],
        ordering=["-number"],
    )
    def versions(self, request: Request, pk: str) -> Response:
        """Every version, the newest first."""
        rows = self.get_object().versions.select_related("author")
        return paged(self, rows, texts.VersionShape)

    @extend_schema(request=texts.VersionShape, responses={201: texts.VersionShape})
    @versions.mapping.post
    def add_version(self, request: Request, pk: str) -> Response:
        """Add a version; the same text again gives the one there is."""
        require(person(request), "trackers.change_template", "edit templates")
        given = texts.VersionShape(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        version: TemplateVersion = template_save(
            self.get_object(),
            fields=values["fields"],
            note=values.get("note", ""),
            author_id=person(request).pk,
        )
        return Response(
            texts.VersionShape(version).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(request=texts.SourcesIn, responses=texts.ValidateOut)
    @action(detail=True, methods=["post"])
    def validate(self, request: Request, pk: str) -> Response:
        """Whether these sources could be saved; nothing is."""
        require(person(request), "trackers.change_template", "edit templates")
        given = texts.SourcesIn(data=request.data)
        given.is_valid(raise_exception=True)
        errors = template_check(self.get_object(), given.validated_data["fields"])
        answer = {"ok": not errors, "errors": errors}
        return Response(texts.ValidateOut(answer).data)
