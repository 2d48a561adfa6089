"""Approving and rejecting on the page and in bulk."""

import pytest
from django.test import Client

from releases.states import ReleaseState
from tests.release_pages import url
from tests.unit.uploads.admin.bulk import LIST, statuses
from tests.unit.uploads.admin.conftest import make_book, make_draft
from uploads.models import Approval


def shown(*drafts):
    """The hidden fields of the page for these drafts."""
    return {f"digest-{draft.pk}": draft.digest for draft in drafts}


def test_one_click_approves_every_draft_that_was_shown(press, book, drafts, people):
    said = press(
        "approver",
        url("approve", book),
        upload=[draft.pk for draft in drafts],
        note="Lovely",
        **shown(*drafts),
    )

    assert said == ["Approved for Bluebird and Wren; sending begins."]
    assert statuses(*drafts) == ["pending", "pending"]
    approval = Approval.objects.get()
    assert approval.actor == people["approver"]
    assert approval.note == "Lovely"
    assert approval.digests == {str(draft.pk): draft.digest for draft in drafts}


def test_only_the_ticked_ones_are_approved(press, book, drafts):
    press("approver", url("approve", book), upload=[drafts[0].pk], **shown(*drafts))

    assert statuses(*drafts) == ["pending", "draft"]


def test_a_draft_that_changed_meanwhile_is_left_out_with_its_reason(
    press, book, drafts
):
    fields = shown(*drafts)
    drafts[1].payload["title"] = "Changed"
    drafts[1].digest = "f" * 64
    drafts[1].save()

    said = press(
        "approver", url("approve", book), upload=[d.pk for d in drafts], **fields
    )

    assert "Approved for Bluebird; sending begins." in said
    assert any(
        "Wren is left out: it was changed while you were looking" in one for one in said
    )
    assert statuses(*drafts) == ["pending", "draft"]


def test_a_digest_that_was_not_shown_never_approves(press, book, drafts):
    said = press("approver", url("approve", book), upload=[d.pk for d in drafts])

    assert "changed while you were looking" in said[0]
    assert statuses(*drafts) == ["draft", "draft"]


def test_approving_nothing_says_what_to_do(press, book, drafts):
    said = press("approver", url("approve", book), **shown(*drafts))

    assert said == ["No tracker was chosen. Tick at least one, then approve."]


def test_changed_files_stop_an_approval(press, book, drafts):
    folder = next(iter(sorted(p for p in [book.path])))
    with open(f"{folder}/1.mp3", "ab") as file:  # noqa: PTH123 - a plain append
        file.write(b"more")

    said = press(
        "approver",
        url("approve", book),
        upload=[d.pk for d in drafts],
        **shown(*drafts),
    )

    assert "was changed after the release was prepared" in said[0]
    assert statuses(*drafts) == ["draft", "draft"]


@pytest.mark.parametrize("who", ["viewer", "preparer"])
@pytest.mark.parametrize("name", ["approve", "reject", "reopen"])
def test_who_may_not_decide_changes_nothing(press, book, drafts, who, name):
    said = press(who, url(name, book), upload=[drafts[0].pk], **shown(*drafts))

    assert said[0].startswith("Your role does not allow you to")
    assert statuses(*drafts) == ["draft", "draft"]
    book.refresh_from_db()
    assert book.state == ReleaseState.READY


@pytest.mark.parametrize("name", ["approve", "reject", "reopen", "prepare", "cancel"])
def test_every_change_needs_a_post_and_a_token(people, book, name):
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(people["admin"])

    assert guarded.get(url(name, book)).status_code == 405
    assert guarded.post(url(name, book)).status_code == 403


def test_rejecting_keeps_the_note(press, book, drafts):
    said = press("approver", url("reject", book), note="Wrong edition")

    assert said == ["The release is rejected."]
    book.refresh_from_db()
    assert book.state == ReleaseState.REJECTED
    assert Approval.objects.get().note == "Wrong edition"


def test_reopening_brings_it_back(press, book, drafts):
    press("approver", url("reject", book))

    said = press("approver", url("reopen", book))

    assert said[0].startswith("The release is open again.")
    book.refresh_from_db()
    assert book.state == ReleaseState.READY


def test_the_fragment_polls_until_all_is_settled(look, client, book, drafts):
    drafts[0].status = "uploading"
    drafts[0].save()
    moving = look("viewer", url("uploads", book))
    drafts[0].status = "failed"
    drafts[0].reason = {"message": "The site refused it.", "remedy": "Correct it."}
    drafts[0].save()
    settled = client.get(url("uploads", book))

    assert 'hx-trigger="every 2s"' in moving
    assert "Uploading" in moving
    assert settled["HX-Redirect"].endswith(f"/{book.pk}/change/")


def test_the_page_shows_reason_link_and_seeding_of_what_was_sent(look, book, trackers):
    make_draft(
        book,
        trackers[0],
        status="success",
        reason={"message": "The tracker took it."},
        remote_url="http://127.0.0.1:9/red/torrents.php?id=5",
        seeding="confirmed",
    )
    make_draft(
        book,
        trackers[1],
        status="failed",
        reason={"message": "The site refused it.", "remedy": "Correct the year."},
    )

    text = look("viewer", url("change", book))

    for part in (
        "The tracker took it.",
        'href="http://127.0.0.1:9/red/torrents.php?id=5"',
        "Confirmed",
        "The site refused it.",
        "Correct the year.",
    ):
        assert part in text
    assert "every 2s" not in text.split('id="live"')[1].split(">")[0]


# --- in bulk: see test_bulk_approval.py for approving -------------------------
def test_bulk_rejection_asks_first_and_counts(press, client, people, book, drafts):
    client.force_login(people["approver"])
    asked = client.post(
        LIST, {"action": "reject_chosen", "_selected_action": [book.pk]}
    )
    assert "Reject 1 release" in asked.content.decode()

    said = press(
        "approver",
        LIST,
        action="reject_chosen",
        confirmed="yes",
        note="No",
        _selected_action=[book.pk],
    )

    assert said == ["1 rejected."]


def test_bulk_preparation_counts_refusals_by_sentence(press, book, tmp_path):
    other = make_book(tmp_path, "Ben Author - Second", state=ReleaseState.APPROVED)

    said = press(
        "preparer",
        LIST,
        action="prepare_again",
        _selected_action=[book.pk, other.pk],
    )

    assert "1 queued for preparation." in said
    assert any(
        one.startswith("1 left out: This release is approved. Reopen") for one in said
    )


@pytest.mark.parametrize("action", ["approve_chosen", "reject_chosen"])
def test_bulk_decisions_are_not_offered_to_preparers(look, press, book, drafts, action):
    assert action not in look("preparer", LIST)

    press("preparer", LIST, action=action, confirmed="yes", _selected_action=[book.pk])

    assert statuses(*drafts) == ["draft", "draft"]
    book.refresh_from_db()
    assert book.state == ReleaseState.READY
