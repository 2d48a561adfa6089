"""What the API reads: bodies of a bounded size that every database can store."""

import math
import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework import exceptions, parsers, status
from rest_framework.utils import json

DEEPEST = 40
# NUL and halves of surrogate pairs: valid JSON that no database can store.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class TooLarge(exceptions.APIException):
    """A body of more bytes than anything here needs."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"
    default_detail = "The body is larger than anything here needs. Send less."


class BoundedJSONParser(parsers.BaseParser):
    """JSON of a bounded size and depth that every database can store."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The decoded body. Raises ParseError, TooLarge."""
        body = bounded_body(stream)
        try:
            value = json.loads(body.decode(), parse_float=_finite)
            _check_storable(value)
        except RecursionError as exc:
            raise _not_json("it is nested too deeply") from exc
        except UnicodeDecodeError as exc:
            raise _not_json("it is not UTF-8") from exc
        except ValueError as exc:
            raise _not_json(str(exc)) from exc
        return value


class BoundedFormParser(parsers.FormParser):
    """Form fields, for calls by hand; of a bounded size as well."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The fields. Raises ParseError, TooLarge."""
        body = BytesIO(bounded_body(stream))
        fields = super().parse(body, media_type, parser_context)
        try:
            _check_storable(dict(fields.lists()))
        except ValueError as exc:
            raise exceptions.ParseError(f"The form cannot be read: {exc}.") from exc
        return fields


def bounded_body(stream: IO[bytes]) -> bytes:
    """The whole body. Raises TooLarge above DATA_UPLOAD_MAX_MEMORY_SIZE."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = stream.read(most + 1)
    if len(body) > most:
        raise TooLarge
    return body


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:40]} is out of range")
    return value


def _check_storable(value: Any) -> None:
    """Raise ValueError for what JSON may hold and a database may not."""
    pending = [(value, 0)]
    while pending:
        one, depth = pending.pop()
        if depth > DEEPEST:
            raise ValueError(f"it is nested deeper than {DEEPEST} levels")
        if isinstance(one, str) and _UNSTORABLE.search(one):
            raise ValueError(
                "a text in it holds a NUL character or half of a surrogate pair, "
                "which cannot be stored"
            )
        if isinstance(one, dict):
            pending += [(key, depth + 1) for key in one]
            pending += [(inner, depth + 1) for inner in one.values()]
        elif isinstance(one, list):
            pending += [(inner, depth + 1) for inner in one]


def _not_json(why: str) -> exceptions.ParseError:
    return exceptions.ParseError(f"The body is no JSON that can be read: {why}.")
