"""A person's own views of the list of releases, as JSON."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import RolePermissions, person
from common.permissions import require
from common.tags import Tagged
from releases.models import SavedView
from releases.services.saved_views import (
    LONGEST_NAME,
    LONGEST_QUERY,
    view_delete,
    view_rename,
    view_save,
)

# A viewer's token only reads.
KEEP = ("releases.change_release", "keep views from a program")


class SavedViewOut(serializers.ModelSerializer[SavedView]):
    """Filters of the list under a name."""

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "created_at"]
        read_only_fields = fields


class SavedViewChangeIn(serializers.Serializer[Any]):
    """Another name."""

    name = serializers.CharField(max_length=LONGEST_NAME)


class SavedViewIn(SavedViewChangeIn):
    """What makes a view."""

    query = serializers.CharField(
        max_length=LONGEST_QUERY,
        help_text="What follows the ? of the list's address in the admin.",
    )


class OwnViews(RolePermissions):
    """Whoever may look has views; what is more is asked by the calls themselves."""

    perms_map = {
        **RolePermissions.perms_map,
        **dict.fromkeys(("PATCH", "DELETE"), RolePermissions.perms_map["GET"]),
    }


class SavedViewSet(
    Tagged,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[SavedView],
):
    """One's own views of the list."""

    queryset = SavedView.objects.none()
    serializer_class = SavedViewOut
    permission_classes = [OwnViews]
    search_fields = ["name"]
    ordering_fields = ["id", "name"]
    ordering = ["name"]

    def get_queryset(self) -> QuerySet[SavedView]:
        """Nobody sees somebody else's."""
        return SavedView.objects.filter(user_id=person(self.request).pk)

    @extend_schema(request=SavedViewIn, responses={201: SavedViewOut})
    def create(self, request: Request) -> Response:
        """Keep filters under a name."""
        require(person(request), *KEEP)
        given = SavedViewIn(data=request.data)
        given.is_valid(raise_exception=True)
        view = view_save(user_id=person(request).pk, **given.validated_data)
        return Response(SavedViewOut(view).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SavedViewChangeIn, responses=SavedViewOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Call it otherwise."""
        require(person(request), *KEEP)
        given = SavedViewChangeIn(data=request.data)
        given.is_valid(raise_exception=True)
        with self.held():
            view = view_rename(
                user_id=person(request).pk,
                view_id=self.get_object().pk,
                **given.validated_data,
            )
        return self.tagged(view)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Forget it; the releases stay."""
        require(person(request), *KEEP)
        with self.held():
            view_delete(user_id=person(request).pk, view_id=self.get_object().pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
