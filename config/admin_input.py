"""What nobody's page sends: an answer in a sentence, for every view of the admin."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)
NUL = "\0"
LIST = "changelist_view"

View = Callable[..., HttpResponse]


def answer_odd_input(view: View) -> View:
    """The view; odd input that it stumbles over is the sender's error, not ours.

    Ids and filters that are no numbers, or larger than any, come as ValueError in
    lists, and as OverflowError or DataError of the database anywhere.
    """
    is_list = getattr(view, "__name__", "") == LIST
    odd: tuple[type[Exception], ...] = (OverflowError, DataError)
    if is_list:
        odd = (*odd, ValueError)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if _has_nul(request):  # PostgreSQL stores none
                raise DataError
            return view(request, *args, **kwargs)
        except odd as exc:
            if not (request.GET or request.POST or kwargs or args):
                raise
            logger.warning("%s %s cannot be understood", request.method, request.path)
            if is_list:
                messages.error(
                    request,
                    _(
                        "That choice or filter cannot be understood. Choose again below."
                    ),
                )
                return HttpResponseRedirect(request.path)
            raise BadRequest from exc

    return answer


def _has_nul(request: HttpRequest) -> bool:
    return any(
        NUL in text
        for data in (request.GET, request.POST)
        for name, texts in data.lists()
        for text in (name, *texts)
    )
