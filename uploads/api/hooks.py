"""Webhooks and their deliveries as JSON: an admin's, with the secret shown once."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import ById, Editors, RolePermissions, person
from common.permissions import require
from common.tags import TaggedEdits
from uploads.api.filters import DeliveryFilter
from uploads.hooks import HOOK_EVENTS
from uploads.models import Delivery, Webhook
from uploads.services.hooking import (
    check_hook_address,
    delivery_again,
    webhook_secret,
    webhook_test,
)

CHANGE = ("uploads.change_webhook", "change webhooks")


class WebhookShape(serializers.ModelSerializer[Webhook]):
    """Where a program is told, and of what."""

    url = serializers.CharField(max_length=500, help_text="http:// or https://")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=list(HOOK_EVENTS.items())),
        min_length=1,
        max_length=len(HOOK_EVENTS),
    )
    owner = serializers.CharField(
        source="owner.username", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = Webhook
        fields = [
            "id",
            "name",
            "url",
            "events",
            "is_active",
            "owner",
            "last_error",
            "last_delivered_at",
            "created_at",
        ]
        read_only_fields = ["last_error", "last_delivered_at", "created_at"]

    def validate_url(self, value: str) -> str:
        """An address that can be posted to."""
        try:
            check_hook_address(value)
        except DjangoValidationError as exc:
            raise serializers.ValidationError(exc.messages) from exc
        return value

    def validate_events(self, value: list[str]) -> list[str]:
        """Each once."""
        return sorted(set(value))


class FreshWebhookOut(WebhookShape):
    """A webhook with its signing secret, which is shown this once."""

    secret = serializers.CharField(read_only=True)

    class Meta(WebhookShape.Meta):
        fields = [*WebhookShape.Meta.fields, "secret"]


class DeliveryOut(serializers.ModelSerializer[Delivery]):
    """One message, and how its last try went."""

    class Meta:
        model = Delivery
        fields = [
            "id",
            "webhook",
            "number",
            "event",
            "body",
            "tries",
            "status",
            "duration_ms",
            "answer",
            "error",
            "tried_at",
            "not_before",
            "delivered_at",
            "given_up_at",
            "created_at",
        ]
        read_only_fields = fields


class WebhookViewSet(TaggedEdits, viewsets.ModelViewSet[Webhook]):
    """The programs that are told what happened."""

    queryset = Webhook.objects.select_related("owner").defer("signing").order_by("name")
    serializer_class = WebhookShape
    permission_classes = [Editors]
    filterset_fields = ["is_active"]
    search_fields = ["name", "url"]
    ordering_fields = ["id", "name", "last_delivered_at"]

    @extend_schema(request=WebhookShape, responses={201: FreshWebhookOut})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make one; the secret in the answer is shown this once."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():
            webhook = given.save(owner_id=person(request).pk)
            secret = webhook_secret(webhook)
        return self._fresh(webhook, secret, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=FreshWebhookOut)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """Make a new signing secret; the old one signs nothing more."""
        require(person(request), *CHANGE)
        webhook = self.get_object()
        return self._fresh(webhook, webhook_secret(webhook), status.HTTP_200_OK)

    @extend_schema(request=None, responses=DeliveryOut)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Deliver a `ping` now, and say how it went."""
        require(person(request), *CHANGE)
        return Response(DeliveryOut(webhook_test(self.get_object())).data)

    def _fresh(self, webhook: Webhook, secret: str, code: int) -> Response:
        data = {**WebhookShape(webhook).data, "secret": secret}
        return Response(data, status=code, headers={"Cache-Control": "no-store"})


class DeliveryViewSet(
    ById,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Delivery],
):
    """What programs were told, and what they answered."""

    queryset = Delivery.objects.all()
    serializer_class = DeliveryOut
    permission_classes = [RolePermissions]
    filterset_class = DeliveryFilter
    search_fields = ["=number", "error"]
    ordering_fields = ["id"]
    ordering = ["-id"]

    @extend_schema(request=None, responses={202: DeliveryOut})
    @action(detail=True, methods=["post"])
    def redeliver(self, request: Request, pk: str) -> Response:
        """Deliver it once more, under the same number."""
        require(person(request), *CHANGE)
        delivery = self.get_object()
        delivery_again(delivery)
        delivery.refresh_from_db()
        return Response(DeliveryOut(delivery).data, status=status.HTTP_202_ACCEPTED)
