"""Tokens for programs: name and password in, a token out; only its hash is kept."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from common.api import ById, person
from common.permissions import Forbidden
from config.access import token_issue, token_revoke, tokens_of
from config.authentication import ScopedTokenAuthentication
from config.models import ROLE_CHOICES, TokenLabel
from config.people.services.signing_in import lock_check, token_login


class TokenIn(serializers.Serializer[Any]):
    """How a token shall be."""

    name = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=100
    )
    scope = serializers.ChoiceField(
        choices=ROLE_CHOICES,
        required=False,
        allow_blank=True,
        default="",
        help_text="The role above which it may do nothing; empty: all you may.",
    )
    days = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=settings.TOKEN_MAX_DAYS,
        help_text=f"How long it is good for; left out: {settings.TOKEN_DAYS}.",
    )


class LoginIn(TokenIn):
    """Who wants a token, and which."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(trim_whitespace=False, max_length=4096)
    otp = serializers.CharField(
        required=False,
        max_length=40,
        help_text="A code of the authenticator app, or a backup code, of those who "
        "have a second factor.",
    )


class TokenRow(serializers.ModelSerializer[TokenLabel]):
    """A token, without the token."""

    created_at = serializers.DateTimeField(source="token.created")
    expiry = serializers.DateTimeField(source="token.expiry", allow_null=True)
    current = serializers.SerializerMethodField(
        help_text="Whether this request came with it."
    )

    class Meta:
        model = TokenLabel
        fields = [
            "id",
            "name",
            "scope",
            "created_at",
            "expiry",
            "last_used_at",
            "current",
        ]
        read_only_fields = fields

    def get_current(self, label: TokenLabel) -> bool:
        token = getattr(self.context.get("request"), "auth", None)
        return token is not None and token.pk == label.token_id


class TokenOut(serializers.Serializer[Any]):
    """A fresh token. It is shown this once."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField(allow_null=True)
    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    scope = serializers.ChoiceField(choices=ROLE_CHOICES, allow_blank=True)


class LoginView(APIView):
    """Give a token for a name and password."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "login"

    @extend_schema(request=LoginIn, responses=TokenOut)
    def post(self, request: Request) -> Response:
        """Send it as `Authorization: Token …` from then on."""
        wanted = LoginIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        http = request._request
        lock_check(http, values["username"])
        given = AuthTokenSerializer(data=request.data, context={"request": http})
        given.is_valid(raise_exception=True)
        owner = given.validated_data["user"]
        token_login(http, owner, values.get("otp", ""))
        for name in ("username", "password", "otp"):
            values.pop(name, None)
        return _fresh(owner, values)


class LogoutView(APIView):
    """End the token that the request came with."""

    authentication_classes = [ScopedTokenAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """The token is worthless afterwards."""
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokenViewSet(
    ById,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[TokenLabel],
):
    """One's own tokens."""

    queryset = TokenLabel.objects.none()
    serializer_class = TokenRow
    permission_classes = [IsAuthenticated]
    filterset_fields = ["scope"]
    search_fields = ["name"]
    ordering_fields = ["id", "name", "last_used_at"]
    ordering = ["-id"]

    def get_queryset(self) -> QuerySet[TokenLabel]:
        """One's own, and still good."""
        return tokens_of(person(self.request))

    @extend_schema(request=TokenIn, responses={201: TokenOut})
    def create(self, request: Request) -> Response:
        """Make a token for yourself, from a browser's session.

        A token makes no others: one that leaked would never end.
        """
        if not isinstance(request.successful_authenticator, SessionAuthentication):
            raise Forbidden(
                "A token cannot make another one. Log in with name and password at "
                "/api/auth/login/, or in the browser."
            )
        wanted = TokenIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        return _fresh(person(request), wanted.validated_data, status.HTTP_201_CREATED)

    def perform_destroy(self, instance: TokenLabel) -> None:
        """Revoke it. A token with a scope ends none but itself."""
        scope = getattr(self.request.user, "scope", "")
        if scope and instance.token != self.request.auth:
            raise Forbidden(
                f"This token has the scope {scope} and ends no other token than itself."
            )
        token_revoke(instance)


def _fresh(user: Any, wanted: dict[str, Any], code: int = 200) -> Response:
    label, token = token_issue(user, **wanted)
    answer = {
        "token": token,
        "expiry": label.token.expiry,
        "id": label.pk,
        "name": label.name,
        "scope": label.scope,
    }
    return Response(answer, status=code, headers={"Cache-Control": "no-store"})
