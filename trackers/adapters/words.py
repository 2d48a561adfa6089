"""What is said of a site. Rows keep it; pages look it up (`common.spoken`)."""

from typing import Final

from common.texts import gettext_noop

NO_ADDRESS: Final = gettext_noop(
    "The base URL of %(site)s must begin with https:// (or http://), but it is %(url)s. "
    "Correct the tracker."
)
NO_REQUEST: Final = gettext_noop(
    "No request to %(site)s can be made: %(why)s. Check the tracker's base URL (%(url)s) "
    "and its credential."
)
NOT_REACHED: Final = gettext_noop(
    "%(site)s could not be reached: %(why)s. Nothing changed there; Herald tries again "
    "by itself."
)
ANSWER_LOST: Final = gettext_noop(
    "The upload was sent to %(site)s, but its answer got lost: %(why)s. Herald looks on "
    "the site before anything is sent again."
)
# Why, in the two above.
TLS: Final = gettext_noop("its certificate or TLS connection was refused")
PROXY: Final = gettext_noop("the proxy did not answer")
NOT_IN_TIME: Final = gettext_noop("it did not accept a connection in time")
NO_ANSWER: Final = gettext_noop("it did not answer in time")
NAME: Final = gettext_noop("its name is not known")
NOT_ACCEPTED: Final = gettext_noop("it did not accept a connection")
ADDRESS: Final = gettext_noop("the address is not valid")
HEADER: Final = gettext_noop("a header value is malformed")
BROKEN_OFF: Final = gettext_noop("the connection broke off")
# What a question of its own is told.
UNUSABLE: Final = gettext_noop("The answer to a question cannot be used: %(why)s")
NO_OWNER: Final = gettext_noop(
    "%(site)s answered, but did not say whose key this is. Try again later; if it stays "
    "so, the site's API has changed."
)
KNOWN: Final = gettext_noop("%(site)s knows this key as %(name)s.")
SCOPES: Final = gettext_noop(
    "That %(site)s knows the key does not prove that it may upload: a key without the "
    "Torrents scope answers this test as well. See the key's scopes in the site's "
    "settings."
)
OTHER_PASSKEY: Final = gettext_noop(
    "The stored passkey is not the one the site has for this account."
)
ODD_KEY: Final = gettext_noop(
    "The API key stored for %(site)s has characters that no key has. Copy it again from "
    "the site."
)
ODD_DIALECT: Final = gettext_noop(
    "%(site)s has the dialect %(dialect)s; it must be one of %(known)s. Correct the "
    "tracker's options."
)
ODD_PASSKEY: Final = gettext_noop(
    "The passkey stored for %(site)s has characters that no passkey has. Copy it again "
    "from the site, or press Test."
)
NO_VALUE: Final = gettext_noop(
    'The credential for %(site)s has no value for "%(label)s". Enter it under Credentials.'
)
CANNOT_TAKE: Final = gettext_noop("%(site)s cannot take this upload: %(why)s")
CANNOT_DO: Final = gettext_noop(
    "%(family)s sites cannot do this for Herald (%(what)s). Do it on the site's own pages."
)
# How a site refused.
WANTS_LOGIN: Final = gettext_noop(
    "%(site)s asks to log in: it does not accept the API key. Make a new key there and "
    "store it under Credentials."
)
REDIRECTS: Final = gettext_noop(
    "%(site)s redirects to another address instead of answering. Check the tracker's "
    "base URL (%(url)s)."
)
SLOWER: Final = gettext_noop(
    "%(site)s asks for fewer requests; nothing was done there. Herald goes on in "
    "%(seconds)s s."
)
REFUSED_KEY: Final = gettext_noop(
    "%(site)s refused the API key. Check that the key is right and may upload (on sites "
    "with key scopes: Torrents), then press Test."
)
REFUSED_KEY_BECAUSE: Final = gettext_noop(
    "%(site)s refused the API key: %(why)s. Check that the key is right and may upload "
    "(on sites with key scopes: Torrents), then press Test."
)
FAILED: Final = gettext_noop("%(site)s failed while it answered (HTTP %(status)s).")
NOTHING: Final = gettext_noop("%(site)s answered nothing (HTTP %(status)s).")
NOT_JSON: Final = gettext_noop(
    "%(site)s answered something other than JSON (HTTP %(status)s)."
)
NO_API: Final = gettext_noop(
    "%(site)s has no API at %(url)s (HTTP %(status)s). Check the tracker's base URL."
)
TURNED_AWAY: Final = gettext_noop(
    "%(site)s turned the request away before reading it (HTTP 403). If this goes on, "
    "open the site in a browser and see whether it works."
)
NO_REASON: Final = gettext_noop(
    "%(site)s refused the upload without a reason (HTTP %(status)s)."
)
REHEARSED: Final = gettext_noop(
    "%(site)s only rehearsed the upload; nothing was stored there."
)
NEITHER: Final = gettext_noop(
    '%(site)s answered "%(said)s" (HTTP %(status)s), which says neither yes nor no.'
)
REFUSED: Final = gettext_noop("%(site)s refused the upload: %(why)s")
UNEXPLAINED: Final = gettext_noop("it gave no reason")
DUPLICATE: Final = gettext_noop("This torrent is already on %(site)s.")
LOOK_FIRST: Final = gettext_noop(
    "Herald looks on the site before anything is sent again."
)
