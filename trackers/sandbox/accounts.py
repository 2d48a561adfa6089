"""Made-up members. Their keys open nothing but the sandbox, so they are public."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from trackers.sandbox.records import ALL_SCOPES, Account, Key
from trackers.sandbox.store import Store


def made_up_token(name: str) -> str:
    """A token as Orpheus makes them: base64 of 87 bytes, 116 characters."""
    return base64.b64encode(hashlib.shake_256(name.encode()).digest(87)).decode()


def made_up_hex(name: str) -> str:
    """32 hex digits, as a passkey or authkey."""
    return hashlib.shake_256(name.encode()).hexdigest(16)


RED_KEY = "sandbox-red-key-0001"
RED_KEY_NO_UPLOAD = "sandbox-red-key-noupload"
RED_KEY_OTHER_MEMBER = "sandbox-red-key-0002"
RED_PASSKEY = made_up_hex("red passkey")
OPS_TOKEN = made_up_token("ops token 0001")
OPS_TOKEN_OTHER_MEMBER = made_up_token("ops token 0002")
OPS_TOKEN_REVOKED = made_up_token("ops token revoked")
OPS_PASSKEY = made_up_hex("ops passkey")


def digest(key: str) -> str:
    """How a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def make_account(
    site: str,
    username: str,
    user_id: int,
    keys: tuple[Key, ...] = (),
    passkey: str = "",
    *,
    may_upload: bool = True,
) -> Account:
    """A member whose other secrets follow from the name, so that they never vary."""
    return Account(
        site=site,
        username=username,
        user_id=user_id,
        passkey=passkey or made_up_hex(f"{site} {username} passkey"),
        authkey=made_up_hex(f"{site} {username} authkey"),
        session=made_up_hex(f"{site} {username} session"),
        keys=keys,
        may_upload=may_upload,
    )


DEFAULTS = (
    make_account(
        "red",
        "rehearsal",
        70001,
        (
            Key(digest=digest(RED_KEY)),
            Key(
                digest=digest(RED_KEY_NO_UPLOAD),
                scopes=tuple(scope for scope in ALL_SCOPES if scope != "torrents"),
            ),
        ),
        RED_PASSKEY,
    ),
    make_account(
        "red", "understudy", 70002, (Key(digest=digest(RED_KEY_OTHER_MEMBER)),)
    ),
    make_account(
        "ops",
        "rehearsal",
        80001,
        (
            Key(digest=digest(OPS_TOKEN)),
            Key(digest=digest(OPS_TOKEN_REVOKED), revoked=True),
        ),
        OPS_PASSKEY,
    ),
    make_account(
        "ops", "understudy", 80002, (Key(digest=digest(OPS_TOKEN_OTHER_MEMBER)),)
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A made-up key as a person is shown it."""

    site: str
    username: str
    key: str
    use: str


SAMPLES = (
    Sample(
        site="red",
        username="rehearsal",
        key=RED_KEY,
        use="Has every scope. Take this one.",
    ),
    Sample(
        site="red",
        username="rehearsal",
        key=RED_KEY_NO_UPLOAD,
        use="Lacks the Torrents scope: it may look, but not upload.",
    ),
    Sample(
        site="red",
        username="understudy",
        key=RED_KEY_OTHER_MEMBER,
        use="Another member, with every scope.",
    ),
    Sample(
        site="ops",
        username="rehearsal",
        key=OPS_TOKEN,
        use="May do all. Take this one.",
    ),
    Sample(
        site="ops",
        username="understudy",
        key=OPS_TOKEN_OTHER_MEMBER,
        use="Another member.",
    ),
    Sample(
        site="ops",
        username="rehearsal",
        key=OPS_TOKEN_REVOKED,
        use="Revoked: the site refuses it, and bans the address at the fifth use.",
    ),
)
"""What the page of members shows; of members added later nothing is known to show."""


def ensure_defaults(store: Store) -> None:
    """Put the made-up members in, where they are missing."""
    for account in DEFAULTS:
        names = {known.username for known in store.accounts(account.site)}
        if account.username not in names:
            store.save_account(account)


def by_key(store: Store, site: str, key: str) -> tuple[Account, Key] | None:
    """The member an API key belongs to, and what the key may do."""
    wanted = digest(key)
    for account in store.accounts(site):
        for candidate in account.keys:
            if hmac.compare_digest(candidate.digest, wanted):
                return account, candidate
    return None


def by_session(store: Store, site: str, session: str) -> Account | None:
    """The member a login cookie belongs to."""
    return _first(store, site, "session", session)


def by_passkey(store: Store, site: str, passkey: str) -> Account | None:
    """The member a passkey belongs to."""
    return _first(store, site, "passkey", passkey)


def _first(store: Store, site: str, field: str, value: str) -> Account | None:
    for account in store.accounts(site):
        if hmac.compare_digest(
            str(getattr(account, field)).encode(), value.encode("utf-8", "replace")
        ):
            return account
    return None
