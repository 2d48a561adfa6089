"""Looks into a watch folder, and what they found."""

from datetime import timedelta

from django.utils import timezone

from releases.models import Candidate
from releases.services.watches import watch_scan


def look(watch, later=0.0):
    """Look once more, `later` seconds after the last look."""
    passed = timezone.now() - timedelta(seconds=later)
    Candidate.objects.exclude(looked_at=None).update(looked_at=passed)
    assert watch_scan(watch.pk)
    watch.refresh_from_db()


def settle(watch):
    """Look for as long as it takes."""
    look(watch)
    for _ in range(3):
        look(watch, later=30)


def only(**conditions):
    return Candidate.objects.get(**conditions)


def told(row):
    return row.state, row.code, row.message
