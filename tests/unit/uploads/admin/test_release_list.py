"""The list of releases: what each row says, and what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from releases.states import ReleaseState
from tests import factories
from tests.unit.uploads.admin.conftest import METADATA, make_draft

URL = "/admin/releases/release/"


def rows(count, trackers):
    for _ in range(count):
        release = factories.ReleaseFactory(
            metadata=METADATA,
            cover={"file": "1.jpg"},
            created_by=factories.UserFactory(),
        )
        for tracker in trackers:
            make_draft(release, tracker)


def trackers_cell(text, release):
    found = re.findall(rf'id="trackers-{release.pk}".*?</td>', text, re.S)
    assert len(found) == 1
    return found[0]


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("url", [URL, "/admin/uploads/upload/"])
def test_a_list_costs_the_same_however_long(client, people, trackers, url):
    client.force_login(people["admin"])
    rows(2, trackers)
    client.get(url)  # what is asked once for all
    few = queries(client, url)
    rows(15, trackers)

    assert queries(client, url) == few
    assert few <= 12


def test_heavy_columns_are_not_read(client, people, trackers):
    client.force_login(people["admin"])
    rows(1, trackers)

    with CaptureQueriesContext(connection) as seen:
        client.get(URL)
        client.get("/admin/uploads/upload/")

    sql = " ".join(query["sql"] for query in seen)
    assert '"torrent_file"' not in sql
    assert '"given_torrent"' not in sql
    assert '"releases_release"."overrides"' not in sql
    assert '"releases_release"."notices"' not in sql
    assert '"releases_release"."metadata"' not in sql
    assert '"payload"' not in sql


def test_a_row_names_title_author_and_each_trackers_readiness(look, book, trackers):
    blue, wren = trackers
    make_draft(book, blue)
    make_draft(book, wren, problems=[("error", "No year."), ("error", "No tags.")])

    text = look("viewer", URL)

    assert "A Book" in text
    assert "Ann Author" in text
    assert "Audiobook" in text
    assert "read by Nora Reader" in text
    assert ">500 B<" in text
    assert ">ready</span>" in text
    assert ">2 errors</span>" in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"problems": [("warning", "Odd.")]}, "1 warning"),
        ({"duplicates": [{"message": "There."}]}, "duplicate?"),
        ({"status": "pending"}, "approved"),
        ({"status": "uploading"}, "sending"),
        ({"status": "success"}, "sent"),
        ({"status": "success", "seeding": "confirmed"}, "seeding"),
        ({"status": "failed"}, "failed"),
        ({"status": "failed", "reason": {"code": "sent_in_vain"}}, "question"),
        ({"status": "unknown"}, "looking"),
    ],
)
def test_every_status_has_its_label(look, book, trackers, values, words):
    make_draft(book, trackers[0], **values)

    cell = trackers_cell(look("viewer", URL), book)

    assert f">{words}</span>" in cell


def test_a_draft_of_an_earlier_revision_and_an_empty_one_are_not_ready(
    look, book, trackers
):
    make_draft(book, trackers[0])
    book.revision += 1
    book.save()
    empty = make_draft(book, trackers[1])
    empty.digest = ""
    empty.save()

    cell = trackers_cell(look("viewer", URL), book)

    assert ">rendering</span>" in cell
    assert ">empty</span>" in cell


def test_a_cancelled_upload_is_not_listed(look, book, trackers):
    make_draft(book, trackers[0], status="cancelled")

    cell = trackers_cell(look("viewer", URL), book)

    assert "Bluebird" not in cell


def test_the_tracker_filter_leaves_other_releases_out(look, book, trackers):
    make_draft(book, trackers[0])
    other = factories.ReleaseFactory(title="Elsewhere")
    make_draft(other, trackers[1])

    text = look("viewer", URL, tracker="wren")

    assert "Elsewhere" in text
    assert f'id="state-{book.pk}"' not in text


@pytest.mark.parametrize(
    "search", ["Book", "ann", "ÁNN", "reader", "b0herald01", "author - a", "nora book"]
)
def test_search_finds_title_people_path_and_asin(look, book, search):
    other = factories.ReleaseFactory(title="Other", source_path="x", name="x")

    text = look("viewer", URL, q=search)

    assert f'id="state-{book.pk}"' in text
    assert f'id="state-{other.pk}"' not in text


@pytest.mark.parametrize(
    ("found", "titles"),
    [
        ("errors", {"Wrong"}),
        ("warnings", {"Odd", "Doubtful"}),
        ("duplicates", {"Twice"}),
        ("recording", {"Doubtful"}),
        ("nonsense", {"Wrong", "Odd", "Twice", "Doubtful", "Sent"}),
    ],
)
def test_drafts_are_found_by_what_is_wrong_with_them(look, trackers, found, titles):
    def one(title, **values):
        return make_draft(factories.ReleaseFactory(title=title), trackers[0], **values)

    one("Wrong", problems=[("error", "No year.")])
    one("Odd", problems=[("warning", 'A "severity": "error" in a text.')])
    one("Twice", duplicates=[{"message": "There."}])
    doubt = one("Doubtful", problems=[("warning", "Longer.")])
    doubt.problems[0]["code"] = "other_recording"
    doubt.save()
    one("Sent", status="success", problems=[("error", "No year.")])

    text = look("viewer", URL, found=found)

    assert set(re.findall(r"<strong>(\w+)</strong>", text)) == titles


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("approver", {"Fine"}),
        ("admin", {"Fine"}),
        ("preparer", {"Blocked", "Broken"}),
        ("viewer", set()),
    ],
)
def test_what_waits_for_me_is_what_my_role_can_do(look, trackers, who, titles):
    make_draft(factories.ReleaseFactory(title="Fine"), trackers[0])
    blocked = factories.ReleaseFactory(title="Blocked")
    make_draft(blocked, trackers[0], problems=[("error", "No year.")])
    factories.ReleaseFactory(title="Broken", state=ReleaseState.FAILED)
    factories.ReleaseFactory(title="Busy", state=ReleaseState.PREPARING)
    factories.ReleaseFactory(title="Bare")

    text = look(who, URL, waiting="me")

    assert set(re.findall(r"<strong>(\w+)</strong>", text)) == titles


def test_releases_are_found_by_who_added_them(look, people):
    other = factories.UserFactory(username="zoe")
    factories.ReleaseFactory(title="Mine", created_by=people["viewer"])
    factories.ReleaseFactory(title="Hers", created_by=other)
    factories.ReleaseFactory(title="Nobodys")

    def titles(by):
        text = look("viewer", URL, by=by)
        assert "zoe" in text
        return re.findall(r"<strong>(\w+)</strong>", text)

    assert titles("me") == ["Mine"]
    assert titles(str(other.pk)) == ["Hers"]
    assert titles("nobody") == ["Nobodys"]
    assert titles("x") == []


def test_only_a_list_with_something_moving_polls(look, book, drafts):
    assert "hx-trigger" not in re.findall(
        r'<div id="row-poll".*?>', look("viewer", URL)
    )
    assert 'id="row-poll"' not in look("viewer", URL)

    book.state = ReleaseState.PREPARING
    book.progress = {"phase": "hash", "done": 512, "total": 1024}
    book.save()
    text = look("viewer", URL)

    assert f"rows/?ids={book.pk}" in text
    assert "Hashing 50 %" in text


def test_an_upload_on_its_way_keeps_the_list_polling(look, book, trackers):
    make_draft(book, trackers[0], status="uploading")

    assert 'id="row-poll"' in look("viewer", URL)


def test_the_fragment_fills_the_cells_and_stops_when_all_settled(look, book, drafts):
    url = reverse("admin:releases_release_rows")
    book.state = ReleaseState.PREPARING
    book.save()

    moving = look("viewer", url, ids=str(book.pk))
    book.state = ReleaseState.READY
    book.save()
    settled = look("viewer", url, ids=f"{book.pk},nonsense")

    assert f'hx-swap-oob="innerHTML:#state-{book.pk}"' in moving
    assert "Preparing" in moving
    assert "row-poll" in moving
    assert "row-poll" not in settled
    assert ">ready</span>" in settled


def test_an_empty_list_says_so(look, db):
    assert "No releases" in look("viewer", URL)


def test_a_stranger_is_sent_to_the_login(client, people, book):
    client.force_login(people["stranger"])

    answer = client.get(URL)

    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_the_fragment_needs_the_right_to_look(client, book):
    client.force_login(factories.UserFactory())

    answer = client.get(reverse("admin:releases_release_rows"), {"ids": book.pk})

    assert answer.status_code == 403
