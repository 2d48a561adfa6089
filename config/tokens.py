"""Tokens for programs: name and password in, a token out; only its hash is kept."""

from typing import Any

from drf_spectacular.utils import extend_schema
from knox.auth import TokenAuthentication
from knox.models import get_token_model
from rest_framework import serializers, status
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from people.services.signing_in import lock_check, token_login


class TokenOut(serializers.Serializer[Any]):
    """A fresh token. It is shown this once."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField(allow_null=True)


class LoginIn(serializers.Serializer[Any]):
    """Who wants a token."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(trim_whitespace=False)
    otp = serializers.CharField(
        required=False,
        max_length=40,
        help_text="A code of the authenticator app, or a backup code, of those who "
        "have a second factor.",
    )


class LoginView(APIView):
    """Give a token for a name and password."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "login"

    @extend_schema(request=LoginIn, responses=TokenOut)
    def post(self, request: Request) -> Response:
        """Send it as `Authorization: Token …` from then on."""
        asked = LoginIn(data=request.data)
        asked.is_valid(raise_exception=True)
        http = request._request
        lock_check(http, asked.validated_data["username"])
        given = AuthTokenSerializer(data=request.data, context={"request": http})
        given.is_valid(raise_exception=True)
        person = given.validated_data["user"]
        token_login(http, person, asked.validated_data.get("otp", ""))
        row, token = get_token_model().objects.create(person)
        return Response({"token": token, "expiry": row.expiry})


class LogoutView(APIView):
    """End the token that the request came with."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """The token is worthless afterwards."""
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
