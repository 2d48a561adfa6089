"""The first page: by role, by what is there, and at a constant price."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from trackers.models import Tracker
from uploads.admin.dashboard import chart
from uploads.models import Heartbeat
from uploads.services.heartbeat import heartbeat_write

pytestmark = pytest.mark.django_db
INDEX = "admin:index"
RELEASES = ("Waiting for approval", "To be corrected", "Not seeding")


def page(client):
    return client.get(reverse(INDEX))


def cards(answer):
    return {card.title: card for card in answer.context["dashboard"].cards}


@pytest.fixture
def busy():
    heartbeat_write()
    red = factories.TrackerFactory(name="Redsite")
    ops = factories.TrackerFactory(name="Opsite")
    reason = {"code": "x", "message": "The site refused the folder's name."}
    factories.ReleaseFactory(title="Ready Book", state="ready")
    wrong = factories.ReleaseFactory(title="Wrong Book", state="ready")
    error = [{"severity": "error", "message": "Say “when”.", "field": "year"}]
    factories.UploadFactory(release=wrong, tracker=red, problems=error)
    factories.UploadFactory(
        tracker=red,
        status="failed",
        reason={"code": "outcome_unsettled", "message": "Nobody knows."},
        release__state="published",
    )
    for tracker, status in (
        *((red, one) for one in ("success", "success", "failed", "unknown")),
        *((ops, one) for one in ("success", "pending", "uploading", "cancelled")),
    ):
        factories.UploadFactory(
            tracker=tracker, status=status, reason=reason, release__state="published"
        )
    factories.UploadFactory(
        tracker=ops,
        status="success",
        seeding="problem",
        seeding_message="Files are missing.",
        release__state="published",
    )
    factories.CredentialFactory(
        tracker=red,
        label="mine",
        paused_at=timezone.now(),
        paused_reason="The key was refused.",
    )


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver", "admin", "root"])
def test_who_may_look_sees_what_waits_runs_and_went_wrong(client, people, busy, role):
    client.force_login(people[role])
    answer = page(client)
    found = cards(answer)
    counts = {title: card.count for title, card in found.items()}
    assert counts == {
        "Waiting for approval": 1,
        "Running now": 2,
        "Questions": 1,
        "Failed": 1,
        "To be corrected": 1,
        "Unknown": 1,
        "Not seeding": 1,
        "Paused credentials": 1,
    }
    text = answer.content.decode()
    for words in (
        *("Ready Book", "refused the folder", "Files are missing."),
        *("Redsite: mine", "The key was refused.", "A worker started a task"),
    ):
        assert words in text, words


def test_every_link_of_the_page_opens(client, people, busy):
    client.force_login(people["admin"])
    for card in cards(page(client)).values():
        for url in (card.url, *(line.url for line in card.lines)):
            answer = client.get(url)
            assert answer.status_code == 200, url
            assert "e=1" not in url


def test_the_link_of_a_card_lists_just_what_it_counts(client, people, busy):
    client.force_login(people["admin"])
    found = cards(page(client))
    for title in (*RELEASES, "Questions", "Failed", "Unknown", "Running now"):
        listed = client.get(found[title].url).context["cl"].result_count
        assert listed == found[title].count, title


def test_a_release_with_one_sound_draft_waits_for_approval(client, people):
    release = factories.ReleaseFactory(state="ready")
    warned = [{"severity": "warning", "message": 'Not an "severity": "error".'}]
    error = [{"severity": "error", "message": "x"}]
    for problems in (warned, error):
        factories.UploadFactory(release=release, problems=problems)
    client.force_login(people["viewer"])
    counts = {title: card.count for title, card in cards(page(client)).items()}
    assert counts["Waiting for approval"] == 1
    assert "To be corrected" not in counts


def test_a_failed_upload_without_a_reason_is_no_question(client, people):
    factories.UploadFactory(status="failed", reason={})
    client.force_login(people["viewer"])
    found = cards(page(client))
    assert (found["Failed"].count, found["Questions"].count) == (1, 0)
    listed = client.get(found["Failed"].url).context["cl"].result_count
    assert listed == 1
    assert len(found["Failed"].lines) == 1


def test_releases_of_one_title_are_told_apart_by_their_folders(client, people):
    for folder in ("Book [MP3]", "Book [M4B]"):
        release = factories.ReleaseFactory(
            title="Book", source_path=folder, state="ready"
        )
        factories.UploadFactory(release=release, status="failed")
    factories.UploadFactory(release__title="Other", release__source_path="Only one")
    client.force_login(people["viewer"])
    for url in ("/admin/", "/admin/uploads/upload/", "/admin/releases/release/"):
        text = client.get(url).content.decode()
        assert "Book [MP3]" in text, url
        assert "Book [M4B]" in text, url
    assert "Only one" not in client.get("/admin/uploads/upload/").content.decode()


def test_who_has_no_role_is_told_what_to_do(client):
    client.force_login(factories.UserFactory())
    answer = page(client)
    assert answer.context["dashboard"].cards == []
    assert b"Your account has no role yet" in answer.content
    assert b"Uploads by tracker" not in answer.content


def test_the_table_says_what_the_chart_draws(client, people, busy):
    client.force_login(people["viewer"])
    answer = page(client)
    text = answer.content.decode()
    assert 'class="chart"' in text
    data = json.loads(answer.context["dashboard"].chart["data"])
    assert data["labels"] == ["Opsite", "Redsite"]
    assert [series["data"] for series in data["datasets"]] == [[2, 2], [0, 2]]
    for cell in ("50 %", "100 %"):
        assert cell in text


def test_the_charts_options_stack_the_bars_and_hold_no_function():
    options = json.loads(chart([])["options"])
    assert all(scale["stacked"] for scale in options["scales"].values())
    assert options["plugins"]["legend"]["display"] is True


def test_an_empty_herald_says_what_to_do_first(client, people):
    client.force_login(people["admin"])
    text = page(client).content.decode()
    for name in ("releases_library", "trackers_credential", "releases_release"):
        assert reverse(f"admin:{name}_add") in text
    assert "First steps" in text
    assert "No worker ever started a task" in text


def test_first_steps_are_offered_to_those_who_may_take_them(client, people):
    client.force_login(people["viewer"])
    text = page(client).content.decode()
    assert "First steps" in text
    assert reverse("admin:releases_library_add") not in text
    assert text.count("An admin does this.") == 3


def test_first_steps_go_away_when_they_are_done(client, people):
    factories.ReleaseFactory()
    client.force_login(people["admin"])
    assert page(client).content.count(b"(done)") == 2
    factories.CredentialFactory()
    assert b"First steps" not in page(client).content


def test_nothing_ended_yet_shows_the_table_and_no_chart(client, people):
    factories.TrackerFactory(name="Fresh Site")
    client.force_login(people["viewer"])
    text = page(client).content.decode()
    assert "No upload has ended yet" in text
    assert "Fresh Site" in text
    assert 'class="chart"' not in text


def test_a_silent_worker_is_said_on_top(client, people):
    Heartbeat.objects.create(worker="w", seen_at=timezone.now() - timedelta(minutes=9))
    client.force_login(people["viewer"])
    assert b"No worker started a task for" in page(client).content


def test_the_page_asks_as_much_for_few_rows_as_for_many(client, people, busy):
    client.force_login(people["admin"])
    page(client)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            page(client)
        return len(seen)

    few = queries()
    red = Tracker.objects.get(name="Redsite")
    for status in ("success", "failed", "unknown", "pending") * 5:
        factories.UploadFactory(tracker=red, status=status)
    for _ in range(10):
        factories.TrackerFactory()
        factories.CredentialFactory(paused_at=timezone.now())
    assert queries() == few
    # PostgreSQL is asked for the time as well.
    assert few <= 28 + (connection.vendor == "postgresql")
