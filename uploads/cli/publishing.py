"""From paths to seeding, in one go at the terminal."""

from collections.abc import Sequence
from dataclasses import replace

from common.errors import AppError
from releases.states import ReleaseState
from trackers.types import WARNED_OF
from uploads.cli.connection import ServerUnreachable
from uploads.cli.desk import Desk
from uploads.cli.following import follow
from uploads.cli.output import Output, Row
from uploads.cli.preparing import Interrupted, begin, finish
from uploads.cli.questions import Person
from uploads.cli.views import ReleaseView, UploadView
from uploads.cli.wish import Exit, Wish
from uploads.states import UploadStatus

# The worst of many releases is told; whoever must act is told before who may wait.
GRAVITY = (
    *(Exit.DONE, Exit.STILL_RUNNING, Exit.NEEDS_PERSON),
    *(Exit.FAILED, Exit.USAGE, Exit.UNREACHABLE),
)


def publish(wishes: Sequence[Wish], desk: Desk, person: Person, out: Output) -> Exit:
    """Prepare, show, approve and follow releases. Raises AppError for bad input.

    All wishes are alike but for their paths. Of many, a bad one leaves the others be.
    """
    first = wishes[0]
    desk.check(first)
    if person.helps and not (first.trackers or first.yes or first.dry_run):
        chosen = person.trackers(desk.trackers())
        wishes = [replace(wish, trackers=chosen) for wish in wishes]
    code = _publish(wishes, desk, person, out)
    out.result(ok=code == Exit.DONE, exit_code=int(code))
    return code


def _publish(wishes: Sequence[Wish], desk: Desk, person: Person, out: Output) -> Exit:
    codes: list[Exit] = []
    begun: list[tuple[Wish, ReleaseView]] = []
    for wish in wishes:
        try:
            begun.append((wish, begin(wish, desk, out)))
        except AppError as exc:
            if len(wishes) == 1 or isinstance(exc, ServerUnreachable):
                raise
            _tell(exc, out, path=wish.path)
            codes.append(Exit.USAGE)
    to_follow: list[ReleaseView] = []
    try:
        for wish, release in begun:
            many = len(wishes) > 1
            code, goes = _decided(wish, release, desk, person, out, many=many)
            codes.append(code)
            if goes:
                to_follow.append(release)
    except Interrupted as exc:
        if not to_follow:
            raise
        raise KeyboardInterrupt from exc  # something was, before
    if to_follow:
        codes.append(follow(to_follow, wishes[0].wait, desk, out))
    return max(codes, key=GRAVITY.index)


def _decided(
    wish: Wish,
    release: ReleaseView,
    desk: Desk,
    person: Person,
    out: Output,
    *,
    many: bool,
) -> tuple[Exit, bool]:
    """What `_decide` says; of many, what is wrong with one is told and ends there."""
    try:
        return _decide(wish, release, desk, person, out)
    except ServerUnreachable:
        raise
    except AppError as exc:
        if not many:
            raise
        _tell(exc, out, path=wish.path)
        return Exit.USAGE, False


def _tell(exc: AppError, out: Output, *, path: str) -> None:
    out.say(f"{path}: {exc.message}", event="error", code=exc.code, path=path)


def _decide(
    wish: Wish, release: ReleaseView, desk: Desk, person: Person, out: Output
) -> tuple[Exit, bool]:
    """Show what a release would say, and approve it: the code so far, and whether
    there is something to follow."""
    drafts = _mended(wish, release, desk, person, out)
    if isinstance(drafts, Exit):
        return drafts, False
    open_drafts = _open(drafts)
    if wish.dry_run:
        out.say("This was a dry run: nothing was approved, nothing was sent.")
        return (Exit.NEEDS_PERSON if _errors(drafts) else Exit.DONE), False
    if not open_drafts:
        return Exit.DONE, True
    approved = _approve(release, open_drafts, wish, desk, person, out)
    all_of_it = approved == len(open_drafts)
    return (Exit.DONE if all_of_it else Exit.NEEDS_PERSON), approved > 0


