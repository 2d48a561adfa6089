"""Secrets to be looked for, and a release that meets every trouble with them."""

from django.conf import settings
from django_q.models import Failure

from common.queue import enqueue
from tests.workers import wait_until
from trackers.models import Credential
from uploads.models import Upload
from uploads.services.approval import release_approve

PASSWORD = "planted/login+password=&<word>"
SECRETS = {
    "RED's key": "planted-RED-key/9f+Zq=&x",
    "RED's passkey": "9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d",
    "OPS' key": "planted-OPS-key/5d+Yq==",
    "OPS' passkey": "1f2e3d4c5b6a79881f2e3d4c5b6a7988",
    "the echo's key": "planted-ECHO-key/3b+Xq=",
    "the echo's passkey": "77665544332211007766554433221100",
    "a key that was replaced": "planted-OLD-key/1a+Wq=",
    "a key that was refused": "planted-BAD-key/2c+Vq=",
    "the client's password": "planted/client+password=&<x>",
    "the login's password": PASSWORD,
    "the master key": settings.HERALD_KEYS["text"].partition(":")[2],
    "Django's key": settings.SECRET_KEY,
}


SECRETS_OF = {
    "red": (SECRETS["RED's key"], SECRETS["RED's passkey"]),
    "ops": (SECRETS["OPS' key"], SECRETS["OPS' passkey"]),
}


def publish(desk, sandbox, workers):
    """Everything that can go wrong, then what goes right."""
    key, passkey = SECRETS_OF["red"]
    said = f"The key {key} of {passkey} is wrong: /announce/{passkey}?torrent_pass={passkey}"
    Credential.objects.filter(tracker__slug="ops").update(takes_over=True)
    refused = Credential.objects.create(
        tracker=desk.trackers["ops"],
        label="refused",
        priority=1,
        values={"api_key": SECRETS["a key that was refused"], "passkey": "0" * 32},
    )
    sandbox.fail("red", "upload", "refuse", message=said)
    sandbox.fail("red", "announce", "refuse", times=2, message=said)
    release = desk.prepare()
    release_approve(release_id=release.pk, actor_id=None)
    workers.start(
        "-m",
        "tests.failing",
        "call",
        "uploads.services.readiness.approved_payload",
        FAILING_TEXT="With {adapter._credential} for {adapter.site.announce_url}",
        HERALD_LOG_LEVEL="DEBUG",
    )
    wait_until(lambda: not Upload.objects.filter(status="pending").exists())
    wait_until(lambda: "Traceback" in workers.log())
    workers.kill_all()

    from uploads.services.queueing import upload_retry

    Upload.objects.filter(status="uploading").update(claimed_at="2020-01-01T00:00:00Z")
    enqueue("tests.failing.tell", credential_id=refused.pk)
    workers.start(HERALD_LOG_LEVEL="DEBUG")
    wait_until(lambda: Failure.objects.filter(func="tests.failing.tell").exists())
    for _ in range(6):
        wait_until(
            lambda: (
                not Upload.objects.filter(
                    status__in=("pending", "uploading", "unknown")
                ).exists()
            )
        )
        for row in Upload.objects.filter(status="failed").exclude(tracker__slug="echo"):
            upload_retry(upload_id=row.pk)
    wait_until(
        lambda: (
            Upload.objects.filter(seeding="confirmed").count() == 2
            and Upload.objects.filter(tracker__slug="echo", status="failed").exists()
        ),
        seconds=90,
    )
    refused.refresh_from_db()
    assert refused.paused_at, "the refused key was used, and its account paused"
    return release
