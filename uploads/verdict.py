"""What a torrent's state in the client means for its upload. Pure."""

import re

from common.texts import gettext_noop
from releases.clients.types import AnnounceStatus, SeedPhase, SeedStatus
from uploads.states import Seeding

SENTENCES: dict[SeedPhase, str] = {
    SeedPhase.MISSING: gettext_noop(
        "The client has lost the torrent; it is added again."
    ),
    SeedPhase.CHECKING: gettext_noop("The client is checking the files."),
    SeedPhase.DOWNLOADING: gettext_noop(
        "The client lacks parts of the files and is downloading them. Compare the save "
        "path and the files with what was uploaded."
    ),
    SeedPhase.STOPPED: gettext_noop(
        "The torrent is stopped in the client. Start it there."
    ),
    SeedPhase.QUEUED: gettext_noop(
        "The client has queued the torrent; raise its limit of active torrents if this "
        "lasts."
    ),
    SeedPhase.ERROR: gettext_noop(
        "The client has stopped the torrent with an error, mostly because it may not read "
        "the files. Its page in the client says why: mend that, and recheck the torrent "
        "there."
    ),
}
NO_CLIENT = gettext_noop(
    "No torrent client is set for this library, so seeding cannot be proven. Set one on "
    "the library's page, then check again."
)
CONFIRMED = gettext_noop("The client seeds it and the tracker answers.")
NOTED = gettext_noop(
    "Seeding is confirmed: the client seeds it and the tracker answers."
)
OUR_MISTAKE = gettext_noop(
    "An error inside Herald (%(what)s); the worker's log has the details. It is tried "
    "again."
)
FOUND_RIGHT = gettext_noop("The client has found the files right and starts.")
WAITING = gettext_noop("Seeding; waiting for the tracker's answer.")
REFUSED = gettext_noop(
    "The client seeds, but the tracker refuses its announce: %(why)s."
)
NO_REASON = gettext_noop("no reason given")
FILES_GONE = gettext_noop(
    "The files are gone, or are not those that were uploaded. Put them back as they were "
    "and recheck the torrent in the client."
)
WRONG_PATH = gettext_noop(
    "The client does not find the files, though they are where Herald reads them. Check "
    "the library's path as the client names it: once it is right, the torrent follows "
    "by itself."
)
UNFIT = gettext_noop(
    "The client does not find what was uploaded, or finds other bytes. It stays stopped, "
    "or it would download over your files. Put them back as they were and recheck the "
    "torrent in the client, or correct the library's path as the client names it: it then "
    "starts by itself."
)
TROUBLE = frozenset(
    {
        SeedPhase.DOWNLOADING,
        SeedPhase.STOPPED,
        SeedPhase.ERROR,
    }
)


# What trackers say, in the order in which it is looked for, and what helps.
REFUSALS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"passkey|user ?key|announce key|unknown user|disabled", re.I),
        gettext_noop(
            "Enter the account's present passkey on the credential's page, then check "
            "seeding."
        ),
    ),
    (
        re.compile(
            r"registered|unknown torrent|not found|not exist|deleted|trump", re.I
        ),
        gettext_noop(
            "Look whether the upload is still on the tracker. It may take some minutes "
            "until it knows a new one; one that was deleted or replaced there is over, "
            "and its torrent can be removed from the client."
        ),
    ),
)
ASKED_AGAIN = gettext_noop(
    "The client asks it again by itself; if this lasts, look on the tracker."
)


def _remedy(said: str) -> str:
    return next((text for words, text in REFUSALS if words.search(said)), ASKED_AGAIN)


def verdict(status: SeedStatus, *, files_there: bool) -> tuple[Seeding, str]:
    """How far the proof of seeding is, while it is not there, in one sentence.

    `files_there`: what was uploaded lies unchanged where Herald reads it.
    """
    if status.phase is SeedPhase.MISSING_FILES:
        return Seeding.PROBLEM, WRONG_PATH if files_there else FILES_GONE
    if status.phase is SeedPhase.STOPPED and status.held:
        if status.complete:
            return Seeding.ADDED, FOUND_RIGHT
        return Seeding.PROBLEM, UNFIT
    if status.phase is not SeedPhase.SEEDING:
        state = Seeding.PROBLEM if status.phase in TROUBLE else Seeding.ADDED
        return state, SENTENCES[status.phase]
    if status.tracker_status is AnnounceStatus.NOT_WORKING:
        said = status.tracker_message or NO_REASON
        told = REFUSED % {"why": said.rstrip(".")}
        return Seeding.PROBLEM, f"{told} {_remedy(said)}"
    return Seeding.ADDED, WAITING