def _mended(
    wish: Wish, release: ReleaseView, desk: Desk, person: Person, out: Output
) -> Sequence[UploadView] | Exit:
    """What a release would say, after what is missing was asked for."""
    drafts = _prepared(release, desk, out)
    while not isinstance(drafts, Exit) and _errors(drafts):
        if not person.helps or wish.yes or wish.dry_run:
            break
        fields = person.fields(_open(drafts))
        if not fields:
            break
        try:
            desk.edit(release.id, fields)
        except AppError as exc:
            if exc.code != "metadata_invalid":
                raise
            out.say(exc.message, event="error", code=exc.code)
            continue
        desk.prepare_again(release.id)
        drafts = _prepared(release, desk, out)
    return drafts


def _open(uploads: Sequence[UploadView]) -> list[UploadView]:
    return [one for one in uploads if one.status == UploadStatus.DRAFT]


def _errors(uploads: Sequence[UploadView]) -> bool:
    return any(one.has_errors for one in _open(uploads))


def _prepared(
    release: ReleaseView, desk: Desk, out: Output
) -> Sequence[UploadView] | Exit:
    """What a release would say once it is prepared, shown; or why there is nothing."""
    seen = finish(release, desk, out)
    if seen.state == ReleaseState.FAILED:
        message = seen.error.get("message", "Preparation failed.")
        out.say(message, event="failed", code=seen.error.get("code", ""))
        return Exit.FAILED
    drafts = desk.uploads(release.id, whole=True)
    if drafts:
        _show(seen, drafts, out)
        return drafts
    out.say(
        f"No active tracker takes a release of kind {seen.kind}, so there is "
        "nothing to send. Look at the trackers in the admin.",
        event="waiting",
        id=release.id,
    )
    return Exit.NEEDS_PERSON


def _show(release: ReleaseView, drafts: Sequence[UploadView], out: Output) -> None:
    rows = []
    for draft in drafts:
        told = [
            f"{problem['field']}: {problem['message']}".removeprefix(": ")
            for problem in draft.problems
        ]
        told += dict.fromkeys(
            one["message"] for one in draft.duplicates if one["strength"] in WARNED_OF
        )
        told += [draft.duplicates_problem] if draft.duplicates_problem else []
        cells = [
            draft.tracker,
            draft.status_words,
            draft.title,
            "\n".join(told) or "no problems",
        ]
        facts = {
            "event": "draft",
            "id": draft.id,
            "release": draft.release,
            "tracker": draft.tracker,
            "status": draft.status,
            "title": draft.title,
            "digest": draft.digest,
            "problems": draft.problems,
            "duplicates": draft.duplicates,
            "duplicates_checked_at": draft.duplicates_checked_at,
        }
        rows.append(Row(cells, facts))
    out.table(str(release), ["Tracker", "Status", "Title", "Problems"], rows)


def _approve(
    release: ReleaseView,
    drafts: Sequence[UploadView],
    wish: Wish,
    desk: Desk,
    person: Person,
    out: Output,
) -> int:
    """Approve what was shown, if the person says so; gives how many."""
    if all(draft.has_errors for draft in drafts):
        out.say(
            "Every draft has problems that must be solved first. Solve them on the "
            f"page of release {release.id}, then give the same command.",
            event="waiting",
            id=release.id,
        )
        return 0
    if not wish.yes and not person.agrees(_question(drafts)):
        out.say(
            f"Release {release.id} waits for approval.", event="waiting", id=release.id
        )
        return 0
    digests = {draft.id: draft.digest for draft in drafts}
    approved, left_out = desk.approve(release.id, digests)
    for sentence in left_out:
        out.say(sentence, event="left_out")
    return approved


def _question(drafts: Sequence[UploadView]) -> str:
    """What the person agrees to, warnings and all."""
    good = [draft for draft in drafts if not draft.has_errors]
    doubts = sum(len(draft.problems) + len(draft.duplicates) for draft in good)
    if not doubts:
        return "Approve and upload to these trackers?"
    said = "1 warning" if doubts == 1 else f"{doubts} warnings"
    return f"Approve and upload to these trackers in spite of {said}?"
