"""What a list of uploads can be narrowed to."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet

from common.api import LARGEST_ID
from uploads.models import Delivery, Upload
from uploads.questions import ASKED, NOT_ASKED


class IdFilter(filters.NumberFilter):
    """The number of a row, which need not be there."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class UploadFilter(filters.FilterSet):
    """Exact values, a span of time, and whether a person is asked."""

    tracker = filters.CharFilter("tracker__slug", help_text="The tracker's slug.")
    # How the filter was called first.
    tracker__slug = filters.CharFilter("tracker__slug", help_text="As `tracker`.")
    release = IdFilter(help_text="The id of a release.")
    question = filters.BooleanFilter(
        method="filter_question",
        help_text="Whether only a person can say if it is on the tracker.",
    )
    created_after = filters.IsoDateTimeFilter("created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter("created_at", lookup_expr="lt")

    class Meta:
        model = Upload
        fields = ["status", "seeding", "infohash"]

    def filter_question(
        self, rows: QuerySet[Upload], name: str, value: bool
    ) -> QuerySet[Upload]:
        """As the admin's filter of that name."""
        return rows.filter(ASKED if value else NOT_ASKED)


class DeliveryFilter(filters.FilterSet):
    """By webhook, event, and how it went."""

    webhook = IdFilter(help_text="The id of a webhook.")
    taken = filters.BooleanFilter("delivered_at", lookup_expr="isnull", exclude=True)
    given_up = filters.BooleanFilter("given_up_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Delivery
        fields = ["event"]
