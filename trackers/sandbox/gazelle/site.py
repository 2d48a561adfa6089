"""`ajax.php`: the one address of a Gazelle site's API."""

from collections.abc import Callable

from trackers.sandbox.gazelle import browse, download, reading, upload
from trackers.sandbox.gazelle.desk import Desk
from trackers.sandbox.gazelle.dialects import Dialect
from trackers.sandbox.gazelle.envelope import Envelope, NotLoggedIn, Refusal
from trackers.sandbox.gazelle.members import admit
from trackers.sandbox.web import BadRequest, Request, Response
from trackers.sandbox.world import Route, World

Action = Callable[[Desk], Response]

_ACTIONS: dict[str, Action] = {
    "index": reading.index,
    "torrent": reading.torrent,
    "torrentgroup": reading.torrentgroup,
    "user_torrents": reading.user_torrents,
    "browse": browse.browse,
    "download": download.download,
    "upload": upload.upload,
}
_ONLY_RED = frozenset({"user_torrents"})


class GazelleSite:
    """One site's API."""

    def __init__(self, world: World, dialect: Dialect) -> None:
        self._world = world
        self._dialect = dialect
        self._envelope = Envelope(dialect)

    def route(self, request: Request) -> Route:
        """Which action this request asks for."""
        return Route(
            site=self._dialect.slug,
            action=request.query.get("action"),
            run=self._answer,
            voice=self._envelope,
        )

    def _answer(self, request: Request) -> Response:
        name = request.query.get("action")
        try:
            caller = admit(self._world, self._dialect, request, name)
            action = _ACTIONS.get(name)
            if action is None or (name in _ONLY_RED and self._dialect.slug != "red"):
                raise self._unknown_action()
            return action(
                Desk(
                    world=self._world,
                    dialect=self._dialect,
                    envelope=self._envelope,
                    request=request,
                    account=caller.account,
                )
            )
        except NotLoggedIn:
            return self._envelope.to_login()
        except Refusal as refusal:
            return self._envelope.failure(name, refusal)
        except BadRequest as exc:
            return self._envelope.failure(name, Refusal(str(exc)))

    def _unknown_action(self) -> Refusal:
        if self._dialect.slug == "ops":
            return Refusal("failure")
        return Refusal("endpoint not found", status=404)
