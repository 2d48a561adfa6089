"""What a list of releases can be narrowed to."""

import django_filters as filters

from common.lists import ListFilters
from common.moments import MomentFilter
from releases.models import Release


class ReleaseFilter(ListFilters):
    """Exact values, and a span of time."""

    created_by = filters.CharFilter(
        "created_by__username", help_text="The name of who made it."
    )
    created_after = MomentFilter("created_at", lookup_expr="gte")
    created_before = MomentFilter("created_at", lookup_expr="lt")

    class Meta:
        model = Release
        fields = ["state", "kind", "library", "asin"]
