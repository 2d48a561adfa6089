"""Streams of events: each state when it changes, an end, and few at a time."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import DatabaseError, close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from common import streams
from common.streams import PLACES, Stream, StreamsFull
from releases.models import Release
from tests import factories
from uploads.models import Upload

pytestmark = pytest.mark.django_db

EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)
    yield
    assert PLACES._open == 0, "every stream gave its place back"


def progress(release):
    return f"/api/releases/{release.pk}/progress/"


def sending(release):
    return f"/api/releases/{release.pk}/uploads/"


def hang_up(answer):
    """As a web server does when the reader has gone; the test's connection stays."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def told(lines):
    """[(event, data)] of the text of a stream."""
    found = []
    for block in b"".join(lines).decode().split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.split("\n") if line and line[0] != ":"
        )
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def read(answer):
    return told(answer.streaming_content)


def test_a_release_at_rest_is_told_once_and_ends(api, rows):
    answer = api("viewer").get(progress(rows["releases"]), headers=EVENTS)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    state = {"state": "ready", "progress": {}, "error": {}}
    assert read(answer) == [("state", state), ("end", state)]


def test_json_stays_what_it_was(api, rows):
    for accept in ("application/json", "*/*", "text/html, */*;q=0.1"):
        answer = api("viewer").get(
            progress(rows["releases"]), headers={"Accept": accept}
        )
        assert answer.json() == {"state": "ready", "progress": {}, "error": {}}


def test_each_change_is_told_and_nothing_twice(api, people):
    release = factories.ReleaseFactory(state="preparing", progress={"done": 1})
    answer = api("viewer").get(progress(release), headers=EVENTS)
    steps: Iterator[dict[str, Any]] = iter(
        [
            {"progress": {"done": 1}},
            {"progress": {"done": 2}},
            {"progress": {"done": 2}},
            {"state": "ready", "progress": {}},
        ]
    )
    lines = []
    for line in answer.streaming_content:
        lines.append(line)
        Release.objects.filter(pk=release.pk).update(**next(steps, {"progress": {}}))
    seen = [(event, data["state"], data["progress"]) for event, data in told(lines)]
    assert seen == [
        ("state", "preparing", {"done": 1}),
        ("state", "preparing", {"done": 2}),
        ("state", "ready", {}),
        ("end", "ready", {}),
    ]


def test_one_who_comes_back_is_not_told_the_same_again(api, rows):
    client = api("viewer")
    first = client.get(progress(rows["releases"]), headers=EVENTS)
    text = b"".join(first.streaming_content).decode()
    (number,) = {ln[4:] for ln in text.split("\n") if ln.startswith("id: ")}
    again = client.get(
        progress(rows["releases"]), headers={**EVENTS, "Last-Event-ID": number}
    )
    assert [event for event, _ in read(again)] == ["end"]


def test_a_look_is_one_query_and_not_more_than_one_a_second(api, people, monkeypatch):
    release = factories.ReleaseFactory(state="preparing")
    answer = api("viewer").get(progress(release), headers=EVENTS)
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.0)
    text = iter(answer.streaming_content)
    next(text), next(text)
    began = time.monotonic()
    with CaptureQueriesContext(connection) as seen:
        assert next(text) == b": still here\n\n"
        assert next(text) == b": still here\n\n"
    assert time.monotonic() - began >= 0.2
    assert len(seen) == 2
    hang_up(answer)


def test_a_stream_lives_for_a_bounded_time(api, people, monkeypatch):
    monkeypatch.setattr(streams, "LONGEST_SECONDS", 0.1)
    release = factories.ReleaseFactory(state="preparing")
    answer = api("viewer").get(progress(release), headers=EVENTS)
    assert [event for event, _ in read(answer)] == ["state"]


