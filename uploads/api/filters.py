"""What a list of uploads can be narrowed to."""

from collections.abc import Iterable
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from rest_framework.request import Request

from common.api import LARGEST_ID
from common.lists import ListFilters, Search, TruthFilter
from common.moments import MomentFilter
from releases.searching import releases_found
from uploads.models import Delivery, Upload
from uploads.questions import ASKED, NOT_ASKED

MOST_WHOLE = 1000


class UploadSearch(Search):
    """Every word in title or name of the release, or it is the infohash or id there.

    Asked for apart: one condition over both tables would read every upload.
    """

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        """Uploads that fit; all of them without a word."""
        words = list(self.get_search_terms(request))
        if not words or queryset.model is not Upload:
            return super().filter_queryset(request, queryset, view)
        titled = Q(release__in=releases_found(words))
        own = Upload.objects.filter(_whole(words)).order_by()[:MOST_WHOLE]
        known = Upload.objects.filter(pk__in=list(own.values_list("pk", flat=True)))
        for word in words:
            in_name = Q(release__name__icontains=word)
            in_title = Q(release__title__icontains=word)
            known = known.filter(_whole([word]) | in_title | in_name)
        ids = list(known.order_by().values_list("pk", flat=True))
        if not ids:
            return queryset.filter(titled)
        found = Upload.objects.filter(titled).order_by().values("pk")
        these = Upload.objects.filter(pk__in=ids).order_by().values("pk")
        return queryset.filter(pk__in=found.union(these))


def _whole(words: Iterable[str]) -> Q:
    """Uploads whose infohash or id on the tracker is one of the words."""
    hashes = [word.lower() for word in words]
    return Q(infohash__in=hashes) | Q(remote_id__in=[*words])


class IdFilter(filters.NumberFilter):
    """The number of a row, which need not be there."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class UploadFilter(ListFilters):
    """Exact values, a span of time, and whether a person is asked."""

    tracker = filters.CharFilter("tracker__slug", help_text="The tracker's slug.")
    # How the filter was called first.
    tracker__slug = filters.CharFilter("tracker__slug", help_text="As `tracker`.")
    release = IdFilter(help_text="The id of a release.")
    question = TruthFilter(
        method="filter_question",
        help_text="Whether only a person can say if it is on the tracker.",
    )
    created_after = MomentFilter("created_at", lookup_expr="gte")
    created_before = MomentFilter("created_at", lookup_expr="lt")

    class Meta:
        model = Upload
        fields = ["status", "seeding", "infohash"]

    def filter_question(
        self, rows: QuerySet[Upload], name: str, value: bool
    ) -> QuerySet[Upload]:
        """As the admin's filter of that name."""
        return rows.filter(ASKED if value else NOT_ASKED)


class DeliveryFilter(ListFilters):
    """By webhook, event, and how it went."""

    webhook = IdFilter(help_text="The id of a webhook.")
    taken = TruthFilter("delivered_at", lookup_expr="isnull", exclude=True)
    given_up = TruthFilter("given_up_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Delivery
        fields = ["event"]
