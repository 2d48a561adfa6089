"""Attempts and uploads counted once, so that figures need not count them again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trackers.models import TemplateVersion, Tracker


class TallyBase(models.Model):
    """What rows of a day, a week from Monday, or a month have in common.

    `start` is its first day in Herald's time zone. Made by uploads/services/tallying.py
    from the attempts and uploads themselves, and again by `manage.py rebuild_analytics`.
    """

    class Span(models.TextChoices):
        DAY = "day", _("Day")
        WEEK = "week", _("Week")
        MONTH = "month", _("Month")

    span = models.CharField(max_length=5, choices=Span.choices)
    start = models.DateField()
    tracker = models.ForeignKey(
        Tracker, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    template_version = models.ForeignKey(
        TemplateVersion,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["span", "start"], name="%(class)s_span")]


class Tally(TallyBase):
    """How attempts ended, and uploads; the columns are those of Counts.

    The first four make up the attempts that ended; the next four are about their
    numbers, and the last about uploads (uploads/analytics/counts.py).
    """

    succeeded = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    put_off = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    firsts = models.PositiveIntegerField(default=0)
    first_succeeded = models.PositiveIntegerField(default=0)
    second_succeeded = models.PositiveIntegerField(default=0)
    third_succeeded = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    sent_again = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    published = models.PositiveIntegerField(default=0)

    class Meta(TallyBase.Meta):
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.span} {self.start}"


class ErrorTally(TallyBase):
    """How many attempts ended without success, by outcome and error code."""

    outcome = models.CharField(max_length=20)
    error_code = models.CharField(max_length=50, blank=True)
    attempts = models.PositiveIntegerField()

    class Meta(TallyBase.Meta):
        verbose_name = _("error tally")
        verbose_name_plural = _("error tallies")

    def __str__(self) -> str:
        return f"{self.attempts} × {self.outcome}, {self.span} {self.start}"
