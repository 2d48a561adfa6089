"""The `upload` action: check, rewrite, store once, answer."""

import hashlib
from html import escape
from typing import Any

from trackers.sandbox.gazelle import parcels, rules, tags
from trackers.sandbox.gazelle.desk import Desk
from trackers.sandbox.gazelle.dialects import MUSIC
from trackers.sandbox.gazelle.envelope import Refusal
from trackers.sandbox.records import Group, Torrent
from trackers.sandbox.torrents import Registered, Submitted, register
from trackers.sandbox.web import Form, Response, SentFile, json_response, whole

LARGEST_FORM = 8 * 1024 * 1024
"""PHP empties a larger form (`post_max_size`)."""
_SECRET_FIELDS = frozenset({"auth"})
_ANONYMOUS_FILE = SentFile(name="", content=b"")


def upload(desk: Desk) -> Response:
    """Take in one torrent, or say why not."""
    form = desk.request.form if len(desk.request.body) <= LARGEST_FORM else Form()
    dry = desk.dialect.has_dry_run and form.get("dryrun") not in ("", "0", "false")
    if not dry:
        return _take_in(desk, form)
    try:
        _, submitted, registered = _check(desk, form)
    except Refusal as refusal:
        return json_response(
            {"status": "dry run failure", "data": {"error": refusal.sentence}}, 400
        )
    return json_response(
        {
            "status": "dry run success",
            "data": {
                "infohash": registered.infohash.upper(),
                "name": submitted.name,
                "private": registered.was_private,
                "source": registered.had_source,
            },
        }
    )


def _take_in(desk: Desk, form: Form) -> Response:
    if not desk.account.may_upload:
        raise Refusal("Your upload privileges have been revoked.")
    with desk.store.held():
        category, submitted, registered = _check(desk, form)
        with desk.store.transaction():
            group, is_new = _group(desk, form, category)
            torrent = _torrent(desk, form, group, submitted, registered)
            desk.store.save_torrent(torrent, registered.content)
    desk.world.journal.stored(desk.request.id, torrent.id)
    return desk.success(_answer(desk, form, group, torrent, is_new=is_new))


def _check(desk: Desk, form: Form) -> tuple[int, Submitted, Registered]:
    """Everything a site looks at before it stores; raises the first `Refusal`."""
    banned = desk.world.options.banned_image_hosts
    category = rules.check_form(form, desk.dialect, banned)
    submitted = parcels.open_parcel(form.file("file_input"))
    parcels.check_folder(submitted)
    registered = register(submitted, desk.dialect.source)
    there = desk.store.torrent_by_hash(desk.slug, registered.infohash)
    if there is not None:
        _restore_if_lost(desk, there, registered)
        raise _duplicate(desk, there.id, submitted.name)
    parcels.check_files(submitted, desk.dialect)
    return category, submitted, registered


def _link(torrent_id: int, words: str) -> str:
    return f'<a href="torrents.php?torrentid={torrent_id}">{escape(words)}</a>'


def _duplicate(desk: Desk, torrent_id: int, name: str) -> Refusal:
    return Refusal(
        "The exact same torrent file already exists on the site! "
        + _link(torrent_id, name)
    )


def _restore_if_lost(desk: Desk, there: Torrent, registered: Registered) -> None:
    if desk.store.content(desk.slug, there.id) is None:
        desk.store.set_content(desk.slug, there.id, registered.content)
        link = _link(there.id, there.name)
        raise Refusal(f"Thank you for fixing this torrent {link}")


def _group(desk: Desk, form: Form, category: int) -> tuple[Group, bool]:
    """The group the torrent belongs to, and whether it was made for it."""
    if category == MUSIC:
        known = _known_group(desk, form)
        if known is not None:
            return known, False
    music = category == MUSIC
    artists = zip(form.all("artists[]"), form.all("importance[]"), strict=False)
    group = Group(
        site=desk.slug,
        id=desk.store.next_number(desk.slug, "group", desk.dialect.first_group),
        name=form.get("title").strip(),
        year=_number(form.get("year")),
        category=category + 1,
        tags=tags.normalise(form.get("tags")),
        image=form.get("image"),
        description=form.get("album_desc") or form.get("desc"),
        created_at=desk.world.clock(),
        artists=tuple((n, int(role)) for n, role in artists) if music else (),
        release_type=_number(form.get("releasetype")) if music else 0,
        record_label=form.get("record_label") if music else "",
        catalogue_number=form.get("catalogue_number") if music else "",
    )
    desk.store.save_group(group)
    return group, True


