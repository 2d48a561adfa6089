"""The rows of the demo: accounts, sandbox trackers, a library, two audiobooks."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.utils.crypto import get_random_string

from releases.errors import ReleaseError
from releases.models import Library, Release, TorrentClient
from releases.services.clients import client_password, client_test
from releases.services.ingest import release_create
from trackers.models import Credential, Tracker
from trackers.services.credentials import credential_test
from trackers.services.seeds import trackers_seed

DEMO_AUDIO = Path(settings.BASE_DIR) / "demo" / "audio"
PEOPLE = ("viewer", "preparer", "approver")
# The sandbox's made-up members; docs/sandbox.md lists them. They open nothing else.
SANDBOX_KEYS = {
    "red": "sandbox-red-key-0001",
    "ops": "qsyEpRB9b0EUajqKwpbAjtuPRtpxZpPQNNF4ywjZXgqRc3/VQIjU7E1OM/11fdpx9cLTYE35"
    "+Jnjsc3GuD29Pkt3uyYvGbzmFoQRWh6cw2kO3EUekNHO",
}


@dataclass(kw_only=True)
class Demo:
    """What the person at the terminal needs to know."""

    password: str
    releases: list[Release]
    has_client: bool


def demo_make(*, sandbox_url: str, qbittorrent_url: str = "") -> Demo:
    """Make what is missing; safe to repeat, and moves on to new addresses."""
    password = _people()
    trackers_seed(sandbox_url=sandbox_url)
    _move_to(sandbox_url)
    client = _client(qbittorrent_url) if qbittorrent_url else None
    library = _library(client)
    root = User.objects.get(username="admin")
    shipped = sorted(path.name for path in DEMO_AUDIO.iterdir())
    folders = [Path(library.path) / name for name in shipped]
    # What a visitor has put beside them, or taken away, is the visitor's.
    releases = [_release(path, root.pk) for path in folders if path.is_dir()]
    return Demo(password=password, releases=releases, has_client=client is not None)


def _people() -> str:
    """The demo's accounts, all with one password that is kept beside the database."""
    file = settings.DATA_DIR / "demo-password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(get_random_string(12), encoding="utf-8")
    password = file.read_text(encoding="utf-8").strip()
    admin, _ = User.objects.get_or_create(
        username="admin", defaults={"is_staff": True, "is_superuser": True}
    )
    people = [admin]
    for name in PEOPLE:
        user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        user.groups.set([Group.objects.get(name=name)])
        people.append(user)
    for user in people:
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
    return password


def _move_to(sandbox_url: str) -> None:
    """The sandbox may have another port this time; then test each account."""
    for slug, key in SANDBOX_KEYS.items():
        tracker = Tracker.objects.get(slug=slug)
        tracker.base_url = f"{sandbox_url}/{slug}"
        tracker.announce_url = f"{sandbox_url}/announce/{slug}/{{passkey}}"
        tracker.save()
        credential, _ = Credential.objects.get_or_create(
            tracker=tracker, label="rehearsal", defaults={"values": {"api_key": key}}
        )
        credential_test(credential)


def _client(url: str) -> TorrentClient:
    client, _ = TorrentClient.objects.get_or_create(
        name="qBittorrent", defaults={"url": url}
    )
    client.url = url
    client.username = "admin"
    client.save()
    client_password(client, os.environ.get("HERALD_QBT_PASSWORD", ""))
    client_test(client)
    return client


def _library(client: TorrentClient | None) -> Library:
    """A copy of the shipped audio: the torrent client may write where it seeds."""
    path = settings.DATA_DIR / "library"
    if not path.exists():
        shutil.copytree(DEMO_AUDIO, path)
    library, _ = Library.objects.get_or_create(
        name="Demo", defaults={"path": str(path)}
    )
    library.torrent_client = client
    library.save()
    return library


def _release(folder: Path, actor_id: int) -> Release:
    try:
        return release_create(path=str(folder), actor_id=actor_id)
    except ReleaseError as exc:
        return Release.objects.get(pk=exc.extra["release"])
