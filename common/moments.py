"""Moments as lists of the API are narrowed by: ISO 8601, with a zone or without."""

from datetime import UTC, datetime

import django_filters as filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_filters.fields import IsoDateTimeField


class MomentField(IsoDateTimeField):  # type: ignore[misc]  # it has no types
    """Refuses what is a date in its own zone and none in UTC, which SQLite stores."""

    def to_python(self, value: object) -> datetime | None:
        """Raises ValidationError."""
        found: datetime | None = super().to_python(value)
        try:
            return found.astimezone(UTC) if found else None
        except OverflowError as exc:
            raise ValidationError(
                _("Give a moment between the years 1 and 9999, as UTC counts them.")
            ) from exc


class MomentFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]  # nor has this
    """As in the library, for every moment that can be written down."""

    field_class = MomentField
