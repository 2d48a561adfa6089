"""What Herald asks of a torrent client."""

from typing import Protocol

from releases.clients.types import Added, ClientCheck, SeedStatus


class TorrentClient(Protocol):
    """A program that seeds. Every method raises `ClientError` and its sub-classes.

    Infohashes are 40 lower-case hex digits; paths are the client's own
    (`releases.clients.paths` translates). One object may be shared by threads.
    """

    def check(self) -> ClientCheck:
        """Log in afresh and say what is there. Never raises ClientError."""
        ...

    def add(
        self,
        content: bytes,
        *,
        infohash: str,
        save_path: str,
        category: str = "",
        tags: tuple[str, ...] = (),
        skip_checking: bool = False,
    ) -> Added:
        """Hand over a torrent whose content lies in `save_path`; safe to repeat.

        `skip_checking` only for files that were just hashed and still have the size
        and time they had then: the client does not notice wrong bytes later. Otherwise
        the client checks the files and is held there, until `follow`: it must never
        download over a person's files. A torrent of ours (it carries `tags`) that
        lacks its files in another folder goes to `save_path`. Returns when the client lists the torrent.
        """
        ...

    def follow(self, infohash: str, announces: tuple[str, ...] = ()) -> SeedStatus:
        """`status`, after starting a held torrent whose files were found right."""
        ...

    def status(self, infohash: str, announces: tuple[str, ...] = ()) -> SeedStatus:
        """How the torrent stands; phase MISSING when the client does not have it.

        With `announces`, the tracker's answer is that to one of these announce URLs.
        """
        ...

    def recheck(self, infohash: str) -> None:
        """Let the client hash the files again."""
        ...

    def start(self, infohash: str) -> None:
        """Let a stopped torrent seed."""
        ...

    def reannounce(self, infohash: str) -> None:
        """Let the client ask the tracker now."""
        ...

    def remove(self, infohash: str) -> None:
        """Forget the torrent. The files stay. Absent already is fine."""
        ...

    def export(self, infohash: str) -> bytes:
        """The .torrent as the client has it."""
        ...
