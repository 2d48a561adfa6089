"""A key without a passkey: the tracker is asked for it before anything is sent."""

import pytest

from tests.driving import pass_time, work
from tests.interrupting import calling
from trackers.models import Credential
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.claiming import claim_next, upload_put_back
from uploads.services.running import upload_run

pytestmark = pytest.mark.django_db


def forget_passkey(site, **values):
    credential = Credential.objects.get(tracker__slug=site)
    credential.values = {"api_key": credential.values["api_key"], **values}
    credential.save()
    return credential


def test_the_passkey_is_learned_and_the_upload_goes_on(desk, sandbox):
    credential = forget_passkey("red")
    release = desk.prepare()
    release_approve(release_id=release.pk, actor_id=None)
    work()
    assert Upload.objects.get(tracker__slug="red").status == "success"
    credential.refresh_from_db()
    assert credential.values["passkey"] == sandbox.passkey("red")


def test_without_an_answer_the_upload_waits_and_says_why(desk, sandbox):
    forget_passkey("red")
    sandbox.fail("red", "index", "maintenance")
    release = desk.prepare()
    release_approve(release_id=release.pk, actor_id=None)
    work()
    waiting = Upload.objects.get(tracker__slug="red")
    assert (waiting.status, waiting.reason["code"]) == (
        "pending",
        "credential_incomplete",
    )
    assert "lacks a passkey" in waiting.reason["message"]
    assert Upload.objects.get(tracker__slug="ops").status == "success"
    pass_time(61)
    work()
    waiting.refresh_from_db()
    assert waiting.status == "success"
    assert len(sandbox.uploads("red")) == 1


def test_a_site_is_asked_for_its_passkey_after_all_others_were_served(
    approved, sandbox
):
    """However long it takes to answer, nobody else waits for it."""
    first = claim_next()
    assert first
    upload_put_back(first, why="Later.", code="later")
    forget_passkey(first.tracker.slug)
    second = claim_next()
    assert second
    assert second.tracker != first.tracker
    assert sandbox.requests() == []
    upload_run(second)
    third = claim_next()
    assert third is None, "held while it is asked"
    pass_time(61)
    third = claim_next()
    assert third
    assert third.tracker == first.tracker


def test_two_workers_do_not_ask_at_the_same_time(approved, sandbox):
    for site in ("red", "ops"):
        forget_passkey(site)
    with calling(
        lambda: claim_next(), "call", "trackers.services.credentials.credential_test"
    ):
        assert claim_next()
    assert len(sandbox.requests("red", "index")) <= 1
    assert len(sandbox.requests("ops", "index")) <= 1
