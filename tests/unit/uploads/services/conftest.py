"""A release on two trackers of the sandbox, approved or about to be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases.models import Release
from tests.factories import UploadFactory
from tests.unit.uploads.services.answers import ask
from tests.unit.uploads.services.searches import make_twin, want
from uploads.hooks import HOOK_EVENTS
from uploads.models import Upload, Webhook
from uploads.services import noticing
from uploads.services.approval import release_approve
from uploads.services.hooking import webhook_secret


@pytest.fixture
def ready(quick_desk):
    """The release, whose drafts wait for approval."""
    return Release.objects.get()


@pytest.fixture
def approved(ready):
    """The same, approved for both trackers and due."""
    release_approve(release_id=ready.pk, actor_id=None)
    ready.refresh_from_db()
    return ready


@pytest.fixture
def upload(ready):
    """Fetch one tracker's upload afresh."""

    def fetch(site):
        return Upload.objects.select_related("tracker").get(
            release=ready, tracker__slug=site
        )

    return fetch


@pytest.fixture
def trusted(quick_desk):
    """Prepared just now, with a draft for each of two trackers and no warnings."""
    Upload.objects.update(problems=[])
    Release.objects.update(prepared_at=timezone.now(), notices=[])
    return Release.objects.get()


@pytest.fixture
def wanted(ready, upload):
    """Both drafts, for which their trackers are to be asked."""
    return [want(upload(site)) for site in ("red", "ops")]


@pytest.fixture
def twin(wanted, quick_desk):
    """Another release whose draft for RED is to be asked for as well."""
    return make_twin(quick_desk.trackers["red"])


@pytest.fixture
def hooks_at_once(monkeypatch, settings):
    """Events count as settled at once, and a loopback address is allowed."""
    monkeypatch.setattr(noticing, "SETTLED", timedelta(seconds=-5))
    settings.WEBHOOK_PRIVATE = True
    settings.HERALD_URL = "https://herald.example"


@pytest.fixture
def hook(httpserver):
    row = Webhook.objects.create(
        name="ci", url=httpserver.url_for("/hook"), events=list(HOOK_EVENTS)
    )
    webhook_secret(row)
    return row


@pytest.fixture
def queued(hook):
    """A delivery that waits."""
    return hook.deliveries.create(
        number="evt_1", event="failed", body='{"id": "evt_1"}'
    )


@pytest.fixture
def queue(quick_desk, approved):
    """Add due uploads to RED that nobody will send; gives their ids, oldest first."""

    def add(count, **values):
        return [
            UploadFactory(
                tracker=quick_desk.trackers["red"],
                status="pending",
                approved_at=approved.created_at,
                **values,
            ).pk
            for _ in range(count)
        ]

    Upload.objects.all().delete()
    return add


@pytest.fixture
def asked(approved, sandbox, upload):
    """RED stored it and said nothing; OPS took it."""
    return ask(sandbox, upload, "red")
