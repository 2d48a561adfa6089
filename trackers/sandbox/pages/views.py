"""The pages: home, members, a site's uploads, one upload, and the fault switches."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from trackers.sandbox.accounts import SAMPLES
from trackers.sandbox.control import foreign
from trackers.sandbox.faults import ANY, KINDS
from trackers.sandbox.gazelle.desk import stamp
from trackers.sandbox.gazelle.dialects import CATEGORIES, DIALECTS, Dialect
from trackers.sandbox.markup import render_description
from trackers.sandbox.records import Group, Peer, Torrent
from trackers.sandbox.web import Request, Response, html_response, redirect, whole
from trackers.sandbox.world import Route, World

_HERE = Path(__file__).parent
ACTIONS = ("upload", "index", "torrent", "browse", "download", "announce", ANY)
RECENT = 5
LATEST_REQUESTS = 12
PAGE_SIZE = 50
_POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; form-action 'self'; base-uri 'none';"
    " img-src http: https:; frame-ancestors 'none'"
)


class Pages:
    """Everything at addresses that no stand-in has."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._engine = Engine(dirs=[str(_HERE / "templates")])
        self._style = (_HERE / "style.css").read_bytes()
        self._icon = (_HERE / "icon.svg").read_bytes()

    def route(self, request: Request) -> Route:
        """Pages neither fail on command nor appear in the journal."""
        return Route(site="pages", action=request.path, run=self._answer)

    def _answer(self, request: Request) -> Response:
        if request.path == "/style.css":
            return Response(body=self._style, content_type="text/css; charset=utf-8")
        if request.path == "/icon.svg":
            return Response(body=self._icon, content_type="image/svg+xml")
        if request.path == "/faults" and request.method == "POST":
            return self._switch(request)
        if request.method not in ("GET", "HEAD"):
            return self._missing()
        match request.path.strip("/").split("/"):
            case [""]:
                return self._home()
            case ["accounts"]:
                return self._members()
            case [slug] | [slug, "index.php"] if slug in DIALECTS:
                return self._site(DIALECTS[slug], request)
            case [slug, "torrents.php"] if slug in DIALECTS:
                return self._upload(DIALECTS[slug], request)
            case [slug, "login.php"] if slug in DIALECTS:
                return self._page("login.html", {"site": DIALECTS[slug]})
            case _:
                return self._missing()

    def _page(
        self, name: str, values: Mapping[str, Any], status: int = 200
    ) -> Response:
        template = self._engine.get_template(name)
        text = template.render(
            Context({"sites": list(DIALECTS.values()), **values}, use_l10n=False)
        )
        headers = (
            ("Content-Security-Policy", _POLICY),
            # With "no-referrer" a browser would call our own forms' origin "null".
            ("Referrer-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        )
        return html_response(text, status, headers)

    def _missing(self) -> Response:
        return self._page("missing.html", {}, 404)

    def _home(self) -> Response:
        cards = [self._card(dialect) for dialect in DIALECTS.values()]
        journal = self._world.journal.latest(LATEST_REQUESTS)
        return self._page(
            "home.html",
            {
                "cards": cards,
                "origin": self._world.origin,
                "requests": [
                    {"record": record, "at": stamp(record.at)[11:]}
                    for record in journal
                ],
                **self._switches(),
            },
        )

    def _members(self) -> Response:
        """The made-up members with their keys: the one page that shows keys."""
        members = [
            {
                "site": dialect,
                "base_url": f"{self._world.origin}/{dialect.slug}",
                "samples": [one for one in SAMPLES if one.site == dialect.slug],
            }
            for dialect in DIALECTS.values()
        ]
        return self._page("accounts.html", {"members": members, "here": "accounts"})

    def _card(self, dialect: Dialect) -> dict[str, Any]:
        torrents = self._world.store.torrents(dialect.slug)
        return {
            "site": dialect,
            "count": len(torrents),
            "base_url": f"{self._world.origin}/{dialect.slug}",
            "rows": [self._row(torrent) for torrent in torrents[:RECENT]],
        }

    def _row(self, torrent: Torrent) -> dict[str, Any]:
        group = self._world.store.group_of(torrent)
        peers = self._world.peers(torrent.site, torrent.infohash)
        return {
            "torrent": torrent,
            "title": group.name,
            "category": CATEGORIES[group.category - 1],
            "at": stamp(torrent.uploaded_at),
            "size": size_text(torrent.size),
            "seeders": sum(peer.left == 0 for peer in peers),
        }

    def _site(self, dialect: Dialect, request: Request) -> Response:
        torrents = self._world.store.torrents(dialect.slug)
        asked = whole(request.query.get("page", "1")) or 1
        page = asked if asked < 10_000 else 1
        end = page * PAGE_SIZE
        return self._page(
            "site.html",
            {
                "site": dialect,
                "count": len(torrents),
                "rows": [self._row(each) for each in torrents[end - PAGE_SIZE : end]],
                "previous": page - 1,
                "following": page + 1 if end < len(torrents) else 0,
                "base_url": f"{self._world.origin}/{dialect.slug}",
                "announce": f"{self._world.origin}/announce/{dialect.slug}/(passkey)",
                **self._switches(dialect.slug),
            },
        )

    def _upload(self, dialect: Dialect, request: Request) -> Response:
        torrent = self._asked_for(dialect.slug, request)
        if torrent is None:
            return self._missing()
        group = self._world.store.group_of(torrent)
        peers = self._world.peers(dialect.slug, torrent.infohash)
        return self._page("upload.html", _upload_values(dialect, torrent, group, peers))

    def _asked_for(self, slug: str, request: Request) -> Torrent | None:
        number = whole(request.query.get("torrentid"))
        if number is not None:
            return self._world.store.torrent(slug, number)
        number = whole(request.query.get("id"))
        if number is None:
            return None
        in_group = self._world.store.torrents(slug, number)
        return in_group[0] if in_group else None

    def _switches(self, site: str = "") -> dict[str, Any]:
        return {
            "kinds": list(KINDS.values()),
            "actions": ACTIONS,
            "chosen_site": site,
            "faults": [
                {"fault": fault, "label": KINDS[fault.fault].label}
                for fault in self._world.faults.list()
            ],
        }

    def _switch(self, request: Request) -> Response:
        if foreign(request):
            return self._missing()
        form = request.form
        if "clear" in form:
            self._world.faults.clear(whole(form.get("clear")))
        else:
            times, seconds = whole(form.get("times")), whole(form.get("seconds"))
            try:
                self._world.faults.add(
                    site=form.get("site"),
                    action=form.get("action") or ANY,
                    fault=form.get("fault"),
                    times=1 if times is None else times,
                    seconds=seconds or 0,
                )
            except ValueError:
                return self._missing()
        back = form.get("back")
        return redirect(f"/{back}/#faults" if back in DIALECTS else "/#faults", 303)


def _upload_values(
    dialect: Dialect, torrent: Torrent, group: Group, peers: list[Peer]
) -> dict[str, Any]:
    seeding = [peer for peer in peers if peer.left == 0]
    return {
        "site": dialect,
        "torrent": torrent,
        "group": group,
        "category": CATEGORIES[group.category - 1],
        "at": stamp(torrent.uploaded_at),
        "size": size_text(torrent.size),
        "files": [(path, size_text(size)) for path, size in torrent.files],
        "description": render_description(group.description, dialect.slug),
        "release_description": render_description(torrent.description, dialect.slug),
        "artists": ", ".join(name for name, _ in group.artists),
        "peers": [{"peer": peer, "at": stamp(peer.seen_at)} for peer in peers],
        "seeders": len(seeding),
        "leechers": len(peers) - len(seeding),
    }


def size_text(size: int) -> str:
    """Bytes for people: `853.2 KiB`."""
    if size < 1024:
        return f"{size} B"
    amount = float(size)
    for unit in ("KiB", "MiB", "GiB"):
        amount /= 1024
        if amount < 1024:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1024:.1f} TiB"
