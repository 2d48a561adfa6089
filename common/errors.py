"""Failures that are expected, and told to people."""

from typing import Any


class AppError(Exception):
    """An expected failure: a stable code, a sentence for people, and details.

    The sentence says what is wrong, where, and what to do next. Codes are listed in
    docs/errors.md; a test keeps that list complete.
    """

    code = "error"

    def __init__(
        self, message: str, *, code: str = "", extra: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.extra = extra or {}

    def __str__(self) -> str:
        return self.message
