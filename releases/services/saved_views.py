"""A person's own views of the list of releases."""

from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from releases.errors import ReleaseError
from releases.models import SavedView

LONGEST_NAME = 60
LONGEST_QUERY = 1000
MOST_VIEWS = 30
# Where in a list somebody is says nothing about what they look at.
_PASSING = frozenset({"p", "e", "all"})


def view_query(query: str) -> str:
    """A list's query string in its one form: sorted, without page and blanks."""
    pairs = [
        (name, value)
        for name, value in parse_qsl(query.removeprefix("?"))
        if name not in _PASSING and not name.startswith("_")
    ]
    return urlencode(sorted(pairs))


def views_of(user_id: int) -> list[SavedView]:
    """A person's views, by name."""
    return list(SavedView.objects.filter(user_id=user_id)[:MOST_VIEWS])


def view_save(*, user_id: int, name: str, query: str) -> SavedView:
    """Keep filters under a name. Raises ReleaseError."""
    wanted = view_query(query)
    if not wanted or len(wanted) > LONGEST_QUERY:
        raise ReleaseError(
            _("Filter or search the list first, and not by more than fits. Then save."),
            code="view_empty",
        )
    if SavedView.objects.filter(user_id=user_id).count() >= MOST_VIEWS:
        raise ReleaseError(
            _("You have %(most)s views already. Delete one that you do not need.")
            % {"most": MOST_VIEWS},
            code="views_full",
        )
    return _write(SavedView(user_id=user_id, query=wanted), name)


def view_rename(*, user_id: int, view_id: int, name: str) -> SavedView:
    """Call a view of one's own otherwise. Raises ReleaseError."""
    return _write(_own(user_id, view_id), name)


def view_delete(*, user_id: int, view_id: int) -> None:
    """Forget a view of one's own. Raises ReleaseError."""
    _own(user_id, view_id).delete()


def _own(user_id: int, view_id: int) -> SavedView:
    view = SavedView.objects.filter(user_id=user_id, pk=view_id).first()
    if view is None:
        raise ReleaseError(
            _("This view is not there any more. Look at your views again."),
            code="view_gone",
        )
    return view


def _write(view: SavedView, name: str) -> SavedView:
    view.name = " ".join(name.split())
    if not 0 < len(view.name) <= LONGEST_NAME:
        raise ReleaseError(
            _("A view needs a name of at most %(longest)s characters.")
            % {"longest": LONGEST_NAME},
            code="view_name_invalid",
        )
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as exc:
        raise ReleaseError(
            _("You have a view “%(name)s” already. Choose another name.")
            % {"name": view.name},
            code="view_name_taken",
        ) from exc
    return view
