"""A release on two trackers of the sandbox, approved or about to be."""

import pytest
from django.utils import timezone

from releases.models import Release
from tests.unit.uploads.services.searches import make_twin, want
from uploads.models import Upload
from uploads.services.approval import release_approve


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