def _known_group(desk: Desk, form: Form) -> Group | None:
    """Music joins the group it names, or on Orpheus the one that is the same work."""
    if form.get("groupid"):
        named = desk.store.group(desk.slug, _number(form.get("groupid")))
        if named is None:
            raise Refusal("bad parameters")
        return named
    if desk.slug != "ops":
        return None
    pairs = zip(form.all("artists[]"), form.all("importance[]"), strict=False)
    wanted = {name.casefold() for name, role in pairs if role == "1"}
    for group in desk.store.groups(desk.slug):
        main = {name.casefold() for name, role in group.artists if role == 1}
        if (
            group.category == MUSIC + 1
            and main == wanted
            and group.name.casefold() == form.get("title").strip().casefold()
            and group.year == _number(form.get("year"))
            and group.release_type == _number(form.get("releasetype"))
        ):
            return group
    return None


def _torrent(
    desk: Desk, form: Form, group: Group, submitted: Submitted, registered: Registered
) -> Torrent:
    sent = form.file("file_input") or _ANONYMOUS_FILE
    music = group.category == MUSIC + 1
    edition = form if music and "remaster" in form else Form()
    return Torrent(
        site=desk.slug,
        id=desk.store.next_number(desk.slug, "torrent", desk.dialect.first_torrent),
        group_id=group.id,
        user_id=desk.account.user_id,
        username=desk.account.username,
        infohash=registered.infohash,
        name=submitted.name,
        file_path=submitted.folder,
        files=submitted.files,
        size=submitted.size,
        uploaded_at=desk.world.clock(),
        media=form.get("media") if music else "",
        format=form.get("format"),
        encoding=_encoding(form),
        description=form.get("release_desc"),
        remastered="remaster" in edition,
        remaster_year=_number(edition.get("remaster_year")),
        remaster_title=edition.get("remaster_title"),
        remaster_record_label=edition.get("remaster_record_label"),
        remaster_catalogue_number=edition.get("remaster_catalogue_number"),
        scene="scene" in form,
        form=tuple(
            (name, "(not kept)" if name in _SECRET_FIELDS else value)
            for name, value in form.pairs
        ),
        file_name=sent.name,
        file_size=len(sent.content),
        file_sha256=hashlib.sha256(sent.content).hexdigest(),
        was_private=registered.was_private,
        had_source=registered.had_source,
        warnings=_warnings(desk, submitted, registered),
    )


def _encoding(form: Form) -> str:
    bitrate = form.get("bitrate")
    if bitrate != "Other":
        return bitrate
    return form.get("other_bitrate") + (" (VBR)" if form.get("vbr") else "")


def _number(text: str) -> int:
    return whole(text) or 0


def _warnings(
    desk: Desk, submitted: Submitted, registered: Registered
) -> tuple[str, ...]:
    warnings = []
    if not registered.was_private:
        warnings.append("The torrent was not <b>private</b>; it has been made so.")
    if not registered.had_source:
        flag = desk.dialect.source
        warnings.append(f"The source flag was not <b>{flag}</b>; it has been set.")
    if warnings:
        warnings.append("You must download the torrent again before you seed it.")
    if submitted.folder and any(
        other.file_path == submitted.folder for other in desk.store.torrents(desk.slug)
    ):
        warnings.append(
            f"Another torrent has the folder <b>{escape(submitted.folder)}</b> too."
        )
    return tuple(warnings)


def _answer(
    desk: Desk, form: Form, group: Group, torrent: Torrent, *, is_new: bool
) -> dict[str, Any]:
    flags: dict[str, Any] = {
        "private": torrent.was_private,
        "source": torrent.had_source,
    }
    request_id = form.get("requestid")
    if desk.slug == "red":
        return {
            **flags,
            "requestid": -1 if request_id else None,
            "torrentid": torrent.id,
            "groupid": group.id,
            "newgroup": is_new,
        }
    answer: dict[str, Any] = {
        "groupId": group.id,
        "torrentId": torrent.id,
        **flags,
        "warnings": list(torrent.warnings),
    }
    if request_id:
        answer["fillRequest"] = {"status": 400, "error": "bad parameters"}
    return answer
