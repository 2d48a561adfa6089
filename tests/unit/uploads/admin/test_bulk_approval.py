"""Approving many at once: what was ticked is sent, and nothing else."""

import pytest
from django.urls import reverse

from releases.states import ReleaseState
from tests import factories
from tests.unit.uploads.admin.bulk import APPROVE, DOUBT, asked, statuses, ticks
from tests.unit.uploads.admin.conftest import make_book, make_draft
from uploads.models import Approval


def test_what_the_page_named_is_approved_and_nothing_else(
    press, book, drafts, tmp_path
):
    other = make_book(tmp_path, "Ben Author - Second")
    second = make_draft(other, drafts[0].tracker)

    said = press("approver", APPROVE, upload=ticks(drafts[0], second), note="Fine")

    assert said == ["2 uploads approved; sending begins."]
    assert statuses(*drafts, second) == ["pending", "draft", "pending"]
    assert set(Approval.objects.values_list("note", flat=True)) == {"Fine"}


def test_a_draft_that_reads_otherwise_by_now_is_left_out(press, book, drafts):
    shown = ticks(*drafts)
    drafts[1].digest = "f" * 64
    drafts[1].save()

    said = press("approver", APPROVE, upload=[*shown, "x:y", "999:z"])

    assert said[0] == "1 upload approved; sending begins."
    assert "Wren is left out: it was changed while you were looking" in said[1]
    assert statuses(*drafts) == ["pending", "draft"]


@pytest.mark.parametrize("digest", ["", ":", ":not shown"])
def test_without_the_digest_that_was_shown_nothing_is_approved(
    press, book, drafts, digest
):
    said = press("approver", APPROVE, upload=[f"{drafts[0].pk}{digest}"])

    assert "changed while you were looking" in said[0]
    assert statuses(*drafts) == ["draft", "draft"]


def test_warnings_must_have_been_read(press, book, trackers):
    odd = make_draft(book, trackers[0], problems=[("warning", "Odd year.")])
    fine = make_draft(book, trackers[1])

    said = press("approver", APPROVE, upload=ticks(odd, fine))
    assert said == [
        "1 upload approved; sending begins.",
        "A Book → Bluebird: it has warnings. Read them, and tick that you did.",
    ]

    said = press("approver", APPROVE, upload=ticks(odd), warnings="read")
    assert said == ["1 upload approved; sending begins."]
    assert statuses(odd, fine) == ["pending", "pending"]


def test_another_recording_must_have_been_compared(
    client, people, press, book, drafts, trackers, tmp_path
):
    book.notices = [DOUBT]
    book.save()
    other = make_book(tmp_path, "Ben Author - Second")
    second = make_draft(other, trackers[0])

    text = asked(client, people["approver"], book, other)
    assert "The files last 1 h, the book found lasts 2 h." in text
    assert "+1:00:00" in text
    assert text.count('name="recording"') == 1

    chosen = ticks(*drafts, second)
    said = press(
        "approver", APPROVE, upload=chosen, warnings="read", recording=[other.pk]
    )
    assert said[0] == "1 upload approved; sending begins."
    assert all("it may be another recording" in one for one in said[1:])
    assert len(said) == 3
    assert statuses(*drafts) == ["draft", "draft"]

    said = press("approver", APPROVE, upload=ticks(*drafts), recording=[book.pk])
    assert said == ["2 uploads approved; sending begins."]


def test_a_release_that_cannot_be_approved_is_named(press, book, drafts, tmp_path):
    book.state = ReleaseState.FAILED
    book.save()

    said = press("approver", APPROVE, upload=ticks(drafts[0]))

    assert said == [
        "A Book: This release is failed; only a ready one can be approved. "
        "Prepare it first."
    ]


def test_of_many_sentences_the_first_are_shown(press, book):
    many = [
        make_draft(book, factories.TrackerFactory(), problems=[("warning", "Odd.")])
        for _ in range(8)
    ]

    said = press("approver", APPROVE, upload=ticks(*many))

    assert len(said) == 6
    assert said[-1] == "3 more uploads are left out."


def test_approving_nothing_says_what_to_do(press, book):
    assert press("approver", APPROVE) == [
        "No upload was chosen. Tick at least one, then approve."
    ]


@pytest.mark.parametrize("who", ["viewer", "preparer"])
def test_who_may_not_decide_approves_nothing(press, book, drafts, who):
    said = press(who, APPROVE, upload=ticks(*drafts))

    assert said[0].startswith("Your role does not allow you to approve uploads")
    assert statuses(*drafts) == ["draft", "draft"]


def test_the_address_takes_only_a_post(client, people):
    client.force_login(people["admin"])
    assert (
        client.get(reverse("admin:releases_release_approve_chosen")).status_code == 405
    )
