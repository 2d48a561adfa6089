"""What a site checks in the torrent file it is sent."""

from html import escape

from trackers.sandbox import torrents
from trackers.sandbox.gazelle.dialects import Dialect
from trackers.sandbox.gazelle.envelope import Refusal
from trackers.sandbox.torrents import Submitted
from trackers.sandbox.web import SentFile

LARGEST_FILE = 2 * 1024 * 1024
"""PHP drops a larger file (`upload_max_filesize`), as if none had been sent."""
FORBIDDEN_CHARACTERS = ':?<>*|"\\'
FORBIDDEN_WORDS = ("INCOMPLETE~", "demonoid.com", "mininova.org", "thepiratebay.org")
NO_FILE = "No torrent file uploaded, or file is empty."


def open_parcel(sent: SentFile | None) -> Submitted:
    """Read the torrent of a form. Raises `Refusal` in the site's words."""
    if sent is None:
        raise Refusal(NO_FILE)
    if not sent.name.lower().endswith(".torrent"):
        raise Refusal(
            "You seem to have put something other than a torrent file into the"
            f" upload field. ({sent.name})."
        )
    if not 0 < len(sent.content) <= LARGEST_FILE:
        raise Refusal(NO_FILE)
    try:
        submitted = torrents.read(sent.content)
    except torrents.CorruptTorrent as exc:
        raise Refusal(
            f"The torrent file '{sent.name}' is corrupted, please recreate it"
        ) from exc
    if submitted.encrypted:
        raise Refusal(
            "This torrent contains an encrypted file list which is not supported here."
        )
    if submitted.beyond_v1:
        raise Refusal(
            "This torrent is not a V1 torrent."
            " V2 and Hybrid torrents are not supported here."
        )
    return submitted


def check_folder(submitted: Submitted) -> None:
    """Refuse a folder name that cannot be kept on every system."""
    bad = _forbidden_in(submitted.folder)
    if bad:
        raise Refusal(
            f"The folder name '{escape(submitted.folder)}' holds what is not allowed:"
            f" {escape(bad)}"
        )


def check_files(submitted: Submitted, dialect: Dialect) -> None:
    """Refuse file names, kinds and path lengths the site does not take."""
    invalid = [
        path
        for path, _ in submitted.files
        if _forbidden_in(path) or _extension(path) not in dialect.extensions
    ]
    if invalid:
        names = ", ".join(escape(path) for path in invalid)
        raise Refusal(f"The torrent contained one or more invalid files ({names})")
    long = [path for path in submitted.paths if len(path) > dialect.longest_path]
    if long:
        names = "".join(f"<li>{escape(path)}</li>" for path in long)
        raise Refusal(
            "The torrent contained one or more files with too long a name:"
            f" <ul>{names}</ul>"
        )


def _forbidden_in(name: str) -> str:
    found = [character for character in FORBIDDEN_CHARACTERS if character in name]
    lowered = name.lower()
    found += [word for word in FORBIDDEN_WORDS if word.lower() in lowered]
    return " ".join(found)


def _extension(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[1].lower() if "." in name else ""
