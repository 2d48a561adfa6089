"""What is said of a torrent client. Rows keep it; pages look it up (`common.spoken`)."""

from common.texts import gettext_noop

TOO_OLD = gettext_noop(
    "%(client)s is too old for this; Herald needs qBittorrent 4.5 or newer, and 5.1 or "
    "newer to browse and to create torrents there. Update it."
)
LOGIN_FAILED = gettext_noop(
    "%(client)s does not accept the user name or password. Correct them in the torrent "
    "client's settings and press Test; until then nothing is sent, because further wrong "
    "logins would get this machine banned."
)
NOT_QBITTORRENT = gettext_noop(
    "%(client)s gave an answer that is not qBittorrent's. Check that the address leads "
    "to qBittorrent's web interface and nothing else."
)
BANNED = gettext_noop(
    "%(client)s has banned this machine after too many wrong logins. It lifts the ban "
    "by itself (after an hour unless set otherwise)."
)
HOST_REJECTED = gettext_noop(
    "%(client)s refuses requests under this host name. In its Web UI options allow the "
    "name under 'Server domains', or switch the host header validation off; a proxy must "
    "not pass on a foreign port."
)
NO_SUCH_TORRENT = gettext_noop(
    "%(client)s has no such torrent (any more). Add it again."
)
NO_TORRENT_FILE = gettext_noop("%(client)s says this is not a valid torrent file.")
SERVER_ERROR = gettext_noop(
    "%(client)s answered with a server error. Look into its log."
)
REFUSED = gettext_noop("%(client)s refused the request (HTTP %(status)s).")
ADDRESS_ODD = gettext_noop(
    "The torrent client's address must look like http://192.168.1.5:8080; correct it in "
    "the torrent client's settings."
)
ADDRESS_LOGIN = gettext_noop(
    "The torrent client's address must not carry a login or a query; put user name and "
    "password into their own fields."
)
CERTIFICATE = gettext_noop("%(client)s has a TLS certificate that is not trusted here.")
SILENT = gettext_noop(
    "%(client)s took the request but gave no answer within %(seconds)s seconds."
)
NO_CONNECTION = gettext_noop(
    "%(client)s cannot be reached: no answer to the connection. Check the address."
)
NAME_UNKNOWN = gettext_noop(
    "%(client)s cannot be reached: its host name is unknown. Check the address."
)
NOBODY_THERE = gettext_noop(
    "%(client)s cannot be reached: nothing listens there. Start it, and check the port."
)
BROKEN_OFF = gettext_noop(
    "%(client)s cannot be reached: the connection broke off. Check that it is running."
)
CONNECTED = gettext_noop("Connected to qBittorrent %(version)s.")
NO_LOGIN_NEEDED = gettext_noop(
    "It lets this machine in without a login, so user name and password could not be "
    "tested."
)
QUEUEING = gettext_noop(
    "Torrent queueing is on: beyond %(limit)s active uploads, further torrents wait and "
    "are not confirmed as seeding until they start."
)
NO_TORRENT = gettext_noop("%(client)s has no torrent %(infohash)s. Add it again.")
NOT_TAKEN = gettext_noop(
    "%(client)s did not take the torrent %(infohash)s. Check that the torrent is valid, "
    "and look into the client's log."
)
OTHER_INFOHASH = gettext_noop(
    "The torrent's infohash is %(found)s, not %(infohash)s. Derive it anew."
)
REFUSED_BEFORE = gettext_noop(
    "%(client)s does not accept the user name or password. Correct them in the torrent "
    "client's settings and press Test; until then nothing is sent."
)
BUSY = gettext_noop(
    "%(client)s is being asked, or gave no answer a moment ago. It is asked again by "
    "itself."
)
BAD_NAME = gettext_noop(
    "%(name)s cannot be a name on Windows, where the torrent client runs. Rename it."
)
DOTS = gettext_noop("%(path)s contains '..', which is not followed.")
NOT_INSIDE = gettext_noop(
    "%(path)s is not inside %(root)s. Check the library's folder here, and its name on "
    "the torrent client's machine."
)
NOT_ABSOLUTE = gettext_noop(
    "The library's folder %(root)s must be an absolute path; correct it in the library's "
    "settings."
)
