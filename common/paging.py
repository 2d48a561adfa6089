"""Pages of lists that may be very long, without ever counting or sorting them whole."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR
from django.core.paginator import Page, Paginator
from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from unfold.views import ChangeList

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:  # which names no type of its rows
    _Paginator = Paginator

MOST_COUNTED = 10_000
# Whether a row is found by a search stands in another table, row by row.
MOST_FOUND = 1_000


class Rough(int):
    """A number of rows that is not known to the row; its text says so."""

    words = "%s"

    def __str__(self) -> str:
        return self.words % f"{int(self):,}"


def most_counted(query: str) -> int:
    """How many rows of a list are counted; `query` is what was searched for."""
    return MOST_FOUND if query.strip() else MOST_COUNTED


def rough_count(rows: QuerySet[Any], most: int = MOST_COUNTED) -> int:
    """How many there are: exactly up to `most`.

    A whole table of PostgreSQL is estimated from its statistics, which keep up with
    it; anything else is "more than 10,000".
    """
    counted = rows.order_by().values("pk")[: most + 1].count()
    if counted <= most:
        return counted
    about = _estimate(rows)
    return _rough(about, _("about %s")) if about else more_than(most)


def more_than(most: int) -> Rough:
    """ "more than 10,000"."""
    return _rough(most, _("more than %s"))


def _rough(number: int, words: str) -> Rough:
    found = Rough(number)
    found.words = words
    return found


def _estimate(rows: QuerySet[Any]) -> int:
    """What the database believes a whole table to hold; 0 when it does not know."""
    connection = connections[rows.db]
    if connection.vendor != "postgresql" or rows.query.where:
        return 0
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(rows.model._meta.db_table)
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table]
        )
        found = int(cursor.fetchone()[0])
    return found if found > MOST_COUNTED else 0


class RoughPaginator(_Paginator):
    """Counts roughly, and reads of the rows before a page only their ids."""

    object_list: QuerySet[Any]
    most = MOST_COUNTED

    @cached_property
    def count(self) -> int:
        """Exact up to `most`."""
        return rough_count(self.object_list, self.most)

    def page(self, number: int | str) -> Any:
        """The page's rows, found by their ids: no row before them is read whole."""
        wanted = self.validate_number(number)
        bottom = (wanted - 1) * self.per_page
        ids = list(
            self.object_list.values_list("pk", flat=True)[
                bottom : bottom + self.per_page
            ]
        )
        return Page(self.object_list.filter(pk__in=ids), wanted, self)


class LongChangeList(ChangeList):  # type: ignore[misc]  # unfold has no types
    """Sorts by a column only what is short enough for it."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """The usual order where there are too many rows for another one.

        A filter may have an order of its own, such as that of the days it leaves.
        """
        if ORDER_VAR not in self.params:
            order = list(queryset.query.order_by)
            if order:
                return self._get_deterministic_ordering(order)
            return super().get_ordering(request, queryset)
        found, _may_repeat = self.model_admin.get_search_results(
            request, queryset, self.query
        )
        most = most_counted(self.query)
        if found.order_by().values("pk")[: most + 1].count() > most:
            del self.params[ORDER_VAR]
            if self.query:
                self.model_admin.count_is_known(request, more_than(most))
            messages.info(
                request,
                _(
                    "More than %s rows are not sorted by a column. Narrow the list by a "
                    "filter or a search, then sort it."
                )
                % f"{most:,}",
            )
        return super().get_ordering(request, queryset)
