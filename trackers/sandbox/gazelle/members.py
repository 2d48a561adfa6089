"""Who is calling, and whether they may."""

from dataclasses import dataclass

from trackers.sandbox import accounts
from trackers.sandbox.gazelle.dialects import Dialect
from trackers.sandbox.gazelle.envelope import (
    RATE_LIMIT_SENTENCE,
    NotLoggedIn,
    Refusal,
    unknown_key,
)
from trackers.sandbox.records import TORRENT_SCOPE, USER_SCOPE, Account, Key
from trackers.sandbox.web import Request
from trackers.sandbox.world import World

_SCOPES = {
    **dict.fromkeys(("upload", "download", "torrent", "torrentgroup"), TORRENT_SCOPE),
    "user_torrents": USER_SCOPE,
}
_NEEDS_KEY = frozenset({"upload", "download"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A member, and how they logged in (`key` None: by cookie)."""

    account: Account
    key: Key | None


def admit(world: World, dialect: Dialect, request: Request, action: str) -> Caller:
    """Let a member in, and count the call. Raises `Refusal` or `NotLoggedIn`."""
    if dialect.slug == "ops" and world.address_banned:
        raise Refusal("your ip address has been banned", bare=True)
    header = request.headers.get("authorization", "").strip()
    if header:
        caller = _by_header(world, dialect, header)
    else:
        caller = _by_cookie(world, dialect, request)
    _count(world, dialect, caller, action)
    if action in _NEEDS_KEY and caller.key is None:
        _check_cookie_write(dialect, request, caller.account)
    scope = _SCOPES.get(action) if dialect.slug == "red" else None
    if scope and caller.key and scope not in caller.key.scopes:
        raise Refusal("This API key lacks the scope for this page.", status=401)
    return caller


def _by_header(world: World, dialect: Dialect, header: str) -> Caller:
    token = header
    if dialect.slug == "ops":
        words = header.split()
        if len(words) > 1 and words[0] != "token":
            raise Refusal('invalid authorization type, must be "token"', bare=True)
        token = words[-1]
    found = accounts.by_key(world.store, dialect.slug, token)
    if found is None:
        raise unknown_key(dialect)
    account, key = found
    if key.revoked:
        if dialect.slug == "ops":
            world.failed_logins += 1
        raise unknown_key(dialect)
    return Caller(account=account, key=key)


def _by_cookie(world: World, dialect: Dialect, request: Request) -> Caller:
    pairs = request.headers.get("cookie", "").split(";")
    cookies = dict(pair.strip().partition("=")[::2] for pair in pairs)
    session = cookies.get("session", "")
    account = accounts.by_session(world.store, dialect.slug, session)
    if account is None:
        raise NotLoggedIn
    return Caller(account=account, key=None)


def _check_cookie_write(dialect: Dialect, request: Request, account: Account) -> None:
    if dialect.slug == "red":
        raise Refusal("This page is limited to API key usage only.", status=401)
    if request.form.get("auth") != account.authkey:
        raise Refusal("This page requires an api token")


def _count(world: World, dialect: Dialect, caller: Caller, action: str) -> None:
    if not world.options.limits:
        return
    if dialect.slug == "ops":
        if not world.counter.allows(caller.account.user_id, action):
            raise Refusal(RATE_LIMIT_SENTENCE)
        return
    window = world.windows["red", "cookie" if caller.key is None else "key"]
    left, seconds = window.call(caller.account.user_id)
    if left < 0:
        raise Refusal(RATE_LIMIT_SENTENCE, status=429, retry_after=seconds)
