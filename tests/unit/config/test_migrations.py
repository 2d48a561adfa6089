"""An update while the queue is full: whatever waits, runs or ended is there after it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from uploads.models import DuplicateSearch, Upload, UploadAttempt
from uploads.services.lanes import due_uploads
from uploads.services.recovery import claims_recover
from uploads.states import Outcome, Phase, UploadStatus

pytestmark = pytest.mark.django_db(transaction=True)
# The first release. Whoever runs it updates to every later one, so this never changes.
FIRST_RELEASE = (
    ("releases", "0003_client_turns"),
    ("trackers", "0003_tracker_concurrency"),
    ("uploads", "0005_name_notification_addresses"),
)
NOTHING = tuple((app, None) for app, _ in FIRST_RELEASE)
PAYLOAD = {"form": [["title", "Ein Büchlein ✓"]], "description": "x" * 5000}


def migrate(targets):
    """Forwards or backwards, as `manage.py migrate` does."""
    MigrationExecutor(connection).migrate(list(targets))


def newest():
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


@pytest.fixture
def first():
    """The first release's models and empty tables; at the end those of this one."""
    try:
        migrate(NOTHING)
        migrate(FIRST_RELEASE)
        loader = MigrationExecutor(connection).loader
        yield loader.project_state(list(FIRST_RELEASE)).apps
    finally:
        newest()


def fill(apps, status):
    """One release with one upload in `status`, as the first release left them."""
    model = apps.get_model
    library, _ = model("releases", "Library").objects.get_or_create(
        name="Books", path="/srv/books"
    )
    tracker, _ = model("trackers", "Tracker").objects.get_or_create(
        slug="red", name="Redacted", family="gazelle", base_url="https://red.test"
    )
    credential, _ = model("trackers", "Credential").objects.get_or_create(
        tracker=tracker, label="mine", defaults={"values": {"api_key": "made-up-key"}}
    )
    release = model("releases", "Release").objects.create(
        library=library, source_path=status, name=status, title=f"A {status} book"
    )
    claimed = status in ("uploading", "unknown")
    upload = model("uploads", "Upload").objects.create(
        release=release,
        tracker=tracker,
        credential=credential,
        status=status,
        reason={"code": "unavailable", "message": "Away."},
        payload=PAYLOAD,
        torrent_file=b"d4:infod0:0:ee\0\xff",
        digest="d" * 64,
        approved_digest="" if status == "draft" else "d" * 64,
        tries=3,
        claimed_by="host:boot.1:1:1" if claimed else "",
        claimed_at=timezone.now() if claimed else None,
        seeding="waiting" if status == "success" else "",
    )
    model("uploads", "UploadAttempt").objects.create(
        upload=upload,
        number=1,
        worker="host:boot.1:1:1",
        credential=credential,
        phase=Phase.SENDING if claimed else Phase.ANSWERED,
        outcome="" if claimed else Outcome.UNAVAILABLE,
        started_at=timezone.now(),
    )
    return upload.pk


def test_a_full_queue_survives_every_migration_since_the_first_release(first):
    kept = {status: fill(first, status) for status in UploadStatus}
    names = [field.name for field in first.get_model("uploads", "Upload")._meta.fields]
    rows = first.get_model("uploads", "Upload").objects.order_by("pk")
    before = [tuple(map(plain, row)) for row in rows.values_list(*names)]
    newest()
    after = Upload.objects.order_by("pk").values_list(*names)
    assert [tuple(map(plain, row)) for row in after] == before
    for status, pk in kept.items():
        upload = Upload.objects.get(pk=pk)
        assert (upload.status, upload.payload) == (status, PAYLOAD)
        assert bytes(upload.torrent_file or b"") == b"d4:infod0:0:ee\0\xff"
        assert upload.credential
        assert upload.credential.values == {"api_key": "made-up-key"}
        assert upload.attempts.get().number == 1
    assert [row.pk for row in due_uploads()] == [kept[UploadStatus.PENDING]]
    claims_recover()
    assert UploadAttempt.objects.count() == len(UploadStatus)
    search = DuplicateSearch.objects.get()
    assert search.upload_id == kept[UploadStatus.DRAFT], "its tracker is asked now"
    assert search.due_at


def test_attempts_learn_their_kind_their_tracker_and_who_approved_them(first):
    people = [
        first.get_model("auth", "User").objects.create(username=name)
        for name in ("ada", "ben")
    ]
    pk = fill(first, UploadStatus.FAILED)
    uploads, attempts, approvals, releases = (
        first.get_model(app, name).objects
        for app, name in (
            *(("uploads", "Upload"), ("uploads", "UploadAttempt")),
            *(("uploads", "Approval"), ("releases", "Release")),
        )
    )
    releases.update(kind="music")
    uploads.update(approved_at=timezone.now())
    noon = timezone.now() - timedelta(days=9)
    for number, person in enumerate(people):
        approval = approvals.create(
            release_id=uploads.get().release_id,
            actor=person,
            decision="approved",
            digests={str(pk): "d"},
        )
        at = noon + timedelta(hours=2 * number)
        approvals.filter(pk=approval.pk).update(decided_at=at)
    for number, hours in ((2, -1), (3, 1), (4, 3)):
        attempts.create(
            upload_id=pk, number=number, started_at=noon + timedelta(hours=hours)
        )
    newest()
    upload = Upload.objects.get()
    assert (upload.kind, upload.approved_by_id) == ("music", people[1].pk)
    found = UploadAttempt.objects.filter(number__gt=1).order_by("number")
    assert [one.approver_id for one in found] == [None, people[0].pk, people[1].pk]
    assert {(one.kind, one.tracker_id) for one in found} == {
        ("music", upload.tracker_id)
    }


def test_uploads_of_before_learn_how_many_errors_and_warnings_they_have(first):
    wrong, sound = (
        fill(first, status) for status in (UploadStatus.DRAFT, UploadStatus.SUCCESS)
    )
    severities = ("warning", "error", "warning")
    rows = first.get_model("uploads", "Upload").objects.filter(pk=wrong)
    rows.update(problems=[{"severity": one, "code": "x"} for one in severities])
    newest()
    counts = Upload.objects.values_list("errors", "warnings")
    assert counts.get(pk=wrong) == (1, 2)
    assert counts.get(pk=sound) == (0, 0)


def plain(value):
    return bytes(value) if isinstance(value, memoryview) else value
