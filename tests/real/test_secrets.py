"""A secret never leaves the vault: planted ones are looked for everywhere.

Real workers send to a real sandbox and to a site that says back all it was told; a real
qBittorrent seeds; a person walks through every page of the admin and the API.
"""

import io
import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from common.keys import KeySources, load_ring
from common.logs import LineHandler
from common.queue import enqueue
from config.apps import remember_settings
from releases.models import TorrentClient
from releases.services.clients import client_password, client_test
from tests import factories
from tests.far_end import far_end, http_answer
from tests.hunting import database, files, leaks, queue
from tests.interrupting import raising
from tests.planting import PASSWORD, SECRETS, SECRETS_OF, publish
from tests.publishing import desk_at
from trackers.models import Credential, TemplateChoice, Tracker
from trackers.services.credentials import credential_test
from uploads.models import Upload, UploadAttempt

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.qbittorrent,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]


@pytest.fixture
def log():
    """What this process's log handler writes, as it writes it."""
    root = logging.getLogger()
    (real,) = [one for one in root.handlers if isinstance(one, LineHandler)]
    stream = io.StringIO()
    handler = LineHandler(stream)
    handler.setFormatter(real.formatter)
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.fixture
def echo():
    """A site that answers every request with all it was told."""

    def answer(connection, request, number):
        told = request.decode("latin-1")
        if b"action=upload" in request:
            body = json.dumps({"status": "failure", "error": f"Bad request: {told}"})
            connection.sendall(http_answer(body.encode("latin-1", "replace")))
        else:
            page = f"<html><pre>{told}</pre></html>".encode("latin-1", "replace")
            connection.sendall(http_answer(page, "500 Oops"))

    with far_end(answer) as far:
        yield far


def account(site, tracker, **values):
    return Credential.objects.create(tracker=tracker, label=site, values=values)


@pytest.fixture
def desk(sandbox, tmp_path, echo, qbittorrent):
    """RED, OPS and the echo, each with planted secrets, and a torrent client."""
    desk = desk_at(sandbox, tmp_path / "desk")
    Credential.objects.all().delete()
    for site in ("red", "ops"):
        key, passkey = SECRETS_OF[site]
        sandbox.add_account(site, "planted", key=key, passkey=passkey)
        account(site, desk.trackers[site], api_key=key, passkey=passkey)
    replaced = Credential.objects.get(tracker__slug="red")
    replaced.values = {**replaced.values, "api_key": SECRETS["a key that was replaced"]}
    replaced.save()
    replaced.values = {**replaced.values, "api_key": SECRETS["RED's key"]}
    replaced.save()
    third = Tracker.objects.create(
        slug="echo",
        name="Echo",
        family="gazelle",
        base_url=echo.url,
        announce_url=echo.url + "/announce/{passkey}",
        source_flag="ECHO",
        options={"dialect": "red"},
    )
    choice = TemplateChoice.objects.get(tracker__slug="red")
    TemplateChoice.objects.create(
        tracker=third, kind=choice.kind, template=choice.template
    )
    account(
        "echo",
        third,
        api_key=SECRETS["the echo's key"],
        passkey=SECRETS["the echo's passkey"],
    )
    qbittorrent.api().app_set_preferences(
        {"web_ui_password": SECRETS["the client's password"]}
    )
    client = TorrentClient.objects.create(
        name="qBittorrent", url=qbittorrent.url, username=qbittorrent.username
    )
    client_password(client, SECRETS["the client's password"])
    desk.library.torrent_client = client
    desk.library.save()
    yield desk
    changed = replace(qbittorrent, password=SECRETS["the client's password"])
    changed.api().app_set_preferences({"web_ui_password": qbittorrent.password})


def every_admin_page(client, log):
    """Lists, forms, histories, and a form that is refused with a secret in it."""
    yield "/admin/", client.get("/admin/")
    for model, model_admin in admin.site._registry.items():
        info = f"{model._meta.app_label}_{model._meta.model_name}"
        paths = [f"admin:{info}_changelist", f"admin:{info}_add"]
        for name in paths:
            try:
                path = reverse(name)
            except NoReverseMatch:
                continue
            yield path, client.get(path)
        for row in model._default_manager.all()[:20]:
            for name in ("change", "history"):
                try:
                    path = reverse(f"admin:{info}_{name}", args=[row.pk])
                except NoReverseMatch:
                    continue
                yield path, client.get(path)
        del model_admin


