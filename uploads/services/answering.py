"""A person's word on an upload of which Herald cannot know: it is there, or it is not."""

from django.utils.translation import gettext as _

from common.queue import enqueue
from common.redact import redact_url
from trackers.adapters.base import TrackerAdapter
from trackers.services.adapters import adapter_open
from trackers.services.budgets import BudgetSpent
from trackers.types import Existing
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.payloads import payload_load
from uploads.sameness import difference
from uploads.services.approval import SEND_TASK
from uploads.services.looking import look_at
from uploads.services.moves import upload_move
from uploads.services.queueing import approved_check
from uploads.services.success import upload_succeeded
from uploads.states import UploadStatus, is_question

FINDABLE = (UploadStatus.FAILED, UploadStatus.UNKNOWN)


class LinkUnchecked(UploadError):
    """The tracker cannot be asked about a link now; a person may insist."""

    code = "link_unchecked"


def upload_mark_there(
    *, upload_id: int, link: str, seen: bool = False, actor_id: int | None = None
) -> None:
    """A person found the upload on the tracker: check the link, and take it.

    `link` is that of the torrent's page, or the torrent's number. `seen`: the person
    saw it and says so, which counts while the tracker cannot be asked. Raises
    UploadError; LinkUnchecked when only `seen` would do.
    """
    upload = Upload.objects.select_related("tracker").get(pk=upload_id)
    if upload.status not in FINDABLE:
        raise UploadError(
            _("Only a failed or unknown upload can be marked as there."),
            code="upload_not_failed",
        )
    with adapter_open(upload.tracker, None) as adapter:
        number = _number(upload, adapter, link.strip())
        page, rewrites = adapter.page_of(number), adapter.rewrites_torrent
    try:
        answer = look_at(upload, number)
    except BudgetSpent as exc:
        raise UploadError(
            _(
                "%(tracker)s may not be asked more at the moment. Try again in "
                "%(seconds)s s."
            )
            % {"tracker": upload.tracker, "seconds": f"{exc.wait:.0f}"},
            code="budget",
        ) from exc
    if answer.problem and not seen:
        raise LinkUnchecked(
            _("Whether torrent %(number)s is this upload could not be checked: %(why)s")
            % {"number": number, "why": answer.problem}
        )
    if answer.problem:
        why = f"A person has seen it there, as torrent {number}. Not checked: " + (
            answer.problem
        )
        # What such a site stored cannot be known before it is asked.
        infohash = "" if rewrites else upload.infohash
        found = Existing(remote_id=number, url=page, infohash=infohash)
    else:
        found = _checked(upload, number, answer.found, rewrites=rewrites)
        why = f"A person found it on the tracker, as torrent {number}; checked there."
    if not upload_succeeded(
        upload,
        remote_id=found.remote_id,
        url=found.url,
        infohash=found.infohash,
        old=UploadStatus(upload.status),
        why=why,
        actor_id=actor_id,
    ):
        raise _answered()


def _number(upload: Upload, adapter: TrackerAdapter, link: str) -> str:
    """The torrent's number in a link of this tracker. Raises UploadError."""
    if redact_url(link) != link:
        raise UploadError(
            _(
                "This link has a secret in it, such as a passkey. Paste the link of the "
                "upload's page instead of its download."
            ),
            code="link_secret",
        )
    number = adapter.number_in(link)
    if not (adapter.owns_link(link) or (number and link.isdecimal())):
        raise UploadError(
            _("Paste the upload's link on %(tracker)s; it begins with %(address)s.")
            % {"tracker": upload.tracker, "address": upload.tracker.base_url},
            code="link_elsewhere",
        )
    if not number:
        raise UploadError(
            _(
                "This link names no torrent. Open the upload on the site and copy its "
                "own link (PL), such as %(example)s, or type its number."
            )
            % {"example": adapter.page_of("123")},
            code="link_unreadable",
        )
    return number


def _checked(
    upload: Upload, number: str, found: Existing | None, *, rewrites: bool
) -> Existing:
    """What the tracker has under this number, if it is the upload. Raises UploadError."""
    if found is None:
        raise UploadError(
            _("%(tracker)s has no torrent %(number)s. Compare the link.")
            % {"tracker": upload.tracker, "number": number},
            code="link_absent",
        )
    sent = payload_load(upload.payload, bytes(upload.torrent_file or b""))
    other = difference(sent, found, rewrites=rewrites)
    if other:
        raise UploadError(
            _("Torrent %(number)s on %(tracker)s is another one: %(why)s.")
            % {"number": number, "tracker": upload.tracker, "why": other},
            code="link_mismatch",
        )
    return found


def upload_send_again(*, upload_id: int, actor_id: int | None = None) -> None:
    """A person looked and did not find it: send it again, as approved.

    Raises UploadError when nothing is asked about it, or somebody was quicker.
    """
    upload = Upload.objects.select_related("tracker").get(pk=upload_id)
    if not is_question(upload.status, upload.reason):
        raise UploadError(
            _(
                "Whether this upload is on the tracker is no question (any more). Look "
                "at its page again."
            ),
            code="upload_no_question",
        )
    approved_check(upload)
    moved = upload_move(
        upload.pk,
        UploadStatus.FAILED,
        UploadStatus.PENDING,
        why="A person looked on the tracker and did not find it: send again.",
        actor_id=actor_id,
        only_if={"reason__code": upload.reason["code"]},
        said_absent=True,
        tries=0,
        looks=0,
        not_before=None,
        finished_at=None,
        reason={},
    )
    if not moved:
        raise _answered()
    enqueue(SEND_TASK, upload_id=upload.pk)


def _answered() -> UploadError:
    return UploadError(
        _(
            "Somebody else, or a worker, settled this upload at this very moment. Look "
            "at its page again."
        ),
        code="upload_answered",
    )
