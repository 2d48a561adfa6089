"""Ten releases to five trackers, of which a third fails at first: all arrive, once."""

import random
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise

import pytest

from releases.models import Library
from releases.services.ingest import release_create
from releases.services.prepare import release_prepare
from tests.publishing import DEMO, sandbox_trackers
from tests.sandbox import SandboxControl
from tests.workers import wait_until
from trackers.models import Credential, TemplateChoice, Tracker
from trackers.sandbox.faults import KINDS
from trackers.sandbox.server import SandboxServer
from uploads.models import Upload, UploadAttempt
from uploads.services.approval import release_approve

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.timeout(300),
]

RELEASES = 10
SEED = 3
LONGEST = 180.0  # it takes ten seconds on a machine with nothing else to do
LIVE = ("pending", "uploading", "unknown")
# Not known to the one who sent: the site may have stored it.
OPEN = ("unknown", "internal", "stale")
# What does not pass by itself: a refusal and a wrong key wait for a person, by design.
FINAL = {"refuse", "bad-key"}
# Of lookups; it goes along with a lost answer.
OF_LOOKUPS = {"hide"}
FAULTS = sorted(KINDS.keys() - FINAL - OF_LOOKUPS)
SECONDS = {"slow": 1.0, "stall": 1.0, "429": 1.0, "rate-limit": 1.0}


@dataclass(frozen=True)
class Site:
    """A tracker of ours, and where it is in which sandbox."""

    slug: str
    dialect: str
    sandbox: SandboxControl

    def fail(self, fault):
        self.sandbox.fail(self.dialect, "upload", fault, seconds=SECONDS.get(fault, 0))

    def requests(self, action):
        return self.sandbox.requests(self.dialect, action)


@pytest.fixture
def sites(transactional_db):
    """Five trackers in three sandboxes: Redacted thrice, Orpheus twice."""
    with ExitStack() as stack:
        controls = [stack.enter_context(sandbox_without_limits()) for _ in range(3)]
        sandbox_trackers(controls[0])
        found = [Site("red", "red", controls[0]), Site("ops", "ops", controls[0])]
        for dialect, at in (("red", 1), ("ops", 1), ("red", 2)):
            found.append(another(dialect, controls[at], number=at + 1))
        Tracker.objects.update(concurrency=4)
        yield found


@contextmanager
def sandbox_without_limits():
    """A sandbox of its own, whose sites take any number of requests."""
    server = SandboxServer()
    server.start()
    control = SandboxControl(server.origin)
    control.options(limits=False)
    yield control
    server.stop()
    assert server.crashes == []


def another(dialect, sandbox, *, number):
    """A tracker like the one of that dialect, in another sandbox."""
    row = Tracker.objects.get(slug=dialect)
    choices = list(TemplateChoice.objects.filter(tracker=row))
    row.pk, row.slug, row.name = None, f"{dialect}-{number}", f"{row.name} {number}"
    row.base_url, row.announce_url = sandbox.url(dialect), sandbox.announce(dialect)
    row.save()
    for choice in choices:
        choice.pk, choice.tracker = None, row
        choice.save()
    values = {"api_key": sandbox.key(dialect), "passkey": sandbox.passkey(dialect)}
    Credential.objects.create(tracker=row, label="rehearsal", values=values)
    return Site(row.slug, dialect, sandbox)


def bring_releases(folder):
    """Ten prepared releases: one book under ten names."""
    book = next(path for path in DEMO.iterdir() if "Time Machine" in path.name)
    Library.objects.create(name="Books", path=str(folder))
    found = []
    for number in range(RELEASES):
        path = folder / book.name.replace("(1895)", f"No. {number} (1895)")
        shutil.copytree(book, path)
        found.append(release_create(path=str(path)).pk)
        assert release_prepare(found[-1])
    return found


def plan(sites):
    """Every kind of fault once, for the first that arrive; gives how many."""
    kinds = list(FAULTS)
    random.Random(SEED).shuffle(kinds)
    for number, fault in enumerate(kinds):
        sites[number % len(sites)].fail(fault)
    for site in sites:
        site.sandbox.fail(site.dialect, "*", "hide", times=2)
    return len(kinds)


def test_everything_arrives_once_with_no_hand_on_it(sites, workers, tmp_path):
    releases = bring_releases(tmp_path / "library")
    assert plan(sites) >= 0.3 * RELEASES * len(sites)
    for pk in releases:
        release_approve(release_id=pk, actor_id=None)
    workers.start("-m", "tests.hasty_worker")
    wait_until(is_over, seconds=LONGEST)

    assert Upload.objects.filter(status="success").count() == RELEASES * len(sites)
    for site in sites:
        each_is_there_once(site)
    waiting = {one["fault"] for site in sites for one in site.sandbox.faults()}
    assert waiting <= OF_LOOKUPS, "each has met its request"
    failed = UploadAttempt.objects.filter(number=1).exclude(outcome="success")
    assert len(failed) >= 10
    arrived = failed.filter(upload__status="success").count()
    assert arrived > 0.9 * len(failed)
    for upload in Upload.objects.all():
        asked_before_it_was_sent_again(upload)


def is_over():
    return not Upload.objects.filter(status__in=LIVE).exists()


def each_is_there_once(site):
    stored = {str(one["id"]): one for one in site.sandbox.uploads(site.dialect)}
    rows = Upload.objects.filter(tracker__slug=site.slug)
    assert {row.remote_id for row in rows} == stored.keys()
    assert len(stored) == len(rows) == RELEASES
    for row in rows:
        assert stored[row.remote_id]["infohash"] == row.infohash
        assert stored[row.remote_id]["form"] == row.payload["form"]
    # Also no second one that the site turned away.
    sent = UploadAttempt.objects.filter(upload__in=rows, sending_at__isnull=False)
    assert len(site.requests("upload")) <= sent.count()
    assert not sent.filter(outcome="duplicate").exists()


def asked_before_it_was_sent_again(upload):
    sent = upload.attempts.filter(sending_at__isnull=False).order_by("number")
    for earlier, later in pairwise(sent):
        if earlier.outcome in OPEN:
            answers = upload.events.filter(
                old="unknown",
                new="pending",
                reason__contains="Asked the tracker",
                created_at__range=(earlier.sending_at, later.sending_at),
            )
            assert answers.exists(), (upload, earlier.message)
