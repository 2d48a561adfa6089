"""Which stand-in answers which address."""

from trackers.sandbox.announce import Announce
from trackers.sandbox.audnexus.service import Audnexus
from trackers.sandbox.control import Control
from trackers.sandbox.gazelle.dialects import DIALECTS
from trackers.sandbox.gazelle.site import GazelleSite
from trackers.sandbox.pages.views import Pages
from trackers.sandbox.web import Request, Response, html_response
from trackers.sandbox.world import Route, World


class Application:
    """All stand-ins behind one address."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sites = {
            slug: GazelleSite(world, dialect) for slug, dialect in DIALECTS.items()
        }
        self._announce = Announce(world)
        self._audnexus = Audnexus(world)
        self._control = Control(world)
        self._pages = Pages(world)

    def route(self, request: Request) -> Route:
        """Find who answers; addresses nobody knows get the pages' 404."""
        if not request.is_local:
            return Route(site="pages", action=request.path, run=_misdirected)
        first, _, rest = request.path.lstrip("/").partition("/")
        if first in self._sites and rest == "ajax.php":
            return self._sites[first].route(request)
        if first == "announce":
            return self._announce.route(request, rest)
        if first == "audnexus":
            return self._audnexus.route(request, rest)
        if first == "control":
            return self._control.route(request, rest)
        return self._pages.route(request)


def _misdirected(request: Request) -> Response:
    return html_response("The sandbox only answers to 127.0.0.1 and localhost.", 403)
