"""The control API: what tests and scripts ask of the sandbox itself (JSON)."""

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from trackers.sandbox import accounts
from trackers.sandbox.faults import ANY, KINDS, UnknownFault
from trackers.sandbox.gazelle.dialects import DIALECTS
from trackers.sandbox.records import ALL_SCOPES, Key, Torrent
from trackers.sandbox.web import (
    MOST_DIGITS,
    BadRequest,
    Request,
    Response,
    json_response,
)
from trackers.sandbox.world import Route, World

Answer = Callable[[Request], Any]


class Control:
    """`/control/...`; docs/sandbox.md lists the calls."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._answers: dict[tuple[str, str], Answer] = {
            ("GET", "health"): lambda request: {"status": "ok"},
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "uploads"): self._uploads,
            ("GET", "requests"): self._requests,
            ("GET", "seeders"): self._seeders,
            ("GET", "accounts"): self._accounts,
            ("POST", "accounts"): self._add_account,
            ("POST", "options"): self._change_options,
            ("POST", "lose"): self._lose,
            ("POST", "reset"): self._reset,
        }

    def route(self, request: Request, name: str) -> Route:
        """Control calls are never failed and never journalled."""
        return Route(site="control", action=name.rstrip("/"), run=self._answer)

    def _answer(self, request: Request) -> Response:
        name = request.path.rstrip("/").rpartition("/")[2]
        answer = self._answers.get((request.method, name))
        if answer is None:
            known = ", ".join(f"{method} {path}" for method, path in self._answers)
            return json_response({"error": f"Unknown call; there are: {known}."}, 404)
        if foreign(request):
            return json_response(
                {"error": "Only calls from this machine's pages."}, 403
            )
        try:
            return json_response(answer(request))
        except (BadRequest, UnknownFault, ValueError) as exc:
            return json_response({"error": str(exc)}, 400)

    def _faults(self, request: Request) -> Any:
        waiting = [asdict(fault) for fault in self._world.faults.list()]
        kinds = {kind.name: kind.label for kind in KINDS.values()}
        return {"faults": waiting, "kinds": kinds}

    def _add_fault(self, request: Request) -> Any:
        wanted = request.json()
        for name, kind in (("site", str), ("fault", str)):
            if not isinstance(wanted.get(name), kind):
                raise BadRequest(f"{name} is needed, as text.")
        times = wanted.get("times", 1)
        seconds = wanted.get("seconds", 0)
        status = wanted.get("status", 0)
        if not (times is None or _whole(times)) or not _whole(status):
            raise BadRequest("times and status are whole numbers, 0 or more.")
        if status not in {0, *HTTPStatus}:
            raise BadRequest("status is one that HTTP knows.")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise BadRequest("seconds is a number.")
        return asdict(
            self._world.faults.add(
                site=wanted["site"],
                action=str(wanted.get("action") or ANY),
                fault=wanted["fault"],
                times=times,
                seconds=seconds,
                message=str(wanted.get("message") or ""),
                status=status,
            )
        )

    def _clear_faults(self, request: Request) -> Any:
        number = request.query.get("id")
        self._world.faults.clear(int(number) if number else None)
        return {"faults": [asdict(fault) for fault in self._world.faults.list()]}

    def _uploads(self, request: Request) -> Any:
        site = request.query.get("site")
        return {
            "uploads": [
                self._upload(torrent)
                for slug in DIALECTS
                if site in ("", slug)
                for torrent in reversed(self._world.store.torrents(slug))
            ]
        }

    def _upload(self, torrent: Torrent) -> dict[str, Any]:
        group = self._world.store.group_of(torrent)
        peers = self._world.peers(torrent.site, torrent.infohash)
        content = self._world.store.content(torrent.site, torrent.id)
        return {
            **asdict(torrent),
            "group": asdict(group),
            "seeders": sum(peer.left == 0 for peer in peers),
            "content": None if content is None else content.hex(),
            "url": f"{self._world.origin}/{torrent.site}/torrents.php"
            f"?id={torrent.group_id}&torrentid={torrent.id}",
        }

    def _requests(self, request: Request) -> Any:
        found = self._world.journal.list(
            request.query.get("site"), request.query.get("action")
        )
        return {"requests": [asdict(record) for record in found]}

    def _seeders(self, request: Request) -> Any:
        site = request.query.get("site")
        return {
            "seeders": [
                {**asdict(peer), "torrent_id": torrent.id}
                for slug in DIALECTS
                if site in ("", slug)
                for torrent in self._world.store.torrents(slug)
                for peer in self._world.peers(slug, torrent.infohash)
                if peer.left == 0
            ]
        }

    def _accounts(self, request: Request) -> Any:
        return {
            "accounts": [
                {
                    "site": slug,
                    "username": account.username,
                    "user_id": account.user_id,
                    "may_upload": account.may_upload,
                    "keys": len(account.keys),
                }
                for slug in DIALECTS
                for account in self._world.store.accounts(slug)
            ]
        }

    def _add_account(self, request: Request) -> Any:
        wanted = request.json()
        site, username = str(wanted.get("site")), str(wanted.get("username") or "")
        if site not in DIALECTS or not username:
            raise BadRequest(f"site ({' or '.join(DIALECTS)}) and username are needed.")
        scopes = wanted.get("scopes", list(ALL_SCOPES))
        key = str(wanted.get("key") or accounts.made_up_token(f"{site} {username}"))
        user_id = self._world.store.next_number(site, "user", 90_000)
        account = accounts.make_account(
            site,
            username,
            user_id,
            (
                Key(
                    digest=accounts.digest(key),
                    scopes=tuple(map(str, scopes)),
                    revoked=wanted.get("revoked", False) is True,
                ),
            ),
            str(wanted.get("passkey") or ""),
            may_upload=wanted.get("may_upload", True) is True,
        )
        self._world.store.save_account(account)
        return {
            "site": site,
            "username": username,
            "user_id": user_id,
            "key": key,
            "passkey": account.passkey,
        }

    def _change_options(self, request: Request) -> Any:
        self._world.options.change(request.json())
        return asdict(self._world.options)

    def _lose(self, request: Request) -> Any:
        wanted = request.json()
        site, number = str(wanted.get("site")), wanted.get("id", -1)
        if not _whole(number) or self._world.store.torrent(site, number) is None:
            raise BadRequest("site and the id of one of its torrents are needed.")
        self._world.store.set_content(site, number, None)
        return {"lost": number}

    def _reset(self, request: Request) -> Any:
        self._world.reset()
        return {"status": "reset"}


def foreign(request: Request) -> bool:
    """Whether a page of another site sent this: its Origin is not ours.

    Programs send none. A page that hides its own says "null", as ours never do.
    """
    host = request.headers.get("host", "")
    return request.headers.get("origin", "") not in ("", f"http://{host}")


def _whole(value: Any) -> bool:
    """A number as `whole` takes it."""
    plain = isinstance(value, int) and not isinstance(value, bool)
    return plain and 0 <= value < 10**MOST_DIGITS
