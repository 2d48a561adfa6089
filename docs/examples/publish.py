"""Publishes one folder by Herald's API, from its path to the proof that it seeds.

    HERALD_TOKEN=… python publish.py "/srv/books/Author - Title" --trackers red,ops

Needs nothing but `requests`. Copy it and change it; every call is in docs/api.md. Ends
with 0 when each upload is on its tracker and none has a problem with seeding, with 1
when something needs a person, with 2 when Herald refused.
"""

import argparse
import json
import os
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import requests

SECONDS = 30


class Refused(Exception):
    """Herald's own word on what is wrong."""

    def __init__(self, answer: requests.Response) -> None:
        said = answer.json()
        super().__init__(f"{said['message']} ({said['code']})")
        self.code, self.extra = said["code"], said["extra"]


class Herald:
    """One Herald, spoken to with one token."""

    def __init__(self, server: str, token: str) -> None:
        self.api = f"{server.rstrip('/')}/api/"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Token {token}"

    def call(self, method: str, path: str, **more: Any) -> Any:
        """One call. A POST whose answer gets lost is sent again under the same key,
        and Herald does it once."""
        headers = {**more.pop("headers", {})}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        for is_last in (False, False, True):
            try:
                answer = self.session.request(
                    method, self.api + path, headers=headers, timeout=SECONDS, **more
                )
                break
            except requests.ConnectionError:
                if is_last:
                    raise
        if not answer.ok:
            raise Refused(answer)
        return answer.json()

    def rows(self, path: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, page by page."""
        page = self.call("GET", path, params=filters)
        while True:
            yield from page["results"]
            if not page["next"]:
                return
            page = self.call("GET", page["next"].removeprefix(self.api))

    def states(self, path: str) -> Iterator[dict[str, Any]]:
        """Each state of something that moves, until it has come to rest."""
        last, told, headers = "", "", {"Accept": "text/event-stream"}
        while True:
            with self.session.get(
                self.api + path,
                headers={**headers, "Last-Event-ID": last},
                stream=True,
                timeout=SECONDS,
            ) as answer:
                if not answer.ok:
                    raise Refused(answer)
                event = ""
                for line in answer.iter_lines(decode_unicode=True):
                    name, _, value = line.partition(": ")
                    if name == "id":
                        last = value
                    elif name == "event":
                        event = value
                    elif name == "data":
                        if value != told:
                            told = value
                            yield json.loads(value)
                        if event == "end":
                            return


def release_of(herald: Herald, path: str, trackers: list[str]) -> int:
    """Make the release; one that was made before is gone on with."""
    try:
        body = {"path": path, "trackers": trackers}
        return int(herald.call("POST", "releases/", json=body)["id"])
    except Refused as exc:
        if exc.code != "release_exists":
            raise
        return int(exc.extra["release"])


def prepared(herald: Herald, release: int) -> bool:
    """Wait for the preparation; False when it failed."""
    state: dict[str, Any] = {}
    for state in herald.states(f"releases/{release}/progress/"):
        print(state["state"], state["progress"].get("phase", ""))
    if state["state"] == "failed":
        print(state["error"].get("message", ""))
    return bool(state["state"] != "failed")


def approve(herald: Herald, release: int) -> bool:
    """Approve every draft as it reads now; False when problems stand in the way."""
    drafts = list(herald.rows("uploads/", release=release, status="draft"))
    for draft in drafts:
        for problem in draft["problems"]:
            print(f"{draft['tracker']}: {problem['message']}")
    good = {
        draft["id"]: draft["digest"]
        for draft in drafts
        if not any(problem["severity"] == "error" for problem in draft["problems"])
    }
    if good:
        body = {"digests": good, "note": "By publish.py."}
        herald.call("POST", f"releases/{release}/approve/", json=body)
    return len(good) == len(drafts)


def sent(herald: Herald, release: int) -> bool:
    """Follow the uploads until each is at rest; True when all is well."""
    state: dict[str, Any] = {}
    for state in herald.states(f"releases/{release}/uploads/"):
        print(
            *(f"{u['tracker']}: {u['status']} {u['seeding']}" for u in state["uploads"])
        )
    for upload in state["uploads"]:
        if upload["status"] == "failed":
            print(f"{upload['tracker']}: {upload['reason'].get('message', '')}")
        elif upload["remote_url"]:
            print(f"{upload['tracker']}: {upload['remote_url']}")
    return all(
        upload["status"] == "success" and upload["seeding"] not in ("problem", "lost")
        for upload in state["uploads"]
    )


def main() -> int:
    """Gives the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", help="as Herald's machine sees it")
    parser.add_argument("--trackers", default="", help="slugs, separated by commas")
    parser.add_argument("--server", default="http://127.0.0.1:8000")
    wanted = parser.parse_args()
    trackers = [slug for slug in wanted.trackers.split(",") if slug]
    herald = Herald(wanted.server, os.environ["HERALD_TOKEN"])
    try:
        release = release_of(herald, wanted.path, trackers)
        if not prepared(herald, release):
            return 1
        clean = approve(herald, release)
        return 0 if sent(herald, release) and clean else 1
    except Refused as exc:
        print(exc, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
