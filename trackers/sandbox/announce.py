"""The announce endpoint: where torrent clients report, per site (BEP 3, 7, 23)."""

import ipaddress
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from trackers.sandbox import accounts, bencode
from trackers.sandbox.gazelle.dialects import DIALECTS
from trackers.sandbox.records import Account, Peer
from trackers.sandbox.web import Request, Response
from trackers.sandbox.world import Route, World

MOST_PEERS = 50
SHORTEST_INTERVAL = 5
Query = dict[str, bytes]


class _Failure(Exception):
    """The announce is refused; the message goes to the torrent client."""


class Announce:
    """`/announce/<site>/<passkey>`; also its own `Voice` for planned faults."""

    def __init__(self, world: World) -> None:
        self._world = world

    def route(self, request: Request, rest: str) -> Route:
        """Announces of every site; an unknown site fails like a wrong passkey."""
        site, _, passkey = rest.partition("/")
        passkey = passkey.removesuffix("/announce")

        def run(asked: Request) -> Response:
            return self._answer(site, passkey, asked)

        return Route(site=site, action="announce", run=run, voice=self)

    def refuse(self, action: str, message: str) -> Response:
        """A refusal on command."""
        return _failed(message or "Torrent client is not allowed")

    def bad_key(self, action: str) -> Response:
        """The answer to an unknown passkey."""
        return _failed("Passkey not found")

    def rate_limited(self, action: str, seconds: int) -> Response:
        """The answer to announcing too often."""
        return _failed(f"Announcing too often, wait {seconds} seconds")

    def _answer(self, site: str, passkey: str, request: Request) -> Response:
        try:
            return _bencoded(self._announce(site, passkey, request))
        except _Failure as exc:
            return _failed(str(exc))

    def _announce(self, site: str, passkey: str, request: Request) -> dict[str, Any]:
        account = accounts.by_passkey(self._world.store, site, passkey)
        if site not in DIALECTS or account is None:
            raise _Failure("Passkey not found")
        query = _query(request.target)
        raw_hash = query.get("info_hash", b"")
        if len(raw_hash) != 20:
            raise _Failure("Malformed info_hash")
        infohash = raw_hash.hex()
        if self._world.store.torrent_by_hash(site, infohash) is None:
            raise _Failure("Unregistered torrent")
        peer = self._peer(account, infohash, query, request)
        if peer.event == "stopped":
            self._world.store.remove_peer(site, infohash, peer.peer_id)
        else:
            self._world.store.save_peer(peer)
        return self._swarm(peer, query)

    def _peer(
        self, account: Account, infohash: str, query: Query, request: Request
    ) -> Peer:
        peer_id = query.get("peer_id", b"")
        port = _number(query, "port")
        if not peer_id or not 0 < port < 65536:
            raise _Failure("Malformed announce: peer_id and port are needed")
        return Peer(
            site=account.site,
            infohash=infohash,
            peer_id=peer_id.hex(),
            username=account.username,
            ip=request.remote,
            port=port,
            left=_number(query, "left"),
            uploaded=_number(query, "uploaded"),
            downloaded=_number(query, "downloaded"),
            event=query.get("event", b"").decode("ascii", "replace"),
            agent=request.agent,
            seen_at=self._world.clock(),
        )

    def _swarm(self, me: Peer, query: Query) -> dict[str, Any]:
        everyone = self._world.peers(me.site, me.infohash)
        seeders = sum(peer.left == 0 for peer in everyone)
        others = [peer for peer in everyone if peer.peer_id != me.peer_id]
        if me.left == 0:
            others = [peer for peer in others if peer.left]
        wanted = _number(query, "numwant") if "numwant" in query else MOST_PEERS
        others = others[: min(wanted, MOST_PEERS)]
        interval = max(self._world.options.peer_interval, SHORTEST_INTERVAL)
        return {
            "complete": seeders,
            "incomplete": len(everyone) - seeders,
            "downloaded": 0,
            "interval": interval,
            "min interval": SHORTEST_INTERVAL,
            "peers": _compact(others)
            if query.get("compact") != b"0"
            else [_verbose(peer) for peer in others],
        }


def _query(target: str) -> Query:
    """The arguments as bytes: an info_hash is not text."""
    pairs = (part.partition("=") for part in urlsplit(target).query.split("&"))
    return {name: unquote_to_bytes(value) for name, _, value in pairs}


def _number(query: Query, name: str) -> int:
    text = query.get(name, b"0")
    if not text.isdigit() or len(text) > 18:
        raise _Failure(f"Malformed announce: {name} is no number")
    return int(text)


def _compact(peers: list[Peer]) -> bytes:
    return b"".join(
        ipaddress.IPv4Address(peer.ip).packed + peer.port.to_bytes(2, "big")
        for peer in peers
    )


def _verbose(peer: Peer) -> dict[str, Any]:
    return {"peer id": bytes.fromhex(peer.peer_id), "ip": peer.ip, "port": peer.port}


def _failed(reason: str) -> Response:
    return _bencoded({"failure reason": reason})


def _bencoded(value: dict[str, Any]) -> Response:
    return Response(body=bencode.encode(value), content_type="text/plain")
