"""ETags: read only what changed, and change only what was read."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.http import parse_etags
from rest_framework import status
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from common.api import ById
from common.errors import AppError


class ChangedMeanwhile(AppError):
    """The row is no longer as the caller read it."""

    code = "changed_meanwhile"


class Tagged(ById):
    """One row has a strong ETag; `If-None-Match` and `If-Match` are heard.

    The tag is a hash over all that a call shows of the row, and over what
    `tag_extra` names besides: what is not shown and still must not change unseen.
    """

    def tag_extra(self, row: Any) -> tuple[Any, ...]:
        """Whatever else counts as a change."""
        return ()

    def tag_shape(self) -> type[BaseSerializer[Any]]:
        """How the row is shown where the present action reads it."""
        return self.get_serializer_class()

    def get_object(self) -> Any:
        """The row, as the caller read it. Raises ChangedMeanwhile as well."""
        row = super().get_object()
        wanted = self.request.headers.get("If-Match")
        if wanted is not None and self.request.method not in SAFE_METHODS:
            tags = parse_etags(wanted)
            if "*" not in tags and self.tag(row) not in tags:
                raise ChangedMeanwhile(
                    "It has changed since you read it. Read it again, then decide anew."
                )
        return row

    def tag(self, row: Any, data: Any = None) -> str:
        """The strong ETag of a row as it is shown."""
        if data is None:
            data = self.tag_shape()(row, context=self.get_serializer_context()).data
        told = json.dumps([data, self.tag_extra(row)], sort_keys=True, default=str)
        return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'

    def tagged(self, row: Any) -> Response:
        """The row as it is shown, or 304 to one who has it already."""
        data = self.tag_shape()(row, context=self.get_serializer_context()).data
        tag = self.tag(row, data)
        known = [
            one.removeprefix("W/")
            for one in parse_etags(self.request.headers.get("If-None-Match", ""))
        ]
        if tag in known or "*" in known:
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        return Response(data, headers={"ETag": tag})

    @contextmanager
    def held(self) -> Iterator[None]:
        """With `If-Match`: nobody changes the row between the look and the change.

        Only for what asks nobody outside: the row is locked meanwhile.
        """
        if "If-Match" not in self.request.headers:
            yield
            return
        model = self.get_queryset().model
        with transaction.atomic():
            rows = model._default_manager.select_for_update(no_key=True)
            get_object_or_404(rows.only("pk"), pk=self.kwargs["pk"])
            yield

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row, with its ETag."""
        return self.tagged(self.get_object())


class TaggedEdits(Tagged):
    """For plain view sets: their three ways to change a row."""

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """As in the framework, with the new ETag."""
        with self.held():
            response: Response = super().update(request, *args, **kwargs)  # type: ignore[misc]
        response["ETag"] = self.tag(ById.get_object(self))
        return response

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """As in the framework."""
        with self.held():
            response: Response = super().destroy(request, *args, **kwargs)  # type: ignore[misc]
        return response
