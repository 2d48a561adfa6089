"""Pages of a list by cursor: the next one begins where the last one ended.

However long a list is, a page costs the same, and rows that come or go meanwhile
neither repeat nor skip the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from common.errors import AppError
from common.lists import is_counted, page_size, refuse_unknown

_SIGNER = signing.Signer(salt="herald.pages")


@dataclass(frozen=True, slots=True)
class Key:
    """One column that a list is ordered by; rows without a value stand last."""

    name: str
    field: "Field[Any, Any]"
    descending: bool
    nulls_last: bool = True

    def turned(self) -> "Key":
        """The same, read backwards."""
        return replace(
            self, descending=not self.descending, nulls_last=not self.nulls_last
        )

    def order(self, *, has_values: bool = False) -> OrderBy:
        """For `order_by`; where every row has a value an index is enough."""
        column = F(self.name)
        if has_values or not self.field.null:
            return column.desc() if self.descending else column.asc()
        nulls: dict[str, Any] = (
            {"nulls_last": True} if self.nulls_last else {"nulls_first": True}
        )
        return column.desc(**nulls) if self.descending else column.asc(**nulls)

    def beyond(self, value: Any) -> Q:
        """Rows that stand behind those with this value."""
        if value is None:
            nothing = Q(pk__in=[])
            return nothing if self.nulls_last else Q(**{f"{self.name}__isnull": False})
        behind = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        if self.field.null and self.nulls_last:
            behind |= Q(**{f"{self.name}__isnull": True})
        return behind

    def same(self, value: Any) -> Q:
        """Rows with just this value."""
        if value is None:
            return Q(**{f"{self.name}__isnull": True})
        return Q(**{self.name: value})


class Pages(BasePagination):
    """Fifty to a page; `page_size` up to 200, `count=true` counts all of them."""

    page_size = 50
    most = 200

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any]:
        """The rows of the asked page.

        Raises AppError for a cursor that is not ours, and ValidationError for what this
        list cannot be asked.
        """
        asked = request.query_params
        if "page" in asked:
            raise AppError(
                "Pages have no numbers: follow “next” of the answer, or leave “page” "
                "out to begin at the first one.",
                code="page_numbered",
            )
        if view is not None:
            refuse_unknown(asked, self._names(view, queryset))
        size = page_size(asked, usual=self.page_size, most=self.most)
        self._address = request.build_absolute_uri()
        self._count = queryset.count() if is_counted(asked) else None
        self._keys = keys_of(queryset)
        backwards, values = _read(asked.get("cursor", ""), self._keys)
        keys = [key.turned() for key in self._keys] if backwards else self._keys
        found = _rows(queryset, keys, values, size + 1)
        more, found = len(found) > size, found[:size]
        self._before = more if backwards else values is not None
        self._after = values is not None if backwards else more
        self._rows = found[::-1] if backwards else found
        return self._rows

    def get_paginated_response(self, data: Any) -> Response:
        """The page with the addresses of its neighbours."""
        rows = self._rows
        answer = {
            "next": self._link(rows[-1], False) if rows and self._after else None,
            "previous": self._link(rows[0], True) if rows and self._before else None,
            "results": data,
        }
        if self._count is not None:
            answer = {"count": self._count, **answer}
        return Response(answer)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the OpenAPI description."""
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "With `count=true` only."},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the OpenAPI description."""
        return [
            _parameter("cursor", "From `next` or `previous` of a page.", type="string"),
            _parameter(
                "page_size",
                f"Rows to a page; more than {self.most} are {self.most}.",
                type="integer",
                minimum=1,
                default=self.page_size,
            ),
            _parameter(
                "count", "Also count all rows: slow on long lists.", type="boolean"
            ),
        ]

    def _names(self, view: Any, queryset: QuerySet[Any]) -> list[str]:
        """All parameters that this list knows."""
        names = [one["name"] for one in self.get_schema_operation_parameters(view)]
        for backend in view.filter_backends:
            names += backend().names(view, queryset)
        return names

    def _link(self, row: Model, backwards: bool) -> str:
        values = [_plain(_value(row, key.name)) for key in self._keys]
        cursor = _SIGNER.sign_object([backwards, _shape(self._keys), values])
        address = remove_query_param(self._address, "count")
        return str(replace_query_param(address, "cursor", cursor))


def keys_of(queryset: QuerySet[Any]) -> list[Key]:
    """What a list is ordered by, made complete by the primary key."""
    model = queryset.model
    names = [
        str(name) for name in queryset.query.order_by or model._meta.ordering or ["pk"]
    ]
    keys = [_key(model, name) for name in names]
    if keys[-1].field.primary_key:
        return keys
    tail = f"{'-' if keys[-1].descending else ''}pk"
    return [*keys, _key(model, tail)]


def _key(model: type[Model], name: str) -> Key:
    bare = name.removeprefix("-")
    owner: Any = model
    *way, last = bare.split("__")
    for step in way:
        owner = owner._meta.get_field(step).related_model
    field = owner._meta.pk if last == "pk" else owner._meta.get_field(last)
    return Key(bare, field, descending=name.startswith("-"))


def _rows(
    queryset: QuerySet[Any],
    keys: Sequence[Key],
    values: Sequence[Any] | None,
    most: int,
) -> list[Any]:
    """So many rows behind `values`, or from the first one on.

    Rows without a value in the first column are asked for apart, and only where the
    others do not fill the page: then an index serves both.
    """
    if not keys[0].field.null:
        rows = queryset.order_by(*(key.order() for key in keys))
        return list((rows.filter(_behind(keys, values)) if values else rows)[:most])
    found: list[Any] = []
    for part in _parts(queryset, keys, values):
        found += part[: most - len(found)]
        if len(found) == most:
            break
    return found


def _parts(
    queryset: QuerySet[Any], keys: Sequence[Key], values: Sequence[Any] | None
) -> Sequence[QuerySet[Any]]:
    """The rows behind `values` with a value in the first column, and those without."""
    first, *others = keys
    filled = queryset.filter(**{f"{first.name}__isnull": False}).order_by(
        first.order(has_values=True), *(key.order() for key in others)
    )
    empty = queryset.filter(**{f"{first.name}__isnull": True}).order_by(
        *(key.order() for key in others)
    )
    stands_at_none = values is not None and values[0] is None
    if values and stands_at_none:
        empty = empty.filter(_behind(others, values[1:]))
    elif values:
        filled = filled.filter(_not_before(first, values[0]), _behind(keys, values))
    parts = (filled, empty) if first.nulls_last else (empty, filled)
    return parts[1:] if values and stands_at_none == first.nulls_last else parts


def _behind(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """Rows that stand behind `values` in the order of `keys`."""
    condition = Q(pk__in=[])
    for key, value in reversed(list(zip(keys, values, strict=True))):
        condition = key.beyond(value) | (key.same(value) & condition)
    if keys[0].field.null:
        return condition
    return _not_before(keys[0], values[0]) & condition


def _not_before(key: Key, value: Any) -> Q:
    """Says nothing new, but an index of the column serves it: rows before the cursor
    are not even looked at."""
    return Q(**{f"{key.name}__{'lte' if key.descending else 'gte'}": value})


def _read(cursor: str, keys: Sequence[Key]) -> tuple[bool, list[Any] | None]:
    """Whether a cursor looks backwards, and the values it stands at."""
    if not cursor:
        return False, None
    try:
        backwards, shape, values = _SIGNER.unsign_object(cursor)
    except (signing.BadSignature, ValueError) as exc:
        raise _bad_cursor() from exc
    if shape != _shape(keys):
        raise _bad_cursor()
    fields = [key.field for key in keys]
    return backwards, [
        field.to_python(value) for field, value in zip(fields, values, strict=True)
    ]


def _shape(keys: Sequence[Key]) -> str:
    return ",".join(f"{'-' if key.descending else ''}{key.name}" for key in keys)


def _bad_cursor() -> AppError:
    return AppError(
        "This cursor is none of this list in this order. Begin without one, and take "
        "it from “next” or “previous” as it stands there.",
        code="cursor_invalid",
    )


def _value(row: Any, name: str) -> Any:
    for step in name.split("__"):
        row = getattr(row, step)
    return row.pk if isinstance(row, Model) else row


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _parameter(name: str, meaning: str, **shape: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": meaning,
        "schema": shape,
    }
