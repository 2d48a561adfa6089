"""The OpenAPI description: what each call takes and answers, its failures included."""

from typing import Any, Literal

from django.urls import Resolver404, resolve
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from common.api import ErrorSerializer
from common.tags import Tagged
from config.idempotency import HEADER, REPLAYED, SHOWN_ONCE

FAILURES = {
    "400": "The request is wrong; the sentence says what.",
    "401": "No valid login came along.",
    "403": "The role does not allow it.",
    "404": "There is no such row.",
    "406": "The answer was asked for in a format that is not given.",
    "409": "The present state forbids it; the sentence says why.",
    "412": "It has changed since you read it.",
    "413": "The body is too large.",
    "415": "The body is in a format that is not read.",
    "422": "This Idempotency-Key came with another request before.",
    "429": "Too many requests; `Retry-After` says when to go on.",
    "500": "A mistake inside Herald.",
    "502": "A tracker failed while it was asked.",
    "503": "The database, or a place for a stream, is not to be had now.",
}
READING = ("GET", "HEAD")
TAG = "The ETag of the row as you read it."


class TokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """Our tokens look like Knox's."""

    target_class = "config.authentication.ScopedTokenAuthentication"
    name = "token"


class HeraldSchema(AutoSchema):
    """Adds the failures that any call may answer with to those a view declares."""

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        """Of the model that an action lists, where that is not the view's own."""
        view: Any = self.view
        rows_of = getattr(view, "rows_of", None)
        if rows_of is None:
            return list(super()._get_filter_parameters())  # type: ignore[no-untyped-call]
        own, view.queryset = view.queryset, rows_of._default_manager.none()
        try:
            return list(super()._get_filter_parameters())  # type: ignore[no-untyped-call]
        finally:
            view.queryset = own

    def get_override_parameters(self) -> list[Any]:
        """The headers that many calls hear, and those that they answer with."""
        found = [
            _answered("Retry-After", "Seconds to wait.", ["429"]),
        ]
        if self._is_repeatable():
            found += [
                _asked(
                    HEADER, "Any text of your own, such as a UUID; see docs/api.md."
                ),
                _answered(REPLAYED, "true: it was answered before.", ["200", "201"]),
            ]
        if self._is_tagged():
            name = "If-None-Match" if self.method in READING else "If-Match"
            found += [
                _asked(name, TAG),
                _answered("ETag", "Names this state of the row.", ["200", "202"]),
            ]
        return [*super().get_override_parameters(), *found]

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        """As declared by the view, and the one shape of every failure."""
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self._is_tagged() and self.method in READING:
            bodies["304"] = {"description": "You have it already."}
        for status in self._failures():
            if status not in bodies:
                bodies[status] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                    ErrorSerializer,
                    status,
                    media_types=["application/json"],
                    direction=direction,
                )
                bodies[status]["description"] = FAILURES[status]
        return bodies

    def _failures(self) -> list[str]:
        wanted = ["400", "406", "429", "500", "503"]
        if self.get_auth():
            wanted += ["401", "403"]
        if "{" in self.path:
            wanted.append("404")
        if self.method not in READING:
            wanted += ["409", "413", "415", "502"]
            if self._is_tagged():
                wanted.append("412")
        if self._is_repeatable():
            wanted.append("422")
        return sorted(wanted)

    def _is_repeatable(self) -> bool:
        """Whether an Idempotency-Key is heard."""
        if self.method != "POST":
            return False
        try:
            name = resolve(self.path.replace("{id}", "1")).view_name
        except Resolver404:
            return True
        return name not in SHOWN_ONCE

    def _is_tagged(self) -> bool:
        """Whether one row is shown or changed that has an ETag."""
        view: Any = self.view
        if not isinstance(view, Tagged) or "{" not in self.path:
            return False
        return self.method not in READING or self._action() in ("retrieve", "metadata")

    def _action(self) -> str:
        return str(getattr(self.view, "action", ""))


def _asked(name: str, meaning: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=meaning
    )


def _answered(name: str, meaning: str, statuses: list[str]) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description=meaning,
        response=statuses,
    )