def test_there_are_few_places_and_they_are_given_back(api, people, settings):
    settings.EVENT_STREAMS = 2
    release = factories.ReleaseFactory(state="preparing")
    client = api("viewer")
    open_ones = [client.get(progress(release), headers=EVENTS) for _ in range(2)]
    full = client.get(progress(release), headers=EVENTS)
    assert (full.status_code, full.json()["code"]) == (503, "streams_full")
    assert full["Content-Type"] == "application/json"
    assert int(full["Retry-After"]) > 0
    hang_up(open_ones[0])
    hang_up(open_ones[0])
    other = client.get(progress(release), headers=EVENTS)
    assert other.status_code == 200
    assert client.get(progress(release), headers=EVENTS).status_code == 503
    for answer in (other, open_ones[1]):
        hang_up(answer)


def test_refusals_are_json_whatever_was_asked_for(api, rows):
    for client, place, status in (
        (api(), progress(rows["releases"]), 401),
        (api("stranger"), progress(rows["releases"]), 403),
        (api("viewer"), "/api/releases/4711/progress/", 404),
        (api("viewer"), "/api/releases/4711/uploads/", 404),
    ):
        answer = client.get(place, headers=EVENTS)
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/json"
        assert set(answer.json()) == {"code", "message", "extra"}


def test_a_release_that_goes_away_ends_its_stream(api, people):
    release = factories.ReleaseFactory(state="preparing")
    answer = api("viewer").get(progress(release), headers=EVENTS)
    text = iter(answer.streaming_content)
    next(text), next(text)
    Release.objects.filter(pk=release.pk).delete()
    assert told(text) == [("end", {})]


def test_a_database_that_fails_ends_it_quietly(caplog):
    def broken():
        raise DatabaseError("away")

    assert b"".join(Stream(broken, "")) == b"retry: 2000\n\n"
    assert "away" in caplog.text


@pytest.mark.parametrize(
    ("status", "seeding", "settled"),
    [
        ("draft", "", True),
        ("pending", "", False),
        ("uploading", "", False),
        ("unknown", "", False),
        ("failed", "", True),
        ("success", "", False),
        ("success", "waiting", False),
        ("success", "added", False),
        ("success", "confirmed", True),
        ("success", "problem", True),
        ("success", "no_client", True),
    ],
)
def test_uploads_are_followed_until_each_is_at_rest(
    api, rows, status, seeding, settled
):
    Upload.objects.update(status=status, seeding=seeding)
    seen = api("viewer").get(sending(rows["releases"])).json()
    assert seen["settled"] is settled
    (row,) = seen["uploads"]
    assert set(row) == {"id", "tracker", "status", "reason", "remote_url", "seeding"}
    assert (row["status"], row["tracker"]) == (status, rows["trackers"].slug)


def test_a_release_without_uploads_is_at_rest(api, people):
    release = factories.ReleaseFactory()
    factories.UploadFactory(release=release, status="cancelled")
    seen = api("viewer").get(sending(release)).json()
    assert seen == {"state": "ready", "settled": True, "uploads": []}


def test_the_stream_of_uploads_goes_on_until_they_seed(api, rows):
    Upload.objects.update(status="uploading")
    answer = api("viewer").get(sending(rows["releases"]), headers=EVENTS)
    steps = iter(
        [{}, {"status": "success"}, {"seeding": "added"}, {"seeding": "confirmed"}]
    )
    lines = []
    for line in answer.streaming_content:
        lines.append(line)
        if step := next(steps, None):
            Upload.objects.update(**step)
    seen = [
        (event, data["uploads"][0]["status"], data["uploads"][0]["seeding"])
        for event, data in told(lines)
    ]
    assert seen[0] == ("state", "uploading", "")
    assert seen[-1] == ("end", "success", "confirmed")
    assert ("state", "success", "added") in seen


def test_places_are_counted_right_by_many_threads(settings):
    settings.EVENT_STREAMS = 50

    def use():
        for _ in range(50):
            stream = Stream(lambda: ({}, True), "")
            stream.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Every place is free again, and no more than there are.
    heard = [Stream(lambda: ({}, True), "") for _ in range(50)]
    with pytest.raises(StreamsFull):
        Stream(lambda: ({}, True), "")
    for stream in heard:
        stream.close()
