"""A real release on real files, ready for the sandbox's trackers."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from releases.models import Library, Release
from releases.services.ingest import release_create
from releases.services.prepare import release_prepare
from tests.sandbox import SandboxControl
from trackers.models import Credential, Tracker
from trackers.services.seeds import trackers_seed

DEMO = Path(__file__).resolve().parent.parent / "demo" / "audio"
SITES = ("red", "ops")


def sandbox_trackers(sandbox: SandboxControl) -> dict[str, Tracker]:
    """RED and OPS on the sandbox, each with an account that may do everything."""
    trackers_seed(sandbox_url=sandbox.origin)
    trackers = {}
    for site in SITES:
        tracker = Tracker.objects.get(slug=site)
        tracker.base_url = sandbox.url(site)
        tracker.announce_url = sandbox.announce(site)
        tracker.budget_requests, tracker.budget_seconds = 100, 1
        tracker.save()
        Credential.objects.create(
            tracker=tracker,
            label="rehearsal",
            values={"api_key": sandbox.key(site), "passkey": sandbox.passkey(site)},
        )
        trackers[site] = tracker
    return trackers


@dataclass
class Desk:
    """Two trackers, a library with the demo's audio, and a way to prepare a book."""

    sandbox: SandboxControl
    trackers: dict[str, Tracker]
    library: Library

    def prepare(self, name: str = "Time Machine", **wishes: object) -> Release:
        """A prepared release of the demo's book whose folder's name holds `name`."""
        folder = next(p for p in Path(self.library.path).iterdir() if name in p.name)
        release = release_create(path=str(folder), **wishes)  # type: ignore[arg-type]
        assert release_prepare(release.pk)
        release.refresh_from_db()
        assert release.state == "ready", release.error
        return release


def desk_at(sandbox: SandboxControl, folder: Path) -> Desk:
    """A desk whose library lies in `folder`."""
    path = folder / "library"
    shutil.copytree(DEMO, path)
    library = Library.objects.create(name="Books", path=str(path))
    return Desk(sandbox, sandbox_trackers(sandbox), library)
