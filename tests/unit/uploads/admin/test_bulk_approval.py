"""Approving many at once: the page names every upload, and only those are sent."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from releases.states import ReleaseState
from tests import factories
from tests.unit.uploads.admin.conftest import make_book, make_draft
from uploads.models import Approval

LIST = "/admin/releases/release/"
APPROVE = "/admin/releases/release/approve/"
DOUBT = {
    "code": "other_recording",
    "message": "The files last 1 h, the book found lasts 2 h.",
    "path": "",
    "figures": [
        {
            "what": "Length",
            "files": "1:00:00",
            "catalogue": "2:00:00",
            "difference": "+1:00:00",
            "differs": True,
        }
    ],
}


def asked(client, who, *releases, url=LIST, **more):
    """The confirmation page for these releases, as text."""
    client.force_login(who)
    chosen = [release.pk for release in releases]
    data = {"action": "approve_chosen", "_selected_action": chosen, **more}
    answer = client.post(url, data)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def ticks(*drafts):
    return [f"{draft.pk}:{draft.digest}" for draft in drafts]


def statuses(*drafts):
    for draft in drafts:
        draft.refresh_from_db()
    return [draft.status for draft in drafts]


def test_the_page_names_each_upload_and_sends_none(client, people, book, drafts):
    text = asked(client, people["approver"], book)

    assert "Approve 1 release" in text
    for value in ticks(*drafts):
        assert f'name="upload" value="{value}"' in text
    for part in ("Bluebird", "Wren", "A Book", "2.0 KiB", "Ann Author"):
        assert part in text
    assert statuses(*drafts) == ["draft", "draft"]


def test_warnings_duplicates_and_what_is_left_out_are_said(
    client, people, book, trackers, tmp_path
):
    make_draft(
        book,
        trackers[0],
        problems=[("warning", "Odd year.")],
        duplicates=[
            {"title": "There", "url": "https://a.test/1", "message": "Same files."},
            {"title": "Script", "url": "javascript:alert(1)", "message": "Odd."},
        ],
    )
    make_draft(book, trackers[1], problems=[("error", "No year.")])
    sent = make_book(tmp_path, "Sent")
    make_draft(sent, trackers[0], status="success")
    failed = make_book(tmp_path, "Failed", state=ReleaseState.FAILED)
    make_draft(failed, trackers[0])
    stale = make_book(tmp_path, "Stale", revision=3)
    make_draft(stale, trackers[0])
    stale.revision = 4
    stale.save()
    empty = make_book(tmp_path, "Empty")
    unrendered = make_draft(empty, trackers[0])
    unrendered.digest = ""
    unrendered.save()
    bare = make_book(tmp_path, "Bare")

    text = asked(client, people["approver"], book, sent, failed, stale, empty, bare)

    wanted, left_out = text.split('id="left-out"')
    assert "Odd year." in wanted
    assert 'href="https://a.test/1"' in wanted
    assert 'href="javascript' not in text
    assert text.count('name="upload"') == 1
    for sentence in (
        "No year.",
        "It was approved before, or sent.",
        "The release is failed; only a ready one can be approved.",
        "It is being rendered again.",
        "Nothing was rendered yet.",
        "nothing is drafted for any tracker.",
    ):
        assert sentence in left_out


def test_nothing_to_approve_is_a_sentence(client, people, book):
    text = asked(client, people["approver"], book)

    assert "None of the chosen releases has an upload" in text
    assert "data-approve" not in text


def test_the_page_asks_as_much_for_one_release_as_for_five(
    client, people, book, drafts, trackers, tmp_path
):
    more = [make_book(tmp_path, name=f"Book {number}") for number in range(4)]
    for one in more:
        make_draft(one, trackers[0])

    def queries(*chosen):
        with CaptureQueriesContext(connection) as seen:
            text = asked(client, people["approver"], *chosen)
        assert text.count('class="hd-card hd-group"') == len(chosen)
        return seen.captured_queries

    queries(book)  # what is asked once for all
    few = queries(book)
    many = queries(book, *more)

    assert len(many) == len(few)
    sql = " ".join(query["sql"] for query in many)
    assert '"payload", "uploads_upload"' not in sql
    assert '"torrent_file"' not in sql
    assert '"releases_release"."metadata"' not in sql


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


def test_everything_that_matches_is_named_and_the_list_comes_back(
    client, people, trackers, tmp_path
):
    for number in range(60):
        release = factories.ReleaseFactory(title=f"Many {number}")
        make_draft(release, trackers[0])
    factories.ReleaseFactory(title="Other")
    url = f"{LIST}?q=many&p=1"

    text = asked(client, people["approver"], release, url=url, select_across="1")

    assert text.count('name="upload"') == 60
    assert re.search(r'name="query" value="q=many"', text)
    answer = client.post(APPROVE, {"query": "q=many"})
    assert answer["Location"] == f"{LIST}?q=many"


def test_a_hundred_releases_to_eight_trackers_fit_and_more_uploads_do_not(
    client, people, press, monkeypatch
):
    trackers = [factories.TrackerFactory() for _ in range(8)]
    drafts = []
    for _ in range(100):
        release = factories.ReleaseFactory()
        drafts += [make_draft(release, tracker) for tracker in trackers]

    text = asked(client, people["approver"], release, select_across="1")

    assert text.count('name="upload"') == 800
    values = re.findall(r'name="upload" value="(.+?)"', text)
    answer = client.post(APPROVE, {"upload": values, "warnings": "read"})
    assert answer.status_code == 302

    monkeypatch.setattr("uploads.admin.release_actions.MOST_UPLOADS", 7)
    said = press(
        "approver", LIST, action="approve_chosen", _selected_action=[release.pk]
    )
    assert said[-1] == (
        "These are 8 uploads, and 7 fit on one page. Choose fewer releases."
    )


def test_more_than_a_person_can_read_are_not_confirmed(press, trackers):
    for _ in range(101):
        factories.ReleaseFactory()

    said = press(
        "approver", LIST, action="approve_chosen", select_across="1",
        _selected_action=["1"],
    )  # fmt: skip

    assert said == ["Choose at most 100 releases at a time."]
