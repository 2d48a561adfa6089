"""What a torrent's state in the client means for its upload. Pure."""

from releases.clients.types import AnnounceStatus, SeedPhase, SeedStatus
from uploads.states import Seeding

SENTENCES: dict[SeedPhase, str] = {
    SeedPhase.MISSING: "The client has lost the torrent; it is added again.",
    SeedPhase.CHECKING: "The client is checking the files.",
    SeedPhase.DOWNLOADING: "The client lacks parts of the files and is downloading "
    "them. Compare the save path and the files with what was uploaded.",
    SeedPhase.STOPPED: "The torrent is stopped in the client. Start it there.",
    SeedPhase.QUEUED: "The client has queued the torrent; raise its limit of active "
    "torrents if this lasts.",
    SeedPhase.MISSING_FILES: "The client does not find the files. Check the library's "
    "path as the client names it: once it is right, the torrent follows by itself. Are "
    "the files back where they were, recheck the torrent in the client.",
    SeedPhase.ERROR: "The client reports an error for the torrent. Look at it there; Herald sees by itself when it is mended.",
}
UNFIT = (
    "The client does not find what was uploaded, or finds other bytes. It stays stopped, "
    "or it would download over your files. Put them back as they were and recheck the "
    "torrent in the client, or correct the library's path as the client names it: it then "
    "starts by itself."
)
TROUBLE = frozenset(
    {
        SeedPhase.DOWNLOADING,
        SeedPhase.STOPPED,
        SeedPhase.MISSING_FILES,
        SeedPhase.ERROR,
    }
)


def verdict(status: SeedStatus) -> tuple[Seeding, str]:
    """How far the proof of seeding is, while it is not there, in one sentence."""
    if status.phase is SeedPhase.STOPPED and status.held:
        if status.complete:
            return Seeding.ADDED, "The client has found the files right and starts."
        return Seeding.PROBLEM, UNFIT
    if status.phase is not SeedPhase.SEEDING:
        state = Seeding.PROBLEM if status.phase in TROUBLE else Seeding.ADDED
        return state, SENTENCES[status.phase]
    if status.tracker_status is AnnounceStatus.NOT_WORKING:
        said = status.tracker_message or "no reason given"
        return (
            Seeding.PROBLEM,
            f"The client seeds, but the tracker refuses its announce: {said.rstrip('.')}. "
            "Look at the upload on the tracker; if it was taken down there, remove the "
            "torrent from the client.",
        )
    return Seeding.ADDED, "Seeding; waiting for the tracker's answer."
