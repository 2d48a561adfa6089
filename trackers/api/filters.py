"""What a list of accounts can be narrowed to."""

import django_filters as filters

from common.lists import ListFilters, TruthFilter
from trackers.models import Credential


class CredentialFilter(ListFilters):
    """By tracker, and by whether it is used."""

    tracker = filters.CharFilter("tracker__slug", help_text="The tracker's slug.")
    # How the filter was called first.
    tracker__slug = filters.CharFilter("tracker__slug", help_text="As `tracker`.")
    owner = filters.CharFilter("owner__username", help_text="Whose own account.")
    paused = TruthFilter("paused_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Credential
        fields = ["is_active", "takes_over", "check_ok"]
