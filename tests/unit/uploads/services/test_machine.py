"""Anything in any order: each approved upload is on its tracker once, or waits."""

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from releases.models import Release
from releases.services.remerge import release_override
from tests.driving import LIVE, drive, pass_time
from tests.interrupting import Killed, bury, dead_worker, raising
from tests.sandbox import SandboxControl
from trackers.models import Credential
from trackers.services.credentials import credential_resume
from uploads.errors import UploadError
from uploads.models import Upload, UploadAttempt, UploadEvent
from uploads.services.answering import upload_send_again
from uploads.services.approval import release_approve
from uploads.services.drafting import drafts_renew
from uploads.services.queueing import upload_cancel, upload_retry
from uploads.services.recovery import uploads_sweep
from uploads.services.running import uploads_work
from uploads.services.settling import upload_settle
from uploads.states import UploadStatus, check_move, is_question

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(600)]

SITES = st.sampled_from(("red", "ops"))
FAULTS = st.sampled_from(
    (
        "",
        "refuse",
        "forbidden",
        "bad-key",
        "rate-limit",
        "server-error",
        "server-error-after",
        "html-after",
        "empty",
        "drop-before",
        "drop-after",
        "reset",
    )
)
QUESTION_FAULTS = st.sampled_from(
    ("", "", "server-error", "drop-before", "html", "bad-key")
)
PLACES = st.sampled_from(
    (
        *([None] * 8),
        ("return", "uploads.services.claiming.upload_claim"),
        ("return", "uploads.services.attempts.attempt_open"),
        ("return", "uploads.services.attempts.attempt_sending"),
        ("call", "http.client.getresponse"),
        ("return", "trackers.adapters.http.send_upload"),
        ("call", "uploads.services.success.upload_succeeded"),
        ("call", "uploads.services.looking.look_for"),
        ("return", "trackers.adapters.gazelle.adapter.find_existing"),
    )
)


