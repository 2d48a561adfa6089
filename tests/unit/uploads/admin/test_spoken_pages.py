"""What pages show of what rows keep comes in the person's language."""

import pytest
from django.utils import timezone

from releases.clients import words
from tests import factories
from trackers.adapters import words as sites
from uploads.models import Trouble
from uploads.services import troubles
from uploads.services.heartbeat import heartbeat_write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("marked_german")]

GERMAN = {"accept-language": "de"}


@pytest.fixture
def page(client, people):
    """The text of a page as an admin reads it in German."""
    client.force_login(people["admin"])

    def ask(address):
        answer = client.get(address, headers=GERMAN)
        assert answer.status_code == 200, address
        return answer.content.decode().replace("&#x27;", "'")

    return ask


def test_the_dashboard_says_how_worker_and_disk_are(page):
    heartbeat_write()
    text = page("/admin/")
    assert "⟦A worker started a task" in text
    assert " are free in the data folder.⟧" in text


def test_a_trouble_is_said_on_the_dashboard_and_in_the_list(page):
    heartbeat_write()
    kept = troubles.SEVERAL_WAIT % {"tracker": "Redacted", "count": 3}
    row = Trouble.objects.create(
        code="tracker_down", message=kept, remedy=troubles.THEY_GO_ON
    )
    for address in (
        "/admin/",
        "/admin/uploads/trouble/",
        f"/admin/uploads/trouble/{row.pk}/change/",
    ):
        text = page(address)
        assert f"⟦{kept}⟧" in text
        assert f"⟦{troubles.THEY_GO_ON}⟧" in text


def test_a_client_says_what_its_last_test_brought(page):
    kept = words.NOBODY_THERE % {"client": "Box"}
    client = factories.TorrentClientFactory(
        check_ok=False, check_message=kept, checked_at=timezone.now()
    )
    for address in ("", f"{client.pk}/change/"):
        assert f"⟦{kept}⟧" in page(f"/admin/releases/torrentclient/{address}")


def test_an_account_says_why_it_is_paused_and_what_a_test_brought(page):
    kept = sites.REFUSED_KEY % {"site": "Redacted"}
    account = factories.CredentialFactory(
        paused_at=timezone.now(), paused_reason=kept, check_ok=False, check_message=kept
    )
    for address in (
        "/admin/",
        "/admin/trackers/credential/",
        f"/admin/trackers/credential/{account.pk}/change/",
        f"/admin/trackers/tracker/{account.tracker_id}/change/",
    ):
        assert f"⟦{kept}⟧" in page(address), address
