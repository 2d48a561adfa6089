"""The secrets this process has had in the clear, in every spelling they may take.

The vault tells of each one; redaction then finds it in any text, however it was
written there: percent-encoded, escaped for JSON, HTML or Python, or in base64.
"""

import base64
import html
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

MASK = "[redacted]"
SHORTEST = 6
LONGEST = 8192
MOST = 1000


class KnownSecrets:
    """A bounded set of secrets; the longest unseen goes first. Safe in threads.

    What is to be kept never goes: secrets of the settings, which nobody tells again.

    Values shorter than SHORTEST characters are not kept: replacing them would tear
    every text apart. Nor are values above LONGEST.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._spellings: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._kept: dict[str, tuple[str, ...]] = {}
        self._sorted: tuple[str, ...] | None = ()

    def remember(self, value: str, *, keep: bool = False) -> None:
        """Adds a secret, or marks it as seen again."""
        if not SHORTEST <= len(value.strip()) <= LONGEST:
            return
        with self._lock:
            if value in self._kept:
                return
            if value in self._spellings and not keep:
                self._spellings.move_to_end(value)
                return
            self._spellings.pop(value, None)
            found = self._kept if keep else self._spellings
            found[value] = tuple(set(_spellings(value)))
            if len(self._spellings) > self._most:
                self._spellings.popitem(last=False)
            self._sorted = None

    def forget_all(self) -> None:
        """Empties the set."""
        with self._lock:
            self._spellings.clear()
            self._kept.clear()
            self._sorted = ()

    def mask(self, text: str) -> str:
        """The text with every spelling of every secret replaced."""
        for spelling in self._longest_first():
            if spelling in text:
                text = text.replace(spelling, MASK)
        return text

    def _longest_first(self) -> tuple[str, ...]:
        """All spellings; sorted when a text is masked, not at each new secret."""
        found = self._sorted
        if found is None:
            with self._lock:
                known = (*self._kept.values(), *self._spellings.values())
                every = {one for many in known for one in many}
                found = tuple(sorted(every, key=len, reverse=True))
                self._sorted = found
        return found


KNOWN = KnownSecrets()


def remember_secret(value: str, *, keep: bool = False) -> None:
    """Registers a text that must never be shown by this process.

    `keep` for the few that are told only once, at the start.
    """
    KNOWN.remember(value, keep=keep)


def forget_secrets() -> None:
    """Empties the registry, so that one test's secrets are not another's."""
    KNOWN.forget_all()


def _spellings(secret: str) -> Iterator[str]:
    bare = secret.strip()
    yield bare
    raw = bare.encode(errors="surrogatepass")
    once = quote(raw, safe="")
    for encoded in (once, quote(raw), quote_plus(raw), quote(once, safe="")):
        yield encoded
        yield _lower_hex(encoded)
    for escaped in (json.dumps(bare), json.dumps(bare, ensure_ascii=False)):
        yield escaped[1:-1]
        yield escaped[1:-1].replace("/", "\\/")
    yield repr(bare)[1:-1]
    yield repr(raw)[2:-1]
    yield html.escape(bare)
    yield html.escape(bare, quote=False)
    yield from _base64_spellings(raw)


def _lower_hex(encoded: str) -> str:
    """Percent escapes in lower case, all else as it is."""
    head, *rest = encoded.split("%")
    return "%".join([head, *(part[:2].lower() + part[2:] for part in rest)])


def _base64_spellings(raw: bytes) -> Iterator[str]:
    """The characters that only the secret decides, at each of the three offsets.

    In `user:password` the secret starts anywhere in a group of three bytes; the
    characters it shares with its neighbours are left out.
    """
    for offset, shared in ((0, 0), (1, 2), (2, 3)):
        own = (offset + len(raw)) * 8 // 6
        encoded = base64.b64encode(bytes(offset) + raw).decode()[shared:own]
        if len(encoded) >= SHORTEST:
            yield encoded
            yield encoded.replace("+", "-").replace("/", "_")
