"""What a row keeps is English, also when somebody who reads German caused it."""

import pytest
from django.apps import apps
from django.utils import translation

from releases.models import Release
from releases.services.amending import release_correct
from releases.services.clients import client_save, client_test
from releases.services.edits import release_undo
from releases.services.ingest import release_create
from releases.services.lifecycle import release_mark_rejected, release_reopen
from releases.services.prepare import prepare_cancel, prepare_request
from releases.services.remerge import release_override
from releases.services.watches import candidate_reset
from releases.states import ReleaseState
from tests import factories
from tests.marking import OPEN

pytestmark = pytest.mark.django_db


def kept():
    """Everything that the app's tables hold."""
    return "\n".join(
        str(row)
        for model in apps.get_app_config("releases").get_models()
        for row in model._default_manager.values()
    )


@pytest.fixture(autouse=True)
def _german(marked_german):
    with translation.override("de"):
        assert OPEN in translation.gettext("Somebody")
        yield


def test_what_people_do_to_a_release_is_kept_in_english(folder, prepare, people):
    who = people["admin"].pk
    release = prepare(release_create(path=str(folder), actor_id=who, reason="Asked."))
    release_override(release_id=release.pk, changes={"title": "Other"}, actor_id=who)
    edit = release.acts.edits().get()
    release_undo(release_id=release.pk, edit_id=edit.pk, actor_id=who)
    release_mark_rejected(release_id=release.pk, actor_id=who, note="No.")
    release_reopen(release_id=release.pk, actor_id=who)
    release_correct(release_id=release.pk, kind="music", actor_id=who)
    prepare_request(release.pk, actor_id=who)
    Release.objects.filter(pk=release.pk).update(state=ReleaseState.PREPARING)
    prepare_cancel(release.pk, actor_id=who)
    assert "Reopened by hand." in kept()
    assert OPEN not in kept()


def test_a_preparation_that_fails_is_told_in_english(folder, prepare):
    release = release_create(path=str(folder))
    for file in folder.iterdir():
        file.unlink()
    prepare(release)
    assert release.state == ReleaseState.FAILED
    assert "There is nothing to publish" in kept()
    assert OPEN not in kept()


def test_a_candidate_that_is_looked_at_again_says_so_in_english(watch):
    candidate_reset(watch.candidates.create(path="A Book").pk)
    assert "It is looked at again." in kept()
    assert OPEN not in kept()


def test_what_a_test_of_a_client_said_is_kept_in_english():
    client = factories.TorrentClientFactory(url="http://127.0.0.1:9/")  # nobody there
    client_test(client)
    assert client.check_message
    assert OPEN not in kept()
    client.url = "http://127.0.0.1:10/"
    client_save(client)
    assert "The address changed" in kept()
    assert OPEN not in kept()
