"""The OpenAPI description: what each call answers, its failures included."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema

from common.api import ErrorSerializer

FAILURES = {
    "400": "The request is wrong; the sentence says what.",
    "401": "No valid login came along.",
    "403": "The role does not allow it.",
    "404": "There is no such row.",
    "409": "The present state forbids it; the sentence says why.",
    "429": "Too many requests; `Retry-After` says when to go on.",
}


class HeraldSchema(AutoSchema):
    """Adds the failures that any call may answer with to those a view declares."""

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        """As declared by the view, and the one shape of every failure."""
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._failures():
            if status not in bodies:
                bodies[status] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                    ErrorSerializer, status, direction=direction
                )
                bodies[status]["description"] = FAILURES[status]
        return bodies

    def _failures(self) -> list[str]:
        wanted = ["429"]
        if self.get_auth():
            wanted += ["401", "403"]
        if "{" in self.path:
            wanted.append("404")
        if self.method not in ("GET", "HEAD"):
            wanted += ["400", "409"]
        return sorted(wanted)
