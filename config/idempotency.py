"""`Idempotency-Key`: a POST that is sent again is answered again, and not done again."""

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.settings import api_settings

from config.answers import (
    IdempotencyError,
    answer_forget,
    answer_keep,
    answer_reserve,
)
from config.api import exception_handler
from config.models import StoredAnswer

logger = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
# Their answers hold a secret that is shown once, so none is kept.
SHOWN_ONCE = frozenset(
    {"api:login", "api:token-list", "api:webhook-list", "api:webhook-rotate"}
)
# Nothing was done, or nobody knows: the same key may try again.
_NOT_KEPT = frozenset({401, 403, 412, 429})
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class IdempotencyMiddleware:
    """Stands before the views of the API, so that each of them has it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """As any request; one with a key is done once."""
        key = request.headers.get(HEADER)
        if (
            key is None
            or request.method != "POST"
            or not request.path_info.startswith("/api/")
        ):
            return self._get_response(request)
        try:
            name = resolve(request.path_info).view_name
            _check(key, name)
            user = _who(request)
            if user is None:  # the view refuses it in its own words
                return self._get_response(request)
            row, ours = answer_reserve(
                user,
                key=key,
                path=quote(request.path)[:500],  # no NUL, which no database stores
                fingerprint=_fingerprint(request, user),
            )
        except (Resolver404, RequestDataTooBig):
            return self._get_response(request)
        except (IdempotencyError, DatabaseError) as exc:
            return _refusal(exc)
        return self._do(request, row) if ours else _again(row)

    def _do(self, request: HttpRequest, row: StoredAnswer) -> HttpResponse:
        response = self._get_response(request)
        done = response.status_code < 500 and response.status_code not in _NOT_KEPT
        try:
            if done and not response.streaming:
                answer_keep(row, response)
            else:
                answer_forget(row)
        except DatabaseError:
            # The row lapses by itself; what was done is told.
            logger.exception("The answer to %s could not be kept", request.path)
        return response


def _check(key: str, name: str) -> None:
    if name in SHOWN_ONCE:
        raise IdempotencyError(
            "This answer holds a secret that is shown once and not kept, so it "
            f"cannot be repeated. Send it without {HEADER}.",
            code="idempotency_unsupported",
        )
    if not _KEY.fullmatch(key):
        raise IdempotencyError(
            f"{HEADER} must be 1 to 255 visible ASCII characters without blanks, "
            "such as a UUID."
        )


def _who(request: HttpRequest) -> User | None:
    """Whoever the view will see; None for nobody, or a login that is refused."""
    known: Any = api_settings
    parsers = [one() for one in known.DEFAULT_PARSER_CLASSES]
    logins = [one() for one in known.DEFAULT_AUTHENTICATION_CLASSES]
    _ = request.body  # read before anything takes the stream
    before = request.user
    try:
        user = Request(request, parsers=parsers, authenticators=logins).user
    except APIException:
        return None
    finally:
        request.user = before  # the view looks for itself
    return user if isinstance(user, User) else None


def _fingerprint(request: HttpRequest, user: User) -> str:
    """Of all that makes the request; a token of another scope makes another one."""
    parts = (
        request.path,
        getattr(user, "scope", ""),
        request.META.get("QUERY_STRING", ""),
        request.META.get("CONTENT_TYPE", ""),
    )
    told = "\n".join(parts).encode() + b"\n" + request.body
    return salted_hmac("herald.idempotency", told, algorithm="sha256").hexdigest()


def _refusal(exc: Exception) -> HttpResponse:
    answer = exception_handler(exc, {"view": HEADER})
    response = JsonResponse(answer.data, status=answer.status_code)
    if "Retry-After" in answer:
        response["Retry-After"] = answer["Retry-After"]
    return response


def _again(row: StoredAnswer) -> HttpResponse:
    response = HttpResponse(row.body, status=row.status, headers=row.headers)
    response[REPLAYED] = "true"
    return response
