"""What all of the API shares: one shape for every failure, and pages."""

import logging
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import resolve
from rest_framework import exceptions, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as drf_handler

from common.database import trouble_of
from common.errors import AppError
from common.known_secrets import KNOWN
from common.parsers import TooLarge
from common.permissions import Forbidden
from common.streams import as_json
from config.in_use import KINDS
from config.writes import probe
from trackers.errors import TrackerError

logger = logging.getLogger(__name__)

CONFLICT = status.HTTP_409_CONFLICT
# What is not simply a bad request, by code.
STATUSES = {
    "release_exists": CONFLICT,
    "release_preparing": CONFLICT,
    "release_approved": CONFLICT,
    "release_not_ready": CONFLICT,
    "release_not_preparing": CONFLICT,
    "release_not_closed": CONFLICT,
    "release_changed": CONFLICT,
    "nothing_to_approve": CONFLICT,
    "nothing_to_reject": CONFLICT,
    "edit_not_newest": CONFLICT,
    "edit_overtaken": CONFLICT,
    "view_name_taken": CONFLICT,
    "views_full": CONFLICT,
    "not_as_approved": CONFLICT,
    "upload_not_failed": CONFLICT,
    "upload_not_cancellable": CONFLICT,
    "upload_not_done": CONFLICT,
    "upload_question": CONFLICT,
    "upload_no_question": CONFLICT,
    "upload_answered": CONFLICT,
    "link_unchecked": CONFLICT,
    "budget": CONFLICT,
    "idempotency_running": CONFLICT,
    "idempotency_mismatch": status.HTTP_422_UNPROCESSABLE_ENTITY,
    "changed_meanwhile": status.HTTP_412_PRECONDITION_FAILED,
    "streams_full": status.HTTP_503_SERVICE_UNAVAILABLE,
    "login_locked": status.HTTP_429_TOO_MANY_REQUESTS,
}
# The framework's own failures in our words, by their codes.
SENTENCES = {
    "not_found": "There is nothing here, or you may not see it.",
    "permission_denied": "Your role does not allow this. Ask an admin of this Herald.",
    "not_authenticated": "Log in first: send “Authorization: Token …” with a token "
    "from /api/auth/login/.",
    "authentication_failed": "The token is wrong or has expired. Get a new one from "
    "/api/auth/login/.",
    "unsupported_media_type": "This format is not read. Send JSON, with the header "
    "“Content-Type: application/json”.",
    "not_acceptable": "The API answers in JSON only. Ask for application/json.",
}


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """Every failure as {"code", "message", "extra"}, also those nobody foresaw."""
    if isinstance(request := context.get("request"), Request):
        as_json(request)
    if isinstance(exc, Forbidden):
        return _answer(status.HTTP_403_FORBIDDEN, exc.code, exc.message)
    if isinstance(exc, AppError):
        known = STATUSES.get(exc.code, status.HTTP_400_BAD_REQUEST)
        answer = _answer(known, exc.code, exc.message, exc.extra)
        if "retry_after" in exc.extra:
            answer["Retry-After"] = str(exc.extra["retry_after"])
        return answer
    if isinstance(exc, TrackerError):
        return _answer(status.HTTP_502_BAD_GATEWAY, exc.code, exc.message)
    response = drf_handler(exc, context)
    if response is None:
        return _unforeseen(exc, context)
    if isinstance(exc, exceptions.ValidationError):
        return _answer(
            response.status_code,
            code="invalid",
            message="Some fields are missing or wrong; extra says which.",
            extra={"fields": response.data},
        )
    code, message = _words(exc)
    answer = _answer(response.status_code, code, message)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response:
            answer[name] = response[name]
    return answer


def _words(exc: Exception) -> tuple[str, str]:
    """Code and sentence of what the framework refuses."""
    if isinstance(exc, exceptions.Throttled):
        seconds = getattr(exc, "wait", None) or 1  # set by its constructor
        return "throttled", f"Too many requests. Try again in {seconds:.0f} s."
    if isinstance(exc, exceptions.APIException):
        code = str(exc.get_codes())
        usual = str(exc.detail) == str(type(exc).default_detail)
        # A refused cross-site request keeps its own sentence.
        if code == "permission_denied" and not usual:
            return code, str(exc.detail)
        return code, SENTENCES.get(code, str(exc.detail))
    # Django's own two.
    code = "permission_denied" if isinstance(exc, PermissionDenied) else "not_found"
    return code, SENTENCES[code]


def _unforeseen(exc: Exception, context: dict[str, Any]) -> Response:
    if trouble := trouble_of(exc):
        logger.error("%s: %s", context.get("view"), exc)
        probe.note(exc)
        return _answer(
            status.HTTP_503_SERVICE_UNAVAILABLE,
            code="disk_full" if isinstance(exc, OSError) else "database",
            message=f"{trouble} Nothing was saved.",
        )
    if isinstance(exc, ProtectedError):
        return _answer(CONFLICT, code="in_use", message=_in_use(exc, context))
    if isinstance(exc, IntegrityError):
        return _answer(
            CONFLICT,
            code="conflict",
            message="Somebody else changed the same thing at this moment. Look again, "
            "then repeat the request.",
        )
    if isinstance(exc, RequestDataTooBig):
        return _answer(
            TooLarge.status_code, TooLarge.default_code, TooLarge.default_detail
        )
    if isinstance(exc, SuspiciousOperation):
        return _answer(
            status.HTTP_400_BAD_REQUEST,
            code="parse_error",
            message="The request is malformed or too large.",
        )
    logger.error("%s failed", context.get("view"), exc_info=exc)
    return _answer(
        status.HTTP_500_INTERNAL_SERVER_ERROR,
        code="internal",
        message="Something went wrong inside Herald. The log has the details; look at "
        "what was done before you repeat the request.",
    )


def _in_use(exc: ProtectedError, context: dict[str, Any]) -> str:
    rows = getattr(context.get("view"), "queryset", None)
    words = KINDS.get(rows.model._meta.label_lower) if rows is not None else None
    if words is not None:
        return f"It cannot be deleted. {words.why} {words.next}"
    kinds = {str(row._meta.verbose_name_plural) for row in exc.protected_objects}
    return (
        f"It is still used by {' and '.join(sorted(kinds))}, so it cannot be deleted. "
        "Remove those first."
    )


def _answer(
    status_code: int, code: str, message: str, extra: dict[str, Any] | None = None
) -> Response:
    # A key that was sent in the wrong field is not quoted back.
    told = _masked({"message": message, "extra": extra or {}})
    return Response({"code": code, **told}, status=status_code)


def _masked(value: Any) -> Any:
    """JSON-like data with the secrets in its texts masked; names of fields stay."""
    if isinstance(value, dict):
        return {KNOWN.mask(str(name)): _masked(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return KNOWN.mask(value) if isinstance(value, str) else value


class NothingHereView(APIView):
    """Every address below /api/ that nothing else serves."""

    authentication_classes = []
    permission_classes = [AllowAny]
    schema = None

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """A page that was asked for without its last slash is found all the same."""
        if request.method in ("GET", "HEAD") and _is_page(f"{request.path_info}/"):
            query = request.META.get("QUERY_STRING", "")
            address = f"{request.path}/" + (f"?{query}" if query else "")
            return HttpResponseRedirect(address)
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse whatever the method."""
        raise exceptions.NotFound


def _is_page(path: str) -> bool:
    found = resolve(path).func  # always found: we serve whatever nothing else does
    return getattr(found, "view_class", None) is not NothingHereView
