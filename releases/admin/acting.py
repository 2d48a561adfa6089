"""From a click to a service, and from its answer to a sentence on the page."""

from collections import Counter
from collections.abc import Callable, Iterable

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import AppError
from common.permissions import require

MOST_SENTENCES = 5


def told(
    request: HttpRequest,
    call: Callable[[], object],
    done: str,
    *,
    permission: str,
    what: str,
) -> bool:
    """Call a service if the person may; its success or its sentence is a message.

    `what` completes "your role does not allow you to …".
    """
    try:
        require(request.user, permission, what)
        call()
    except AppError as exc:
        messages.error(request, exc.message)
        return False
    if done:
        messages.success(request, done)
    return True


def told_each(
    request: HttpRequest,
    ids: Iterable[int],
    call: Callable[[int], object],
    done: str,
    *,
    permission: str,
    what: str,
) -> int:
    """Call a service per row, and tell how many went well and why others did not.

    `done` follows the number: "3 queued for preparation.".
    """
    good, reasons = 0, Counter[str]()
    try:
        require(request.user, permission, what)
    except AppError as exc:
        messages.error(request, exc.message)
        return 0
    for pk in ids:
        try:
            call(pk)
        except AppError as exc:
            reasons[exc.message] += 1
        else:
            good += 1
    if good:
        messages.success(request, f"{good} {done}")
    for sentence, times in reasons.most_common(MOST_SENTENCES):
        messages.warning(
            request,
            _("%(count)d left out: %(why)s") % {"count": times, "why": sentence},
        )
    rest = len(reasons) - MOST_SENTENCES
    if rest > 0:
        messages.warning(
            request,
            ngettext(
                "%(count)d more kind of refusal is not listed.",
                "%(count)d more kinds of refusal are not listed.",
                rest,
            )
            % {"count": rest},
        )
    return good


def actor_id(request: HttpRequest) -> int | None:
    """The person's id, for the record."""
    user: User | AnonymousUser = request.user
    return user.pk


def typed(request: HttpRequest, name: str, longest: int) -> str:
    """The text of a field. Raises AppError for one that would have to be cut."""
    text = request.POST.get(name, "").strip()
    if len(text) > longest:
        raise AppError(
            _(
                "This text has %(count)s characters, and at most %(most)s can be "
                "stored. Shorten it."
            )
            % {"count": f"{len(text):,}", "most": f"{longest:,}"},
            code="text_too_long",
        )
    return text
