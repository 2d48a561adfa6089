"""Wherever a draft is shown, so is what its tracker has already."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from tests.duplicates import similar
from tests.unit.uploads.admin.conftest import make_draft
from trackers.types import WARNED_OF
from uploads.admin.duplicates import duplicate_rows
from uploads.models import DuplicateSearch, Upload

LIST = "/admin/releases/release/"
OURS = {"title": "x", "url": "https://blue.test/1", "message": "It was sent before."}


def searched(upload, *found, **values):
    """What the tracker said about a draft; without anything, that it has none."""
    warned = sum(one["strength"] in WARNED_OF for one in found)
    values = {"warned": warned, "checked_at": timezone.now(), **values}
    return DuplicateSearch.objects.create(
        upload=upload, tracker=upload.tracker, found=list(found), **values
    )


@pytest.fixture
def draft(book, trackers):
    return make_draft(book, trackers[0])


def page(book):
    return f"{LIST}{book.pk}/change/"


def part(draft):
    return f"/admin/uploads/upload/{draft.pk}/duplicates/"


def test_the_release_page_warns_with_a_link(look, book, draft):
    searched(draft, similar(), similar("possible", "words", title="A Book Too"))

    text = look("viewer", page(book))

    assert "Already there" in text
    assert "Bluebird has “A Book” (MP3, 320, 2.0 KiB): the same files." in text
    assert 'href="https://blue.test/7"' in text
    assert "1 similar torrent<" in text
    assert "“A Book Too”" in text


def test_the_page_before_a_bulk_approval_warns_as_well(client, people, book, draft):
    searched(draft, similar("likely", "name_and_format"))
    client.force_login(people["approver"])

    answer = client.post(
        LIST, {"action": "approve_chosen", "_selected_action": [book.pk]}
    )

    text = answer.content.decode()
    assert "Likely there" in text
    assert "the same name and format" in text


def test_what_was_not_asked_yet_is_said(look, book, draft):
    assert "Bluebird was not yet asked for duplicates." in look("viewer", page(book))


def test_an_answer_of_none_is_said(look, book, draft):
    searched(draft)

    text = look("viewer", page(book))

    assert "none found" in text
    assert "not yet asked" not in text


def test_why_it_could_not_be_asked_is_said_with_the_next_time(look, book, draft):
    due = timezone.now() + timedelta(hours=1)
    searched(draft, problem="Bluebird is away.", checked_at=None, due_at=due)

    text = look("viewer", page(book))

    assert "Bluebird is away. Asked again at" in text
    assert "/duplicates/" not in text, "an hour is too long to wait for"


def test_the_page_looks_again_while_the_tracker_is_asked(look, book, draft):
    search = searched(draft, checked_at=None, due_at=timezone.now())
    assert f'hx-get="{part(draft)}"' in look("viewer", page(book))
    assert "hx-get" in look("viewer", part(draft))

    DuplicateSearch.objects.filter(pk=search.pk).update(
        checked_at=timezone.now(), due_at=None
    )

    answer = look("viewer", part(draft))
    assert "none found" in answer
    assert "hx-get" not in answer


def test_only_who_may_look_sees_it(client, people, draft):
    assert client.get(part(draft)).status_code == 302
    client.force_login(factories.UserFactory())
    assert client.get(part(draft)).status_code == 403
    client.force_login(people["viewer"])
    assert client.get("/admin/uploads/upload/999/duplicates/").status_code == 404


def test_what_the_site_says_is_never_markup(look, book, draft):
    searched(draft, similar(title="<script>alert(1)</script>", url="javascript:x"))

    text = look("viewer", page(book))

    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_the_list_counts_what_is_sure_or_likely(look, book, draft):
    draft.duplicates = [OURS]
    draft.save()
    searched(draft, similar("likely", "name_and_format"), similar("possible", "words"))

    text = look("viewer", LIST)

    assert ">duplicate?</span>" in text
    assert "It was sent before." in text
    assert "Bluebird has" in text


def test_the_list_says_nothing_without_any(look, book, draft):
    searched(draft, similar("possible", "name"))

    assert ">duplicate?</span>" not in look("viewer", LIST)


def test_what_was_sent_is_no_duplicate_of_itself(draft):
    searched(draft, similar())
    Upload.objects.update(status="success")
    sent = Upload.objects.get()

    assert duplicate_rows(sent).checked_at is None
    assert duplicate_rows(sent).asking == ""


def test_one_torrent_is_not_told_twice(draft):
    draft.duplicates = [OURS]
    draft.save()
    searched(draft, similar(url=OURS["url"]))

    (row,) = duplicate_rows(draft).warned

    assert row.message == "It was sent before."


def test_torrents_with_one_sentence_stand_in_one_line_with_all_links(look, book, draft):
    numbers = ["7", "8", ""]
    alike = [similar(remote_id=n, url=f"https://blue.test/{n}") for n in numbers]
    possible = [similar("possible", "words", url=url) for url in ("https://x", "y:z")]
    searched(draft, *alike, *possible)

    (row,) = duplicate_rows(draft).warned
    assert (row.count, row.links) == (
        3,
        [
            ("https://blue.test/7", "On the tracker (7)"),
            ("https://blue.test/8", "On the tracker (8)"),
            ("https://blue.test/", "On the tracker (3)"),
        ],
    )
    text = look("viewer", part(draft))
    assert text.count("the same files") == 1
    assert "2 similar torrents" in text
    assert text.count("a similar name") == 1
    assert text.count("href=") == 4
    assert look("viewer", LIST).count("the same files") == 1


def test_nothing_to_say_is_nothing_shown(draft):
    Upload.objects.update(status="pending")

    assert duplicate_rows(Upload.objects.get()).is_empty


@pytest.mark.parametrize("url", [LIST, "/api/uploads/"])
def test_a_list_with_answers_costs_the_same_however_long(client, people, trackers, url):
    client.force_login(people["admin"])

    def rows(count):
        for _ in range(count):
            release = factories.ReleaseFactory()
            for tracker in trackers:
                searched(make_draft(release, tracker), similar())

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        assert '"uploads_duplicatesearch"."answers"' not in str(seen.captured_queries)
        return len(seen)

    rows(2)
    few = queries()
    rows(20)
    assert queries() == few
