"""Clients of the API, one for each role."""

from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from rest_framework.test import APIClient

from releases.models import Release, SavedView, WatchFolder
from tests import factories
from trackers.models import Template
from uploads.models import ApprovalRule, Upload, Webhook
from uploads.services.searching import search_want

ROLES = ("viewer", "preparer", "approver", "admin")


@pytest.fixture
def open_connection(db):
    """A request that ends does not close the connection of the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def api(people):
    """`api("approver")` is that person's client; `api()` is nobody's."""

    def client(role=""):
        found = APIClient()
        if role:
            found.force_authenticate(people[role])
        return found

    return client


@pytest.fixture
def rows(people):
    """One row of everything, with its id under the name of its address."""
    client = factories.TorrentClientFactory(login={"password": "pl41n-client-password"})
    library = factories.LibraryFactory(torrent_client=client)
    release = factories.ReleaseFactory(
        library=library, created_by=people["preparer"], metadata={"title": {"value": 1}}
    )
    tracker = factories.TrackerFactory()
    credential = factories.CredentialFactory(
        tracker=tracker,
        values={"api_key": "pl41n-api-key-value", "passkey": "pl41npasskey0123456789"},
    )
    upload = factories.UploadFactory(release=release, tracker=tracker)
    template = Template.objects.create(slug="one", name="One", family="gazelle")
    template.versions.create(number=1, fields={"title": "{{ title }}{{ mood }}"})
    hook = Webhook.objects.create(
        name="hook",
        url="http://127.0.0.1:9/hook",
        events=["failed"],
        signing={"secret": "pl41n-signing-secret"},
    )
    delivery = hook.deliveries.create(number="evt_1", event="failed", body="{}")
    return {
        "webhooks": hook,
        "deliveries": delivery,
        "releases": release,
        "uploads": upload,
        "trackers": tracker,
        "credentials": credential,
        "templates": template,
        "libraries": library,
        "approval-rules": ApprovalRule.objects.create(name="Mine"),
        "watch-folders": WatchFolder.objects.create(library=library),
        "clients": client,
        "saved-views": SavedView.objects.create(
            user=people["admin"], name="Ready", query="state=ready"
        ),
    }


@pytest.fixture
def folder(desk):
    return next(p for p in Path(desk.library.path).iterdir() if "Wells" in p.name)


@pytest.fixture
def prepared(desk, prepared_rows, people):
    """The id of a release as a preparer brings one; prepared as a worker does."""
    prepared_rows.book(desk)
    Release.objects.update(created_by=people["preparer"])
    for draft in Upload.objects.select_related("tracker", "release"):
        search_want(draft)
    return Release.objects.get().pk
