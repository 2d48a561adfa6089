"""The page before approving many at once: what it names, and how much of it."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.states import ReleaseState
from tests import factories
from tests.unit.uploads.admin.bulk import APPROVE, LIST, asked, statuses, ticks
from tests.unit.uploads.admin.conftest import make_book, make_draft


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