def every_api_answer(client):
    """Lists, single rows, and what is said to requests that are refused."""
    index = client.get("/api/").json()
    for url in index.values():
        path = url.partition("//")[2].partition("/")[2]
        answer = client.get(f"/{path}")
        yield f"/{path}", answer
        for row in answer.json()["results"][:20]:
            yield f"/{path}{row['id']}/", client.get(f"/{path}{row['id']}/")
    for path in ("/api/schema/", "/api/analytics/trackers/", "/readyz", "/healthz"):
        yield path, client.get(path)
    red = "red"
    key, passkey = SECRETS_OF["red"]
    for body in (
        {"tracker": red, "label": "", "values": {"api_key": key}},
        {"tracker": red, "label": "x", "values": {"api_key": key, "odd": passkey}},
        {"tracker": key, "label": {"a": passkey}, "values": [key]},
        f'{{"values": {{"api_key": "{key}"',
    ):
        content = body if isinstance(body, str) else json.dumps(body)
        answer = client.post(
            "/api/credentials/", content, content_type="application/json"
        )
        assert answer.status_code == 400
        yield "a refused credential", answer
    made = client.post(
        "/api/credentials/",
        json.dumps({"tracker": red, "label": "made", "values": {"api_key": key}}),
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    yield "a credential that was made", made
    path = f"/api/credentials/{made.json()['id']}/"
    yield "a credential that was tested", client.post(f"{path}test/")
    yield "a credential that is gone", client.delete(path)


def places_of_answers(answers):
    for where, answer in answers:
        assert answer.status_code < 500, (where, answer.content[:500])
        yield f"answer of {where}", answer.getvalue()
        yield f"headers of {where}", str(answer.headers).encode()


def broken_pages(client):
    """A page that fails with a secret in the error, for people and for programs."""
    client.raise_request_exception = False
    # What this process has in memory. Of a password it only keeps the hash.
    known = " ".join(set(SECRETS.values()) - {PASSWORD})
    for place, path in (
        ("config.health.healthz", "/healthz"),
        ("uploads.services.heartbeat.heartbeat_age", "/readyz"),
        ("uploads.analytics.trackers.tracker_figures", "/api/analytics/trackers/"),
    ):
        with raising(ValueError(known), "call", place):
            answer = client.get(path)
        assert answer.status_code == 500
        assert b"Traceback" not in answer.content
        assert b"ValueError" not in answer.content
        yield f"the error page of {path}", answer.content
    client.raise_request_exception = True


def test_no_secret_is_found_anywhere(desk, sandbox, workers, client, log, tmp_path):
    assert not settings.DEBUG
    # As at the start of a process: each test begins with nothing known.
    remember_settings()
    load_ring(KeySources(**settings.HERALD_KEYS), Path(settings.DATA_DIR))
    release = publish(desk, sandbox, workers)
    for tracker in Tracker.objects.all():
        for row in tracker.credentials.all():
            credential_test(row)
    assert client_test(TorrentClient.objects.get()).ok

    factories.UserFactory(username="root", is_superuser=True, password=PASSWORD)
    signed_in = client.post(
        "/admin/login/", {"username": "root", "password": PASSWORD, "next": "/admin/"}
    )
    assert signed_in.status_code == 302
    wrong = client.post(
        "/api/auth/login/",
        {"username": "root", "password": PASSWORD + "!"},
        content_type="application/json",
    )
    assert wrong.status_code == 400
    login = client.post(
        "/api/auth/login/",
        {"username": "root", "password": PASSWORD},
        content_type="application/json",
    )
    token = login.json()["token"]
    session = client.cookies["sessionid"].value
    enqueue("uploads.tasks.work", upload_id=Upload.objects.values_list("pk")[0][0])

    places = [
        *places_of_answers([("a refused login", wrong)]),
        *places_of_answers(every_admin_page(client, log)),
        *places_of_answers(every_api_answer(client)),
        *broken_pages(client),
    ]
    client.logout()
    by_token = {"HTTP_AUTHORIZATION": f"Token {token}"}
    with raising(
        ValueError("broken"), "call", "uploads.analytics.trackers.tracker_figures"
    ):
        client.raise_request_exception = False
        places.append(
            (
                "an error told to a program",
                client.get("/api/analytics/trackers/", **by_token).content,
            )
        )
    workers.kill_all()
    places += [
        ("the workers' log", workers.log().encode()),
        ("the log of this process", log.getvalue().encode()),
        *database(),
        *queue(),
        *(
            place
            for place in files(Path(settings.DATA_DIR))
            if "sqlite3" not in place[0]
        ),
    ]
    assert "Traceback" in workers.log()
    assert "Traceback" in log.getvalue()
    assert UploadAttempt.objects.filter(answer__contains="redacted").exists()
    assert release.pk
    assert len(places) > 200
    found = leaks(SECRETS, places)
    assert not found, "\n".join(found)
    elsewhere = [place for place in places if "django_session" not in place[0]]
    outside = [place for place in elsewhere if not place[0].startswith("database")]
    assert leaks({"the session": session, "the token": token}, outside) == []
