"""The torrent client of a release: opening it, testing it, handing it torrents."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils import timezone

from common.addresses import MOVED, origin
from common.redact import redact
from releases.clients import words
from releases.clients.errors import ClientLoginFailed
from releases.clients.paths import to_client_path
from releases.clients.qbittorrent import QBittorrentClient, announces_in
from releases.clients.types import ClientCheck, SeedPhase, SeedStatus
from releases.models import Library, Release, TorrentClient
from releases.services.client_turns import client_hold_end
from releases.signals import client_answered


def client_open(client: TorrentClient) -> QBittorrentClient:
    """The program behind a row. Raises VaultError when its login is unreadable."""
    return QBittorrentClient(
        client.url,
        client.username,
        str(client.login.get("password", "")),
        name=client.name,
    )


def client_save(client: TorrentClient) -> bool:
    """Store a client; at another scheme, host or port its password is dropped.

    Whoever may change the address could otherwise have it sent to a server of their
    own, and so read what is write-only. Gives whether the address is another one.
    """
    with transaction.atomic():
        before = TorrentClient.objects.select_for_update().filter(pk=client.pk).first()
        moved = before is not None and origin(before.url) != origin(client.url)
        if moved:
            client.login = {}
            client.checked_at, client.check_ok, client.check_message = None, None, MOVED
        elif before is not None:
            client.login = before.login
        client.save()
    return moved


def client_password(client: TorrentClient, password: str) -> None:
    """Store a new password; a blank one keeps what was there."""
    if password:
        client.login = {**client.login, "password": password}
        client.save(update_fields=["login"])


def client_adopt(client: TorrentClient, *, client_path: str = "") -> int:
    """Let a client that answers seed every library that none seeds yet.

    `client_path` is what it calls the folder of the one library there is. Gives how
    many libraries it seeds from now on.
    """
    client.is_active = True
    client.save(update_fields=["is_active"])
    orphans = Library.objects.filter(torrent_client=None)
    if client_path and orphans.count() == 1:
        return orphans.update(torrent_client=client, client_path=client_path)
    return orphans.update(torrent_client=client)


def client_test(client: TorrentClient) -> ClientCheck:
    """Ask the client who it is, and keep the answer on the row."""
    api = client_open(client)
    try:
        check = api.check()
    finally:
        api.close()
    TorrentClient.objects.filter(pk=client.pk).update(
        checked_at=timezone.now(),
        check_ok=check.ok,
        check_message=redact(" ".join((check.message, *check.warnings)))[:500],
    )
    _note_login(client, is_refused=check.code == ClientLoginFailed.code)
    if check.ok:
        client_hold_end(pk=client.pk)
        client_answered.send(sender=TorrentClient, client_id=client.pk)
    client.refresh_from_db()
    return check


def _note_login(client: TorrentClient, *, is_refused: bool) -> None:
    """Keep, with the login itself, whether the client refused it.

    Each process would otherwise try a wrong login once more, and five wrong ones get
    the machine banned. Another address, name or password makes the note void.
    """
    tried = _login_mark(client)
    with transaction.atomic():
        row = TorrentClient.objects.select_for_update().get(pk=client.pk)
        if _login_mark(row) != tried or (_is_refused(row) == is_refused):
            return
        row.login = {**row.login, "refused": tried if is_refused else ""}
        row.save(update_fields=["login"])


def _is_refused(client: TorrentClient) -> bool:
    return client.login.get("refused") == _login_mark(client)


def _login_mark(client: TorrentClient) -> str:
    login = (client.url, client.username, str(client.login.get("password", "")))
    return hashlib.sha256("\0".join(login).encode()).hexdigest()


def client_for(release: Release) -> TorrentClient | None:
    """The client that seeds this release, or None where none is set or active."""
    client = release.library.torrent_client
    return client if client is not None and client.is_active else None


def client_seed(
    client: TorrentClient,
    release: Release,
    *,
    torrent_file: bytes,
    infohash: str,
    tag: str,
    files_verified: bool,
    ask_again: bool = False,
) -> SeedStatus:
    """Make sure the client has the torrent, and say how it stands. Safe to repeat.

    `torrent_file` carries the announce URL; `files_verified` says that the files are
    still those that were hashed; `ask_again` lets a client that seeds and knows no
    answer announce once more. Raises ClientError; a login that was refused once is
    not tried again until it changes or somebody tests it.
    """
    with _asked(client) as api:
        tags = [part.strip() for part in client.tags.split(",")] + [tag]
        api.add(
            torrent_file,
            infohash=infohash,
            save_path=seed_path(release),
            category=client.category,
            tags=tuple(part for part in tags if part),
            skip_checking=files_verified,
        )
        status = api.follow(infohash, announces_in(torrent_file))
        if ask_again and status.phase is SeedPhase.SEEDING and not status.confirmed:
            api.reannounce(infohash)
        return status


def client_status(
    client: TorrentClient, *, torrent_file: bytes, infohash: str
) -> SeedStatus:
    """How a torrent stands, without changing anything. Raises as `client_seed`."""
    with _asked(client) as api:
        return api.status(infohash, announces_in(torrent_file))


@contextmanager
def _asked(client: TorrentClient) -> Iterator[QBittorrentClient]:
    """The program behind a row, unless its login was refused once."""
    # The row speaks for all processes, also for one that saw the login refused itself.
    client.refresh_from_db(fields=["url", "username", "login"])
    if _is_refused(client):
        raise ClientLoginFailed(words.REFUSED_BEFORE % {"client": client.name})
    api = client_open(client)
    api.forget_refusal()
    try:
        yield api
    except ClientLoginFailed as exc:
        _note_login(client, is_refused=True)
        TorrentClient.objects.filter(pk=client.pk).update(
            checked_at=timezone.now(), check_ok=False, check_message=exc.message[:500]
        )
        raise
    finally:
        api.close()


def seed_path(release: Release) -> str:
    """The folder that holds the release, as the torrent client names it."""
    library = release.library
    parent = PurePosixPath(library.path, release.source_path).parent
    return to_client_path(str(parent), str(Path(library.path)), library.client_path)
