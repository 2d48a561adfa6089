"""What nobody's page sends: an answer in a sentence, for every view of the admin."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.exceptions import (
    DisallowedModelAdminLookup,
    DisallowedModelAdminToField,
)
from django.contrib.admin.views.main import ERROR_FLAG
from django.db import DataError, ProgrammingError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

logger = logging.getLogger(__name__)
NUL = "\0"
LIST = "changelist_view"
# Each is a condition, of which SQLite takes a thousand.
MOST_WORDS = 50
SEARCHES = ("q", "term")

View = Callable[..., HttpResponse]


def answer_odd_input(view: View) -> View:
    """The view; odd input that it stumbles over is the sender's error, not ours.

    Ids and filters that are no numbers, or larger than any, come as ValueError in
    lists, and as OverflowError or DataError of the database anywhere; a range without
    its two ends as ProgrammingError. A list that Django could not make of its filters
    is asked for once more, with a flag.
    """
    is_list = getattr(view, "__name__", "") == LIST
    odd: tuple[type[Exception], ...] = (
        *(OverflowError, DataError),
        *(DisallowedModelAdminLookup, DisallowedModelAdminToField),
    )
    if is_list:
        odd = (*odd, ValueError, ProgrammingError)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if _has_nul(request) or _is_endless(request):  # PostgreSQL stores no NUL
                raise DataError
            if is_list and ERROR_FLAG in request.GET:
                raise DataError
            return view(request, *args, **kwargs)
        except odd as exc:
            if not (request.GET or request.POST or kwargs or args):
                raise
            logger.warning("%s %s cannot be understood", request.method, request.path)
            if not is_list:
                # By itself: as an exception it would be logged with its traceback.
                return bad_request(request, exc)
            said = _("That choice or filter cannot be understood. Choose again below.")
            if _is_endless(request):
                said = _(
                    "A search takes at most %(count)d words. Search for fewer."
                ) % {"count": MOST_WORDS}
            messages.error(request, said)
            return HttpResponseRedirect(request.path)

    return answer


def _is_endless(request: HttpRequest) -> bool:
    """Whether a search has more words than a database takes."""
    searched = [request.GET.get(name, "") for name in SEARCHES]
    return any(len(text.split()) > MOST_WORDS for text in searched)


def _has_nul(request: HttpRequest) -> bool:
    return any(
        NUL in text
        for data in (request.GET, request.POST)
        for name, texts in data.lists()
        for text in (name, *texts)
    )
