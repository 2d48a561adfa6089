"""Every address of the admin, and a row of everything to open them with."""

import re

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success
from knox.models import AuthToken

from releases.models import (
    MetadataRecord,
    ProviderAnswer,
    ReleaseFile,
    Torrent,
    WatchFolder,
)
from tests import factories
from tests.unit.uploads.admin.conftest import make_book, make_draft
from trackers.models import RequestBudget, Template
from uploads.models import (
    Approval,
    ApprovalRule,
    Heartbeat,
    NotificationTarget,
    Trouble,
    UploadAttempt,
    UploadEvent,
    Webhook,
)


def routes():
    """URL name → pattern below /admin/, each once; redirects without a name are out."""
    return {name: route for route, name in _walk(admin.site.urls[0], "") if name}


def _walk(patterns, prefix):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.name
        else:
            assert isinstance(pattern, URLResolver)
            yield from _walk(pattern.url_patterns, route)


def address(name, rows):
    """Where the page `name` is, about the fitting one of `rows`."""
    route = routes()[name]
    if name == "app_list":
        return "/admin/releases/"
    label = ".".join(route.split("/")[:2])
    values = {"name": "title", "number": 1, "content_type_id": 1}
    values["upload"] = rows.get("uploads.upload", 1)
    values |= dict.fromkeys(("pk", "object_id", "id"), rows.get(label, 1))
    return "/admin/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route
    )


def rows_of_everything(folder, owner):
    """One row of every model in the admin: `app.model` → its key."""
    client = factories.TorrentClientFactory()
    release = make_book(folder)
    release.library.torrent_client = client
    release.library.save()
    tracker = factories.TrackerFactory(name="Bluebird")
    credential = factories.CredentialFactory(tracker=tracker)
    upload = make_draft(
        release,
        tracker,
        credential=credential,
        problems=[("error", "The year is missing."), ("warning", "No cover.")],
    )
    now = timezone.now()
    template = Template.objects.create(
        slug="one", name="One", family="gazelle", kind="audiobook"
    )
    version = template.versions.create(
        number=1, fields={"title": "{{ title }}"}, author=owner
    )
    template.versions.create(number=2, fields={"title": "{{ title }}!"}, author=owner)
    watch = WatchFolder.objects.create(library=release.library)
    hook = Webhook.objects.create(
        name="Program", url="http://127.0.0.1:9/", owner=owner
    )
    token, _secret = AuthToken.objects.create(owner)
    task = {"func": "uploads.tasks.sweep", "started": now, "stopped": now}
    made = {
        "releases.torrentclient": client,
        "releases.library": release.library,
        "releases.release": release,
        "releases.releaseevent": release.events.create(
            old="new", new="ready", reason="Prepared.", actor=owner
        ),
        "releases.releasefile": ReleaseFile.objects.filter(release=release).first(),
        "releases.metadatarecord": MetadataRecord.objects.create(
            release=release, source="tags", fields={"title": "A Book"}, raw={"a": 1}
        ),
        "releases.provideranswer": ProviderAnswer.objects.create(
            key="x", value={"a": 1}, expires_at=now
        ),
        "releases.torrent": Torrent.objects.create(
            release=release, name="A Book", piece_length=2**15, total_size=5,
            files=[["1.mp3", 5]], pieces=b"x" * 20, fingerprint="x", engine="herald",
            duration_ms=1,
        ),
        "trackers.tracker": tracker,
        "trackers.credential": credential,
        "trackers.template": template,
        "trackers.templateversion": version,
        "trackers.requestbudget": RequestBudget.objects.create(credential=credential),
        "uploads.upload": upload,
        "uploads.approval": Approval.objects.create(
            release=release, actor=owner, decision="approved", note="Fine."
        ),
        "uploads.uploadevent": UploadEvent.objects.create(
            upload=upload, old="", new="draft", reason="Drafted.", actor=owner
        ),
        "uploads.uploadattempt": UploadAttempt.objects.create(
            upload=upload, number=1, started_at=now, credential=credential
        ),
        "uploads.heartbeat": Heartbeat.objects.create(worker="here", seen_at=now),
        "uploads.notificationtarget": NotificationTarget.objects.create(
            user=owner, name="phone", events=["upload_failed"]
        ),
        "uploads.trouble": Trouble.objects.create(
            code="disk_low", message="The disk is nearly full."
        ),
        "releases.watchfolder": watch,
        "releases.candidate": watch.candidates.create(path="A Book"),
        "uploads.approvalrule": ApprovalRule.objects.create(name="Trusted"),
        "uploads.webhook": hook,
        "uploads.delivery": hook.deliveries.create(event="uploaded", number="d-1"),
        "auth.user": factories.UserFactory(username="whoever"),
        "auth.group": Group.objects.get(name="viewer"),
        "knox.authtoken": token,
        "axes.accessattempt": AccessAttempt.objects.create(
            username="pat", ip_address="10.0.0.1", failures_since_start=5
        ),
        "django_q.success": Success.objects.create(
            id="1" * 32, name="good", success=True, **task
        ),
        "django_q.failure": Failure.objects.create(
            id="2" * 32, name="bad", success=False, result="No.", **task
        ),
        "django_q.schedule": Schedule.objects.create(func="uploads.tasks.sweep"),
        "django_q.ormq": OrmQ.objects.create(key="x", payload="x", lock=now),
    }  # fmt: skip
    return {label: row.pk for label, row in made.items()}
