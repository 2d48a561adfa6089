"""The first page: by role, by what is there, and at a constant price."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from releases.models import Release
from tests import factories
from tests.unit.uploads.admin.front_page import INDEX, page
from trackers.models import Tracker
from uploads.admin import charts
from uploads.admin.charts import drawn
from uploads.models import Heartbeat, Upload
from uploads.services.heartbeat import heartbeat_write

pytestmark = pytest.mark.django_db
RELEASES = ("Waiting for approval", "To be corrected", "Not seeding")


def cards(answer):
    return {card.title: card for card in answer.context["dashboard"].cards}


@pytest.fixture
def busy():
    heartbeat_write()
    red = factories.TrackerFactory(name="Redsite")
    ops = factories.TrackerFactory(name="Opsite")
    reason = {"code": "x", "message": "The site refused the folder's name."}
    fine = factories.ReleaseFactory(title="Ready Book", state="ready")
    factories.UploadFactory(release=fine, tracker=red, digest="d" * 64)
    factories.ReleaseFactory(title="Bare Book", state="ready")
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
    text = page(client).content.decode()
    links = set(re.findall(r'href="(/admin/[^"#]*)', text))
    assert len(links) > 40
    for url in links - {"/admin/logout/"}:
        answer = client.get(url.replace("&amp;", "&"))
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
        factories.UploadFactory(release=release, problems=problems, digest="d" * 64)
    client.force_login(people["viewer"])
    counts = {title: card.count for title, card in cards(page(client)).items()}
    assert counts["Waiting for approval"] == 1
    assert "To be corrected" not in counts


def test_what_has_nothing_to_approve_does_not_wait_for_approval(client, people):
    factories.ReleaseFactory(title="No drafts", state="ready")
    factories.UploadFactory(release__state="ready")  # nothing was rendered yet
    factories.UploadFactory(release__state="ready", status="success")
    client.force_login(people["approver"])
    found = cards(page(client))
    assert found["Waiting for approval"].count == 0
    assert "To be corrected" not in found
    listed = reverse("admin:releases_release_changelist")
    for query in ({"approvable": "yes"}, {"approvable": "no"}, {"waiting": "me"}):
        assert client.get(listed, query).context["cl"].result_count == 0, query


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
        factories.UploadFactory(release=release, digest="d" * 64)
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
    assert b"twelve weeks" not in answer.content


def test_the_tables_say_what_the_charts_draw(client, people, busy):
    Upload.objects.filter(status__in=("success", "failed")).update(
        finished_at=timezone.now() - timedelta(days=8)
    )
    client.force_login(people["viewer"])
    answer = page(client)
    text = answer.content.decode()
    assert text.count('class="chart"') == 3
    shown = answer.context["dashboard"].charts
    data = json.loads(shown.by_tracker["data"])
    assert data["labels"] == ["Opsite", "Redsite"]
    assert [series["data"] for series in data["datasets"]] == [[2, 2], [0, 2]]
    assert [one.rate for one in shown.trackers] == [100, 50]
    (week,) = [one for one in shown.weeks if one.success]
    listed = client.get(f"/admin/uploads/upload/?{week.query}").context["cl"]
    assert listed.result_count == 6
    for query in (shown.trackers[0].query, shown.days[0][2]):
        assert query in text.replace("&amp;", "&")
    assert (week.success, week.failed) == (4, 2)
    assert sum(number for _, number, _ in shown.days) == Release.objects.count()
    for cell in ("50 %", "100 %"):
        assert cell in text


def test_the_figures_are_kept_for_a_while_only_where_they_are_many(
    client, people, busy, monkeypatch
):
    def ended():
        return sum(
            one.success for one in page(client).context["dashboard"].charts.weeks
        )

    client.force_login(people["viewer"])
    for many in (100, 1):
        monkeypatch.setattr(charts, "MANY", many)
        factories.UploadFactory(status="success", finished_at=timezone.now())
        before = ended()
        factories.UploadFactory(status="success", finished_at=timezone.now())
        assert ended() == before + (many == 100)


def test_what_ended_before_the_twelve_weeks_is_not_drawn(client, people):
    long_ago = timezone.now() - timedelta(weeks=13)
    factories.UploadFactory(status="success", finished_at=long_ago)
    client.force_login(people["viewer"])
    assert "No upload has ended in that time" in page(client).content.decode()


def test_the_charts_options_stack_the_bars_and_hold_no_function():
    options = json.loads(drawn([], [{}, {}])["options"])
    assert all(scale["stacked"] for scale in options["scales"].values())
    assert options["plugins"]["legend"]["display"] is True


def test_failed_ones_are_told_by_cause(client, people, busy):
    client.force_login(people["viewer"])
    answer = page(client)
    assert "1 × Redsite" in answer.content.decode()
    (cause,) = answer.context["dashboard"].causes
    assert cause.code == "x"


def test_it_is_looked_at_again_only_while_something_moves(client, people):
    client.force_login(people["viewer"])
    assert b"every 3s" not in page(client).content
    factories.UploadFactory(status="uploading")
    whole = page(client).content
    assert b"every 3s" in whole
    part = client.get(reverse(INDEX), headers={"HX-Request": "true"}).content
    assert part.strip().startswith(b'<div id="dashboard-live"')
    assert b'class="chart"' not in part


def test_without_trackers_there_is_no_empty_table_of_them(client, people):
    client.force_login(people["viewer"])
    assert "By tracker" not in page(client).content.decode()


def test_nothing_ended_yet_shows_the_table_and_no_chart_of_it(client, people):
    factories.TrackerFactory(name="Fresh Site")
    client.force_login(people["viewer"])
    text = page(client).content.decode()
    assert "No upload has ended in that time" in text
    assert "Fresh Site" in text
    assert text.count('class="chart"') == 1


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
    # PostgreSQL is asked for the time as well, by each part that needs it.
    assert few <= 30 + 5 * (connection.vendor == "postgresql"), few