class Uploads(RuleBasedStateMachine):
    """One release on two trackers; `begin` gives the sandbox and a dead worker's id."""

    sandbox: SandboxControl
    dead: str

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.first = transaction.savepoint()
        self.release = Release.objects.get()
        self.start()

    def start(self):
        """Another life: the release is approved, and nothing was sent yet."""
        transaction.savepoint_rollback(self.first)
        self.sandbox.reset()
        self.sandbox.options(limits=False)
        self.closed: dict[int, tuple[object, ...]] = {}
        self.given_up: set[str] = set()
        self.edits = self.cancels = 0
        release_approve(release_id=self.release.pk, actor_id=None)

    def end(self):
        """Let it come to its end, whatever state it is in."""
        self.sandbox.heal()
        for paused in Credential.objects.exclude(paused_at=None):
            credential_resume(paused)
        drive()
        self.nothing_is_sent_twice()
        self.exactly_once_or_a_reason()

    def teardown(self):
        try:
            self.end()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def upload(self, site):
        rows = Upload.objects.filter(tracker__slug=site)
        return rows.exclude(status="cancelled").first()

    # --- What people do ---------------------------------------------------------

    @rule(chosen=st.sampled_from((["red"], ["ops"], ["red", "ops"])))
    def approve(self, chosen):
        drafts_renew(self.release.pk)
        self._approve(chosen)

    def _approve(self, chosen):
        rows = [self.upload(site) for site in chosen]
        try:
            release_approve(
                release_id=self.release.pk,
                actor_id=None,
                upload_ids=[row.pk for row in rows if row],
            )
        except UploadError as exc:
            assert exc.code == "nothing_to_approve"

    @precondition(lambda self: self.edits < 1)
    @rule()
    def edit(self):
        self.edits += 1
        release_override(
            release_id=self.release.pk,
            changes={"title": "Another Title"},
            actor_id=None,
        )

    @precondition(lambda self: Upload.objects.filter(status="failed").exists())
    @rule(give_up=st.booleans())
    def decide(self, give_up):
        for upload in Upload.objects.filter(status="failed"):
            if give_up:
                upload_cancel(upload_id=upload.pk)
                if upload.attempts.exclude(sending_at=None).exists():
                    # It may be there: a new upload of it may meet a duplicate.
                    self.given_up.add(upload.tracker.slug)
            elif is_question(upload.status, upload.reason):
                upload_send_again(upload_id=upload.pk)
            else:
                upload_retry(upload_id=upload.pk)

    @precondition(lambda self: self.cancels < 1)
    @rule(site=SITES)
    def cancel_in_time(self, site):
        upload = self.upload(site)
        if upload and upload.status == "pending" and upload.attempts.count() == 0:
            self.cancels += 1
            upload_cancel(upload_id=upload.pk)

    @precondition(lambda self: Credential.objects.exclude(paused_at=None).exists())
    @rule()
    def resume(self):
        for paused in Credential.objects.exclude(paused_at=None):
            credential_resume(paused)

    # --- What workers do, and what trackers do to them --------------------------

    @rule(red=FAULTS, ops=FAULTS, place=PLACES)
    def work(self, red, ops, place):
        if not Upload.objects.filter(status__in=(*LIVE, "failed")).exists():
            self.end()
            self.start()
        self.sandbox.heal()
        for site, fault in (("red", red), ("ops", ops)):
            if fault:
                self.sandbox.fail(site, "upload", fault, seconds=30)
        self._unless_killed(place, uploads_work)

    @rule(fault=QUESTION_FAULTS, place=PLACES, seconds=st.sampled_from((5, 40, 4000)))
    def settle(self, fault, place, seconds):
        pass_time(seconds)
        self.sandbox.heal()
        if fault:
            self.sandbox.fail("*", "torrent", fault)
        self._unless_killed(place, self._settle)

    def _settle(self):
        for pk in Upload.objects.filter(status="unknown").values_list("pk", flat=True):
            upload_settle(pk)

    def _unless_killed(self, place, action):
        try:
            if place:
                with raising(Killed(), *place):
                    action()
            else:
                action()
        except Killed:
            bury(self.dead)

    @rule()
    def sweep(self):
        uploads_sweep()

    # --- What always holds ------------------------------------------------------

    @invariant()
    def attempts_only_grow(self):
        fields = ("pk", "outcome", "phase", "message", "decision", "finished_at")
        now = {row[0]: row for row in UploadAttempt.objects.values_list(*fields)}
        for pk, before in self.closed.items():
            assert now[pk] == before, "a closed attempt changed"
        self.closed = {pk: row for pk, row in now.items() if row[1]}

    @invariant()
    def every_move_is_legal_and_recorded(self):
        for upload in Upload.objects.all():
            status = ""
            for old, new in UploadEvent.objects.filter(upload=upload).values_list(
                "old", "new"
            ):
                assert old == status
                if old and old != new:
                    check_move(old, new)
                status = new
            assert upload.status == status

    @invariant()
    def nothing_is_sent_twice(self):
        for site in ("red", "ops"):
            assert len(self.sandbox.uploads(site)) <= 1
            refused = UploadAttempt.objects.filter(
                upload__tracker__slug=site, outcome="duplicate"
            )
            assert site in self.given_up or not refused.exists(), (
                "it was sent although it was there"
            )

    def exactly_once_or_a_reason(self):
        for upload in Upload.objects.exclude(status="draft"):
            stored = self.sandbox.uploads(upload.tracker.slug)
            if upload.status == UploadStatus.SUCCESS:
                assert [str(row["id"]) for row in stored] == [upload.remote_id]
            elif upload.status == UploadStatus.FAILED:
                assert upload.reason["message"]
                assert upload.reason["remedy"]
            else:
                assert upload.status == UploadStatus.CANCELLED
        assert not Upload.objects.exclude(claimed_by="").exists()
        assert not UploadAttempt.objects.filter(outcome="").exists()


def test_any_order_of_events_ends_in_exactly_one_upload_or_a_reason(
    quick_desk, sandbox
):
    Uploads.sandbox = sandbox
    Uploads.dead = dead_worker()
    run_state_machine_as_test(
        Uploads,
        settings=settings(max_examples=14, stateful_step_count=20, deadline=None),
    )
