"""Made-up rows: as many as were asked for, in every state, and never by accident."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F

from releases.models import Release
from tests import factories
from uploads.analytics.figures import report
from uploads.analytics.scope import scope_of
from uploads.models import Approval, Tally, Upload, UploadAttempt, UploadEvent

YES = "--yes-fill-this-database"
pytestmark = pytest.mark.django_db(transaction=True)


def seed(releases=150, uploads=600, attempts=1500, *more):
    call_command(
        "seed_load",
        YES,
        f"--releases={releases}",
        f"--uploads={uploads}",
        f"--attempts={attempts}",
        *more,
    )


def test_a_database_for_real_use_is_not_filled_by_accident(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--yes-fill-this-database"):
        call_command("seed_load")
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("releases", "uploads", "attempts"), [(0, 1, 1), (5, 4, 9), (5, 41, 99), (5, 5, -1)]
)
def test_numbers_that_cannot_be_met_are_refused(releases, uploads, attempts):
    with pytest.raises(CommandError):
        seed(releases, uploads, attempts)
    assert not Release.objects.exists()


def test_rows_are_as_many_as_asked_for_and_fit_together(capsys):
    seed()
    assert Release.objects.count() == 150
    assert Upload.objects.count() == 600
    assert 1480 <= UploadAttempt.objects.count() <= 1520
    assert set(Upload.objects.values_list("status", flat=True)) >= {
        *("success", "failed", "draft", "cancelled"),
    }
    assert Approval.objects.exists()
    first = UploadAttempt.objects.order_by("started_at")[0].started_at
    last = UploadAttempt.objects.order_by("-started_at")[0].started_at
    assert (last - first).days > 700
    strange = UploadAttempt.objects.exclude(
        tracker=F("upload__tracker"), kind=F("upload__kind")
    )
    assert not strange.exists()
    sent = Upload.objects.annotate(n=Count("attempts")).filter(status="success")
    assert not sent.filter(n=0).exists()
    assert UploadEvent.objects.filter(old="unknown").exists()
    drafts = Upload.objects.filter(status="draft")
    for wrong in (drafts.filter(errors=1), drafts.filter(warnings=1)):
        assert 0 < wrong.count() < drafts.count()
    assert not drafts.filter(problems=[], errors__gt=0).exists()
    assert "150 releases" in capsys.readouterr().out


def test_tallies_are_there_and_say_what_the_rows_say():
    seed()
    assert Tally.objects.exists()
    found = report(scope_of({"period": "all"})).by_tracker.values()
    ended = UploadAttempt.objects.exclude(outcome="")
    assert sum(one.attempts for one in found) == ended.count()
    published = Upload.objects.filter(status="success").count()
    assert sum(one.published for one in found) == published


def test_the_same_seed_makes_the_same_rows_beside_what_is_there():
    def titles():
        return list(Release.objects.order_by("pk").values_list("title", flat=True))

    mine = factories.UploadFactory()
    seed(20, 60, 90, "--seed=5")
    first = titles()[1:]
    seed(20, 60, 90, "--seed=5")
    assert titles()[21:] == first
    assert Upload.objects.filter(pk=mine.pk).exists()
    # The database counts on behind the rows that were made.
    assert factories.UploadFactory().pk > mine.pk + 120
