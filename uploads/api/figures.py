"""Figures as JSON: their shapes."""

from typing import Any

from rest_framework import serializers


class ShareField(serializers.FloatField):
    """0 to 1, or null of nothing."""

    def __init__(self) -> None:
        super().__init__(allow_null=True, help_text="0 to 1; null: of nothing.")


class SecondsField(serializers.FloatField):
    """Seconds, or null of no row."""

    def __init__(self) -> None:
        super().__init__(allow_null=True, help_text="Seconds; null: no row.")


def _of_tracker() -> serializers.CharField:
    return serializers.CharField(required=False, help_text="With `split` only.")


class TrackerFiguresOut(serializers.Serializer[Any]):
    """One tracker. Up to `median_seconds` it is how things stand now, whatever the
    filters say; from `attempts` on, what happened in the period.
    """

    tracker = serializers.CharField()
    name = serializers.CharField()
    success = serializers.IntegerField(help_text="Uploads that are there.")
    failed = serializers.IntegerField(help_text="Uploads that failed.")
    waiting = serializers.IntegerField()
    rate = ShareField()
    seeding = serializers.IntegerField()
    median_seconds = SecondsField()
    attempts = serializers.IntegerField(help_text="Attempts that ended.")
    attempts_succeeded = serializers.IntegerField()
    attempts_failed = serializers.IntegerField()
    attempts_put_off = serializers.IntegerField()
    attempts_unknown = serializers.IntegerField()
    success_rate = ShareField()
    first_try_rate = ShareField()
    published = serializers.IntegerField()
    first = serializers.IntegerField()
    second = serializers.IntegerField()
    third = serializers.IntegerField()
    later = serializers.IntegerField()
    measured = serializers.IntegerField()
    claimed_median = SecondsField()
    claimed_p95 = SecondsField()
    sending_median = SecondsField()
    sending_p95 = SecondsField()
    whole_median = SecondsField()
    whole_p95 = SecondsField()
    found = serializers.IntegerField()
    sent_again = serializers.IntegerField()
    asked = serializers.IntegerField()
    settled_rate = ShareField()
    proof_measured = serializers.IntegerField()
    proof_median = SecondsField()
    proof_p95 = SecondsField()


class HistoryOut(serializers.Serializer[Any]):
    """A day, week or month; `from` is its first day in the period."""

    tracker = _of_tracker()
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()
    put_off = serializers.IntegerField()
    unknown = serializers.IntegerField()

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which Python keeps to itself."""
        return {"from": serializers.DateField(), **super().get_fields()}


class ErrorsOut(serializers.Serializer[Any]):
    """An outcome with its error code, and how many attempts ended like that."""

    error = serializers.CharField()
    outcome = serializers.CharField()
    result = serializers.CharField()
    tracker = _of_tracker()
    attempts = serializers.IntegerField()
    share = ShareField()


class TemplatesOut(serializers.Serializer[Any]):
    """A template version, and how attempts with it ended; null: without one."""

    version = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    tracker = _of_tracker()
    attempts = serializers.IntegerField()
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()
    put_off = serializers.IntegerField()
    unknown = serializers.IntegerField()
    success_rate = ShareField()
    first_try_rate = ShareField()
