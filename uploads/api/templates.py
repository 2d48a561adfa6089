"""Templates with a preview, which needs a release and a tracker."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import LARGEST_ID, person
from common.permissions import require
from releases.models import Release
from trackers.api.template_serializers import FieldErrorOut, SourcesIn
from trackers.api.views import TemplateViewSet
from trackers.models import Template, Tracker
from trackers.services.templates import fields_complete, version_fields
from uploads.services.previewing import template_preview


class PreviewQuery(serializers.Serializer[Any]):
    """What a stored version is tried on."""

    tracker = serializers.SlugRelatedField(
        slug_field="slug", queryset=Tracker.objects.all()
    )
    release = serializers.PrimaryKeyRelatedField(
        pk_field=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        queryset=Release.objects.select_related("library"),
        required=False,
        allow_null=True,
        default=None,
        help_text="Left out: a made-up sample.",
    )
    version = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="Its number; left out: the newest.",
    )


class PreviewIn(SourcesIn):
    """Sources that are not saved, and what they are tried on."""

    tracker = serializers.SlugRelatedField(
        slug_field="slug", queryset=Tracker.objects.all()
    )
    release = serializers.PrimaryKeyRelatedField(
        pk_field=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        queryset=Release.objects.select_related("library"),
        required=False,
        allow_null=True,
        default=None,
        help_text="Left out: a made-up sample.",
    )


class PreviewOut(serializers.Serializer[Any]):
    """What came out; a field with an error is missing from `fields`."""

    fields_ = serializers.DictField(child=serializers.CharField())
    errors_ = FieldErrorOut(many=True)
    undefined = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Field → names it printed that have no value.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`fields` and `errors` are a serializer's own attributes."""
        found = super().get_fields()
        found["fields"], found["errors"] = found.pop("fields_"), found.pop("errors_")
        return found


class PreviewedTemplateViewSet(TemplateViewSet):
    """Templates, their versions, and what they make of a release."""

    @extend_schema(parameters=[PreviewQuery], responses=PreviewOut, filters=False)
    @action(detail=True)
    def preview(self, request: Request, pk: str) -> Response:
        """Render a stored version."""
        require(person(request), "releases.view_release", "see releases")
        given = PreviewQuery(data=request.query_params)
        given.is_valid(raise_exception=True)
        template = self.get_object()
        number = given.validated_data.get("version")
        version = (
            get_object_or_404(template.versions, number=number)
            if number
            else template.current
        )
        if version is None:
            raise Http404
        return self._rendered(template, version_fields(version), given.validated_data)

    @extend_schema(request=PreviewIn, responses=PreviewOut)
    @preview.mapping.post
    def preview_unsaved(self, request: Request, pk: str) -> Response:
        """Render sources that are not saved."""
        require(person(request), "trackers.change_template", "edit templates")
        require(person(request), "releases.view_release", "see releases")
        given = PreviewIn(data=request.data)
        given.is_valid(raise_exception=True)
        template = self.get_object()
        fields = fields_complete(template, given.validated_data["fields"])
        return self._rendered(template, fields, given.validated_data)

    def _rendered(
        self, template: Template, fields: dict[str, str], values: dict[str, Any]
    ) -> Response:
        preview = template_preview(
            template, fields, tracker=values["tracker"], release=values["release"]
        )
        return Response(PreviewOut(asdict(preview)).data)
