"""Two hosts with nothing in common but the database hold one budget to the request."""

import shutil

import pytest
from django.db import connection

from tests.driving import pass_time
from tests.publishing import desk_at
from tests.workers import session_of, wait_until
from trackers.models import Tracker
from uploads.models import DuplicateSearch, Upload, UploadAttempt
from uploads.services.approval import release_approve

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.timeout(240),
]
SITES = ("red", "ops")
BOOKS, BUDGET, WINDOW = 4, 3, 3600


@pytest.fixture
def releases(workers, sandbox, tmp_path):
    """More than the budget lets through, all approved."""
    desk = desk_at(sandbox, tmp_path)
    library = tmp_path / "library"
    original = next(path for path in library.iterdir() if "Time Machine" in path.name)
    found = []
    for number in range(BOOKS):
        copy = library / f"Edition {number}"
        shutil.copytree(original, copy)
        (copy / "edition.nfo").write_text(f"Edition {number}", encoding="utf-8")
        found.append(desk.prepare(copy.name))
    # Asking for duplicates would spend of the budget as well.
    DuplicateSearch.objects.all().delete()
    Tracker.objects.update(budget_requests=BUDGET, budget_seconds=WINDOW)
    return found


def host(workers, tmp_path, name, hours):
    """A host's worker, with folders, a name and (PostgreSQL) a clock of its own."""
    folders = {}
    for variable in ("HERALD_DATA_DIR", "TMPDIR", "HOME"):
        folder = tmp_path / name / variable
        folder.mkdir(parents=True)
        folders[variable] = str(folder)
    ahead = 3600 * hours if connection.vendor == "postgresql" else 0
    return workers.start(
        DJANGO_SETTINGS_MODULE="tests.elsewhere_settings",
        TEST_HOST_NAME=name,
        TEST_CLOCK_AHEAD=str(ahead),
        HERALD_WORKERS="1",
        HERALD_UPLOAD_THREADS="1",
        **folders,
    )


def sent(sandbox):
    return [len(sandbox.requests(site, "upload")) for site in SITES]


def test_two_hosts_hold_one_budget_to_the_request(releases, workers, sandbox, tmp_path):
    # While one host waits for an answer, the other has its turn.
    sandbox.fail("*", "upload", "slow", times=None, seconds=1)
    hosts = [
        host(workers, tmp_path, name, hours)
        for name, hours in (("east", 1), ("west", -1))
    ]
    wait_until(lambda: workers.log().count("pushing tasks") == 2)
    for release in releases:
        release_approve(release_id=release.pk, actor_id=None)
    wait_until(lambda: sent(sandbox) == [BUDGET, BUDGET])
    wait_until(lambda: Upload.objects.filter(status="success").count() == 2 * BUDGET)
    waiting = Upload.objects.exclude(status="success")
    wait_until(lambda: {row.reason.get("code") for row in waiting.all()} == {"budget"})
    assert sent(sandbox) == [BUDGET, BUDGET]
    workers_used = set(UploadAttempt.objects.values_list("worker", flat=True))
    pids = {int(worker.split(":")[2]) for worker in workers_used}
    assert all(pids & set(session_of(one.pid)) for one in hosts)
    pass_time(WINDOW)
    wait_until(lambda: not waiting.exists())
    assert sent(sandbox) == [BOOKS, BOOKS]
