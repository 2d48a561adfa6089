"""What the API views of every app share."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Model
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.request import Request
from rest_framework.response import Response

LARGEST_ID = 2**63 - 1


class RolePermissions(DjangoModelPermissions):
    """Django's model permissions, reading included: a role must allow each method."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
        # What an action needs beyond seeing, it asks for itself.
        "POST": ["%(app_label)s.view_%(model_name)s"],
    }


class Editors(DjangoModelPermissions):
    """For plain create, update and delete: the model's own permissions."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
    }


class ErrorSerializer(serializers.Serializer[Any]):
    """The one shape of every failure."""

    code = serializers.CharField(help_text="Stable; docs/errors.md lists them.")
    message = serializers.CharField(help_text="A sentence for people.")
    extra = serializers.DictField(help_text="Details for programs.")


class ById(GenericAPIView[Any]):
    """One row is found by its id alone; filters are for lists.

    An action that lists rows of another model says so in `rows_of`, and brings its
    own filters, order and search.
    """

    rows_of: type[Model] | None = None
    filterset_class: Any = None
    filterset_fields: Any = None
    search_fields: Sequence[str] | None = None
    ordering_fields: Sequence[str] | None = None
    ordering: Sequence[str] | None = None

    def get_object(self) -> Any:
        """The row of the address. Raises Http404, and what permissions raise."""
        row = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.check_object_permissions(self.request, row)
        return row


def person(request: Request) -> User:
    """Who asks; views let nobody in without a login."""
    return cast(User, request.user)


def paged(
    view: GenericAPIView[Any], rows: Any, shape: type[serializers.ModelSerializer[Any]]
) -> Response:
    """One page of rows that are not the view's own model, filtered as it says."""
    page = view.paginate_queryset(view.filter_queryset(rows))
    return view.get_paginated_response(shape(page, many=True).data)
