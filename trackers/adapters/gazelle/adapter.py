"""Gazelle sites with an API: Redacted and Orpheus."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

import requests

from trackers.adapters import words
from trackers.adapters.gazelle import links, mapping, parsing, rules, similar
from trackers.adapters.gazelle.dialects import DIALECTS, Dialect
from trackers.adapters.gazelle.links import torrent_url
from trackers.adapters.gazelle.lookup import Lookup, by_number
from trackers.adapters.gazelle.settings import CREDENTIAL_FIELDS, OPTION_FIELDS
from trackers.adapters.gazelle.verdicts import (
    Reply,
    as_read_failure,
    verdict,
)
from trackers.adapters.http import MAX_TORRENT_BYTES, HttpTrackerAdapter, keep_headers
from trackers.errors import (
    TrackerConfigError,
    TrackerError,
    TrackerUnavailable,
    UnreadableResponse,
)
from trackers.types import (
    Capability,
    CheckResult,
    Existing,
    Markup,
    Problem,
    Severity,
    Similar,
    UploadPayload,
    UploadResult,
    Way,
)

logger = logging.getLogger(__name__)

ENDPOINT: Final = "ajax.php"
TORRENT_TYPE: Final = "application/x-bittorrent"
# The search index is filled aside from the database, "for minutes" behind it.
SEARCH_LAG_S: Final = 300.0


class GazelleAdapter(HttpTrackerAdapter):
    """Speaks `ajax.php` in the dialect that the tracker's options name."""

    family = "gazelle"
    label = "Gazelle"
    docs_url = "https://github.com/OPSnet/Gazelle/blob/master/docs/07-API.md"
    credential_fields = CREDENTIAL_FIELDS
    option_fields = OPTION_FIELDS
    capabilities = frozenset(
        {Capability.SEARCH, Capability.LOOK_UP, Capability.DOWNLOAD_TORRENT}
    )
    ways = MappingProxyType(
        {
            Way.INFOHASH: 0.0,
            Way.TITLE: SEARCH_LAG_S,
            Way.FILE_NAME: SEARCH_LAG_S,
            Way.OWN_UPLOADS: 0.0,
            Way.REPEAT: 0.0,
        }
    )
    similar_by = ("format", "bitrate")
    markup = Markup.BBCODE
    rewrites_torrent = False

    @property
    def dialect(self) -> Dialect:
        """The site's dialect; TrackerConfigError when the option names none."""
        named = self.site.options.get("dialect", "")
        if not isinstance(named, str) or named not in DIALECTS:
            raise TrackerConfigError(
                words.ODD_DIALECT
                % {
                    "site": self.site.name,
                    "dialect": repr(named),
                    "known": ", ".join(DIALECTS),
                },
                tracker=self.site.slug,
            )
        return DIALECTS[named]

    # --- Pure: from our words to the site's -------------------------------------------

    def site_values(self, kind: str, context: Mapping[str, Any]) -> dict[str, str]:
        return mapping.site_values(self.dialect, kind, context)

    def mapping_notes(self, kind: str, context: Mapping[str, Any]) -> list[Problem]:
        codec = str((context.get("audio") or {}).get("codec") or "")
        if mapping.format_of(codec) != mapping.XHE_AAC:
            return []
        return [
            Problem(
                field="format",
                code="xhe_aac",
                message="The audio is xHE-AAC, which many players cannot play; the "
                "site can only call it AAC.",
                remedy="Say so in the description.",
                severity=Severity.WARNING,
            )
        ]

    def validate(self, payload: UploadPayload) -> list[Problem]:
        return rules.validate(self.site, self.dialect, payload)

    def form_fields(self, payload: UploadPayload) -> tuple[tuple[str, str], ...]:
        return mapping.form_fields(self.dialect, payload)

    def build_request(self, payload: UploadPayload) -> requests.Request:
        name = payload.torrent.name
        if not name.lower().endswith(".torrent"):
            name += ".torrent"
        return requests.Request(
            "POST",
            self.address(ENDPOINT),
            params={"action": "upload"},
            data=list(self.form_fields(payload)),
            files={"file_input": (name, payload.torrent.content, TORRENT_TYPE)},
            headers=self.auth_headers(),
            auth=keep_headers,
        )

    def auth_headers(self) -> dict[str, str]:
        key = self.secret("api_key").removeprefix("token ").strip()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise TrackerConfigError(
                words.ODD_KEY % {"site": self.site.name},
                tracker=self.site.slug,
            )
        return {"Authorization": self.dialect.authorization.format(key=key)}

    # --- Reading answers --------------------------------------------------------------

    def classify(self, response: requests.Response) -> TrackerError | None:
        return self._judge(self._reply(response), "upload")

    def parse_upload(self, response: requests.Response) -> UploadResult:
        said = parsing.read_answer(response.content).part()
        torrent_id = parsing.identifier(parsing.pick(said, "torrent_id"))
        group_id = parsing.identifier(parsing.pick(said, "group_id"))
        if not torrent_id:
            raise UnreadableResponse(
                f"{self.site.name} says that it took the upload, but not under which "
                "number. Herald looks for it on the site.",
                tracker=self.site.slug,
                detail=self.excerpt(response),
                http_status=response.status_code,
            )
        kept = parsing.infohash_kept(said)
        remarks = [*parsing.warnings(said), parsing.request_remark(said)]
        if kept is False:
            remarks.append(
                "The site changed the torrent; only its own file can be seeded."
            )
        return UploadResult(
            remote_id=torrent_id,
            url=torrent_url(self.site, torrent_id, group_id),
            torrent_url=f"{self.address(ENDPOINT)}?action=download&id={torrent_id}",
            warnings=tuple(self.bounded(remark) for remark in remarks if remark),
            infohash_kept=kept,
        )

    # --- Questions --------------------------------------------------------------------

    def check(self) -> CheckResult:
        said = self.ask("index").part()
        username = said.get("username")
        if not isinstance(username, str) or not username:
            raise TrackerUnavailable(
                words.NO_OWNER % {"site": self.site.name},
                tracker=self.site.slug,
            )
        passkey = said.get("passkey")
        learned = {"passkey": passkey} if isinstance(passkey, str) and passkey else {}
        return CheckResult(
            ok=True,
            username=username,
            message=words.KNOWN % {"site": self.site.name, "name": username},
            warnings=tuple(self._doubts(learned)),
            learned=learned,
        )

    def find_existing(self, payload: UploadPayload) -> Existing | None:
        """Look by infohash, then by title or file name and exact size.

        At most six requests. `infohash` of what is found is the site's, "" where the
        site does not show it; one that differs from ours is the same content in
        another torrent, and only that torrent can be seeded.
        """
        self.findings.clear()
        look = Lookup(self.site, self.dialect, self.ask, self.findings.append)
        return look.find(payload)

    def find_similar(self, payload: UploadPayload) -> list[Similar]:
        return similar.find(self.site, self.ask, payload)

    def existing_by_number(self, number: str) -> Existing | None:
        return by_number(self.site, self.ask, number)

    def number_in(self, link: str) -> str:
        return links.number_in(link)

    def page_of(self, number: str) -> str:
        return torrent_url(self.site, number, "")

    def search_page(self, title: str) -> str:
        return links.search_url(self.site, title)

    def download_torrent(self, result: UploadResult) -> bytes:
        response = self.read(
            ENDPOINT,
            {"action": "download", "id": result.remote_id},
            limit=MAX_TORRENT_BYTES,
        )
        body = response.content
        if response.status_code == 200 and body[:1] == b"d" and b"4:info" in body:
            return body
        reply = self._reply(response)
        failure = self._judge(reply, "download") or UnreadableResponse(
            f"{self.site.name} sent no torrent file.",
            tracker=self.site.slug,
            detail=self.excerpt(response),
            http_status=response.status_code,
        )
        raise as_read_failure(failure)

    def ask(self, action: str, /, **params: str) -> parsing.Answer:
        """Ask one question; "not found" is an answer, every other refusal is raised."""
        reply = self._reply(self.read(ENDPOINT, {"action": action, **params}))
        failure = None if reply.answer.not_found else self._judge(reply, action)
        if failure is not None:
            raise as_read_failure(failure)
        return reply.answer

    def _judge(self, reply: Reply, action: str) -> TrackerError | None:
        """The verdict; new words of a site that has not published its own are noted."""
        failure = verdict(reply)
        if failure is not None and reply.sentence and not self.dialect.sentences_known:
            logger.info(
                '%s refused "%s" with HTTP %d: "%s". Taken as %s.',
                self.site.name,
                action,
                reply.status,
                reply.sentence,
                type(failure).__name__,
            )
        return failure

    def _reply(self, response: requests.Response) -> Reply:
        answer = parsing.read_answer(response.content)
        return Reply(
            site=self.site,
            status=response.status_code,
            headers=response.headers,
            answer=answer,
            sentence=self.bounded(parsing.plain(answer.error)),
            detail=self.excerpt(response),
            now=datetime.now(UTC),
        )

    def _doubts(self, learned: Mapping[str, str]) -> list[str]:
        doubts = []
        if self.dialect.key_scopes:
            doubts.append(words.SCOPES % {"site": self.site.name})
        stored = self._credential.get("passkey", "").strip()
        if stored and learned and learned["passkey"] != stored:
            doubts.append(words.OTHER_PASSKEY)
        return doubts
