"""Why talking to a torrent client failed. `temporary` says whether waiting can help.

ClientError                  code, message for people
├─ ClientAddressWrong        the configured address is no address → a person
├─ ClientUnreachable         no answer, or a broken one → later
├─ ClientBusy                another look is under way, or the last was in vain → later
├─ ClientBanned              too many wrong logins came from here → later
├─ ClientLoginFailed         wrong user name or password → a person; nothing is sent
│                            again until the login changes or somebody presses Test
├─ ClientHostRejected        its host header check refuses us → a person
├─ ClientTooOld              this version lacks what is asked → a person
├─ ClientRefused             it does not take this torrent, or this request → a person
├─ ClientTorrentMissing      it has no torrent with this infohash
└─ PathNotMapped             a path has no counterpart on the other machine → a person
"""

from datetime import datetime

from common.errors import AppError


class ClientError(AppError):
    """Base of every failure of a torrent client."""

    code = "client_error"
    temporary = False


class ClientAddressWrong(ClientError):
    """The configured address cannot be used."""

    code = "client_address"


class ClientUnreachable(ClientError):
    """There is no usable answer from the client at the moment."""

    code = "client_unreachable"
    temporary = True


class ClientBusy(ClientError):
    """This is no time to ask the client; `until` says when it is."""

    code = "client_busy"
    temporary = True

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class ClientBanned(ClientError):
    """The client refuses logins from this address for a while."""

    code = "client_banned"
    temporary = True


class ClientLoginFailed(ClientError):
    """The client does not accept the user name or the password."""

    code = "client_login"


class ClientHostRejected(ClientError):
    """The client's protection against foreign host names refuses the request."""

    code = "client_host"


class ClientTooOld(ClientError):
    """This version of the client lacks something that Herald needs."""

    code = "client_too_old"


class ClientRefused(ClientError):
    """The client does not take this torrent, or this request."""

    code = "client_refused"


class ClientTorrentMissing(ClientError):
    """The client has no torrent with this infohash."""

    code = "client_torrent_missing"


class PathNotMapped(ClientError):
    """A path here has no counterpart on the client's machine, or the other way."""

    code = "client_path"
