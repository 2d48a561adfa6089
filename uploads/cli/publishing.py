"""From a path to seeding, in one go at the terminal."""

import sys

from django.contrib.auth.models import User

from common.permissions import require
from releases.models import Release
from releases.states import ReleaseState
from trackers.selectors import trackers_for
from uploads.cli.following import follow
from uploads.cli.output import Output, Row
from uploads.cli.preparing import prepare
from uploads.cli.wish import Exit, Wish
from uploads.duplicates import WARNED_OF, asking_words, checked_at, duplicates_of
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.states import UploadStatus


def publish(wish: Wish, user: User, out: Output) -> Exit:
    """Prepare, show, approve and follow one release. Raises AppError for bad input."""
    require(user, "releases.prepare_release", "prepare releases")
    if wish.yes and not wish.dry_run:
        require(user, "uploads.approve_upload", "approve uploads")
    trackers_for(wish.trackers, wish.kind)
    code = _publish(wish, user, out)
    out.result(ok=code == Exit.DONE, exit_code=int(code))
    return code


def _publish(wish: Wish, user: User, out: Output) -> Exit:
    release = prepare(wish, user, out)
    if release.state == ReleaseState.FAILED:
        message = release.error.get("message", "Preparation failed.")
        out.say(message, event="failed", code=release.error.get("code", ""))
        return Exit.FAILED
    drafts = _drafts(release)
    if not drafts:
        out.say(
            f"No active tracker takes a release of kind {release.kind}, so there is "
            "nothing to send. Look at the trackers in the admin.",
            event="waiting",
            id=release.pk,
        )
        return Exit.NEEDS_PERSON
    _show(release, drafts, out)
    open_drafts = [one for one in drafts if one.status == UploadStatus.DRAFT]
    if wish.dry_run:
        out.say("This was a dry run: nothing was approved, nothing was sent.")
        problems = any(draft.has_errors for draft in open_drafts)
        return Exit.NEEDS_PERSON if problems else Exit.DONE
    left_out = False
    if open_drafts:
        approved = _approve(release, open_drafts, wish, user, out)
        left_out = approved < len(open_drafts)
        if not approved:
            return Exit.NEEDS_PERSON
    code = follow(release, wish.wait, out)
    return Exit.NEEDS_PERSON if code == Exit.DONE and left_out else code


def _drafts(release: Release) -> list[Upload]:
    rows = release.uploads.exclude(status=UploadStatus.CANCELLED)
    return list(
        rows.select_related("tracker", "duplicate_search")
        .defer("torrent_file", "site_torrent", "duplicate_search__answers")
        .order_by("pk")
    )


def _show(release: Release, drafts: list[Upload], out: Output) -> None:
    rows = []
    for draft in drafts:
        told = [
            f"{problem['field']}: {problem['message']}".removeprefix(": ")
            for problem in draft.problems
        ]
        duplicates, checked = duplicates_of(draft), checked_at(draft)
        told += [one["message"] for one in duplicates if one["strength"] in WARNED_OF]
        told += [asking_words(draft)] if asking_words(draft) else []
        title = str(draft.payload.get("title", ""))
        cells = [
            draft.tracker.slug,
            draft.get_status_display(),
            title,
            "\n".join(told) or "no problems",
        ]
        facts = {
            "event": "draft",
            "id": draft.pk,
            "tracker": draft.tracker.slug,
            "status": draft.status,
            "title": title,
            "digest": draft.digest,
            "problems": draft.problems,
            "duplicates": duplicates,
            "duplicates_checked_at": checked.isoformat() if checked else None,
        }
        rows.append(Row(cells, facts))
    out.table(str(release), ["Tracker", "Status", "Title", "Problems"], rows)


def _approve(
    release: Release, drafts: list[Upload], wish: Wish, user: User, out: Output
) -> int:
    """Approve what was shown, if the person says so; gives how many."""
    if all(draft.has_errors for draft in drafts):
        out.say(
            "Every draft has problems that must be solved first. Solve them on the "
            f"page of release {release.pk}, then give the same command.",
            event="waiting",
            id=release.pk,
        )
        return 0
    if not wish.yes and not _agreed(out):
        out.say(
            f"Release {release.pk} waits for approval.", event="waiting", id=release.pk
        )
        return 0
    require(user, "uploads.approve_upload", "approve uploads")
    report = release_approve(
        release_id=release.pk,
        actor_id=user.pk,
        note="Approved on the command line.",
        upload_ids=[draft.pk for draft in drafts],
        digests={draft.pk: draft.digest for draft in drafts},
    )
    for sentence in report.left_out:
        out.say(sentence, event="left_out")
    return len(report.approved)


def _agreed(out: Output) -> bool:
    """Ask, where somebody can answer."""
    if not sys.stdin.isatty():
        return False
    out.say("Approve and upload to these trackers? [y/N]", event="question")
    return sys.stdin.readline().strip().lower() in ("y", "yes")
