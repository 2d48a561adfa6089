"""What the sandbox keeps: plain records, stored as JSON."""

from dataclasses import dataclass, field

TORRENT_SCOPE = "torrents"
USER_SCOPE = "user"
ALL_SCOPES = ("user", "torrents", "requests", "forum", "wiki")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One API key, kept as its SHA-256. `scopes` only mean something on RED."""

    digest: str
    scopes: tuple[str, ...] = ALL_SCOPES
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A made-up member of one site. `session` is the value of a login cookie."""

    site: str
    username: str
    user_id: int
    passkey: str = field(repr=False)
    authkey: str = field(repr=False)
    session: str = field(repr=False)
    keys: tuple[Key, ...] = ()
    may_upload: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What torrents of one work share. `category` counts from 1, as sites answer."""

    site: str
    id: int
    name: str
    year: int
    category: int
    tags: tuple[str, ...]
    image: str
    description: str
    created_at: float
    artists: tuple[tuple[str, int], ...] = ()
    release_type: int = 0
    record_label: str = ""
    catalogue_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Torrent:
    """One stored upload, with the form it came with (names and values, in order).

    `infohash` is lower-case hex of the site's own copy; times are epoch seconds;
    `file_sha256` is of the file as it was received.
    """

    site: str
    id: int
    group_id: int
    user_id: int
    username: str
    infohash: str
    name: str
    file_path: str
    files: tuple[tuple[str, int], ...]
    size: int
    uploaded_at: float
    media: str = ""
    format: str = ""
    encoding: str = ""
    description: str = ""
    remastered: bool = False
    remaster_year: int = 0
    remaster_title: str = ""
    remaster_record_label: str = ""
    remaster_catalogue_number: str = ""
    scene: bool = False
    form: tuple[tuple[str, str], ...] = ()
    file_name: str = ""
    file_size: int = 0
    file_sha256: str = ""
    was_private: bool = True
    had_source: bool = True
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A torrent client that announced. `left` in bytes: 0 means it seeds."""

    site: str
    infohash: str
    peer_id: str
    username: str
    ip: str
    port: int
    left: int
    uploaded: int
    downloaded: int
    event: str
    agent: str
    seen_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """A request that reached the sandbox, whatever became of it.

    `complete` says whether the whole body arrived; `outcome` is "answered", or what
    was done instead ("dropped", "reset", ...); `status` is 0 when nothing was sent.
    """

    id: int
    site: str
    action: str
    method: str
    at: float
    agent: str
    size: int
    complete: bool
    status: int
    outcome: str
    fault: str
    stored_id: int
