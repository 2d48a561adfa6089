"""What cannot be deleted says why, and what to do instead, each kind in its words."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.in_use import KINDS
from tests import factories
from trackers.models import Tracker
from trackers.services.seeds import trackers_seed

pytestmark = pytest.mark.django_db


def library():
    release = factories.ReleaseFactory(title="The Book")
    return release.library, "The Book"


def client_in_use():
    seeder = factories.TorrentClientFactory()
    return factories.LibraryFactory(
        name="Novels", torrent_client=seeder
    ).torrent_client, "Novels"


def tracker():
    upload = factories.UploadFactory(release__title="The Book", tracker__name="Wren")
    return upload.tracker, "The Book → Wren"


def release():
    upload = factories.UploadFactory(release__title="The Book", tracker__name="Wren")
    return upload.release, "The Book → Wren"


MADE = {
    "releases.library": library,
    "releases.torrentclient": client_in_use,
    "releases.release": release,
    "trackers.tracker": tracker,
}


@pytest.fixture
def admin(client, people):
    client.force_login(people["admin"])
    return client


@pytest.mark.parametrize("way", ["page", "list"])
@pytest.mark.parametrize("kind", MADE)
def test_the_page_says_why_and_what_to_do_instead(admin, kind, way):
    row, named = MADE[kind]()
    name = kind.replace(".", "_")
    if way == "page":
        answer = admin.get(reverse(f"admin:{name}_delete", args=[row.pk]))
    else:
        data = {"action": "delete_selected", "_selected_action": row.pk}
        answer = admin.post(reverse(f"admin:{name}_changelist"), data)
    text = unescape(answer.content.decode())

    assert KINDS[kind].why in text
    assert KINDS[kind].next in text
    assert "is in use" in text
    assert f">{named}</a>" in text
    assert "permission" not in text
    assert "protected" not in text
    assert 'value="yes"' not in text, "there is nothing to confirm"


@pytest.mark.parametrize("kind", MADE)
def test_a_forged_confirmation_deletes_nothing(admin, kind):
    row, _named = MADE[kind]()
    name = kind.replace(".", "_")
    admin.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"})
    row.refresh_from_db()


@pytest.mark.parametrize("kind", ["releases.library", "trackers.tracker"])
def test_of_many_rows_the_first_are_named_and_none_is_read_whole(admin, kind):
    row, _named = MADE[kind]()
    url = reverse(f"admin:{kind.replace('.', '_')}_delete", args=[row.pk])
    admin.get(url)
    with CaptureQueriesContext(connection) as few:
        admin.get(url)
    if kind == "releases.library":
        factories.ReleaseFactory.create_batch(24, library=row)
    else:
        factories.UploadFactory.create_batch(24, tracker=row)
    with CaptureQueriesContext(connection) as many:
        text = admin.get(url).content.decode()

    assert "and 5 more" in text
    assert len(many) == len(few) + 1, "to count them"
    heavy = ("torrent_file", "payload", "metadata", "given_torrent")
    assert not [one["sql"] for one in many if any(name in one["sql"] for name in heavy)]


def test_what_nothing_stands_on_is_asked_about_as_ever(admin):
    row = factories.TrackerFactory(name="Wren")
    url = reverse("admin:trackers_tracker_delete", args=[row.pk])
    assert 'value="yes"' in admin.get(url).content.decode()
    admin.post(url, {"post": "yes"})
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_a_tracker_with_templates_and_accounts_takes_them_along(admin):
    trackers_seed()
    factories.CredentialFactory(tracker__name="Wren")
    url = reverse("admin:trackers_tracker_changelist")
    chosen = list(Tracker.objects.values_list("pk", flat=True))
    admin.post(
        url, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    )
    assert not Tracker.objects.exists()


# --- people ----------------------------------------------------------------------------
@pytest.fixture
def leaver():
    return factories.UserFactory(username="leaver", role="approver")


def warnings(admin, person):
    url = reverse("admin:auth_user_delete", args=[person.pk])
    text = unescape(admin.get(url).content.decode())
    assert 'value="yes"' in text
    return re.findall(r'<p class="hd-alert hd-alert--warn">([^<]*)</p>', text)


def test_a_person_who_did_things_is_better_switched_off(admin, leaver):
    assert warnings(admin, leaver) == []
    factories.ReleaseFactory().events.create(new="ready", actor=leaver)
    (said,) = warnings(admin, leaver)
    assert said.startswith("What leaver did stays in the history, but no longer under")
    assert "untick “Active” on its page" in said


def test_a_person_whose_own_account_is_a_trackers_last_one_says_so(admin, leaver):
    own = factories.CredentialFactory(owner=leaver, tracker__name="Wren")
    factories.UploadFactory(
        tracker=own.tracker,
        status="pending",
        approved_digest="d",
        approved_by=leaver,
    )
    assert warnings(admin, leaver) == [
        "Without it, nothing can be sent to Wren: no other account can be used there. "
        "1 approved upload waits until there is one."
    ]


def test_a_person_with_everything_of_their_own_can_be_deleted(admin, leaver):
    signed_in = Client()
    signed_in.force_login(leaver)
    signed_in.get(reverse("admin:index"))
    leaver.saved_views.create(name="Mine", query="q=x")
    factories.CredentialFactory(owner=leaver)
    url = reverse("admin:auth_user_delete", args=[leaver.pk])
    admin.post(url, {"post": "yes"})
    assert not type(leaver).objects.filter(pk=leaver.pk).exists()
