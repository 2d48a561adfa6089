"""What travels between Herald and a tracker adapter. No Django import, no ORM."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any


class Capability(Enum):
    """Something an adapter declares it can do."""

    SEARCH = "search"
    LOOK_UP = "look_up"
    DOWNLOAD_TORRENT = "download_torrent"
    ANONYMOUS = "anonymous"
    EDIT = "edit"


class Action(StrEnum):
    """What Herald asks of a site; each may have a request budget of its own."""

    UPLOAD = "upload"
    SEARCH = "search"
    CHECK = "check"
    DOWNLOAD = "download"


class Way(StrEnum):
    """A way of finding out whether a site has a torrent.

    REPEAT: a second upload of the same torrent is refused as "already exists".
    """

    INFOHASH = "infohash"
    TITLE = "title"
    FILE_NAME = "file_name"
    OWN_UPLOADS = "own_uploads"
    REPEAT = "repeat"


class Strength(StrEnum):
    """How surely a torrent on a site is what is about to be uploaded."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


WARNED_OF = (Strength.SURE, Strength.LIKELY)


class Likeness(StrEnum):
    """Why a torrent on a site counts as similar, the strongest reason first."""

    FILES = "files"
    NAME_AND_SIZE = "name_and_size"
    IDENTIFIER = "identifier"
    SIZE = "size"
    NAME_AND_FORMAT = "name_and_format"
    NAME = "name"
    WORDS = "words"


class Markup(StrEnum):
    """The markup a site renders descriptions in."""

    BBCODE = "bbcode"
    MARKDOWN = "markdown"
    HTML = "html"


class Severity(StrEnum):
    """Whether a problem stops an upload or only deserves a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSite:
    """One tracker as its adapter sees it.

    `announce_url` is a shape with `{passkey}` in it, never a finished URL.
    `torrent_rules` as in `Tracker`; for an absent rule the family's usual one holds.
    """

    slug: str
    name: str
    base_url: str
    announce_url: str
    source_flag: str
    options: Mapping[str, Any] = field(default_factory=dict)
    torrent_rules: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialField:
    """One value that an account on this family of sites needs.

    Its texts are English and marked by `gettext_noop`: forms translate them.
    """

    name: str
    label: str
    secret: bool = True
    required: bool = True
    help_text: str = ""

    def fits(self, value: str) -> bool:
        """Whether `value` can be this one."""
        return value.isascii() and value.isprintable() and " " not in value


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionField:
    """One non-secret setting of a tracker of this family; texts as in a credential's."""

    name: str
    label: str
    choices: tuple[str, ...] = ()
    default: str = ""
    help_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TorrentFile:
    """A derived torrent. `infohash` is 40 lower-case hex digits; `size` in bytes.

    `files` are the paths inside the torrent ("folder/file", or the bare name of a
    single-file torrent), in torrent order, with their lengths in bytes.
    `folder` is the torrent's top folder, empty for a single file.
    """

    content: bytes = field(repr=False)
    infohash: str
    name: str
    size: int
    folder: str = ""
    files: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPayload:
    """Everything one upload says to one tracker.

    `category` is our kind ("audiobook"); `attributes` are the template's other
    rendered fields by name; `extra` is the one door for site-only form fields.
    """

    title: str
    description: str
    torrent: TorrentFile
    category: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    anonymous: bool = False
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadResult:
    """What a site said about an accepted upload; `infohash` is the site's own.

    `infohash_kept`: True, the site stored our torrent unchanged; False, it rewrote
    it; None, it did not say. `infohash` stays "" unless it is known.
    """

    remote_id: str
    url: str
    infohash: str = ""
    torrent_url: str = ""
    warnings: tuple[str, ...] = ()
    infohash_kept: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """A torrent that is already on the site; what the site does not say is empty.

    `size` in bytes; `files` as in TorrentFile, in the site's order.
    """

    remote_id: str
    url: str
    infohash: str = ""
    title: str = ""
    size: int = 0
    files: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A torrent on the site that may make an upload a duplicate.

    `size` in bytes; what the site does not say is empty.
    """

    remote_id: str
    url: str
    title: str
    strength: Strength
    why: Likeness
    format: str = ""
    encoding: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One question of a look and its answer, in words for people."""

    way: Way
    asked: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What keeps a payload from being accepted: which field, which rule, what to do."""

    field: str
    code: str
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The answer to "Test": `learned` holds credential values the site told us."""

    ok: bool
    username: str = ""
    message: str = ""
    warnings: tuple[str, ...] = ()
    learned: Mapping[str, str] = field(default_factory=dict, repr=False)
