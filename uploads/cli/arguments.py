"""The arguments, and what they must not be. Pure."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from common.errors import AppError
from releases.ingest.jail import shown

HELP = (
    "Publish folders or files: prepare, show, approve, upload, prove seeding. "
    "Exit codes: 0 done, 1 failed, 2 bad input or not allowed, 3 waits for a "
    "person, 4 still running, 5 the server does not answer."
)
LONGEST_TOKEN = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All but --user, which only this machine's Herald knows."""
    parser.add_argument(
        "path", nargs="*", help="Releases' folders or files, or a .torrent of one."
    )
    parser.add_argument(
        "--content", default="", help="Where a given .torrent's files lie."
    )
    parser.add_argument(
        "--from-list",
        default="",
        metavar="FILE",
        help="Paths, one a line; - reads them.",
    )
    parser.add_argument(
        "--each-in", default="", metavar="FOLDER", help="All that lies in a folder."
    )
    parser.add_argument(
        "--trackers", default="", help="Slugs, comma separated; default: all."
    )
    parser.add_argument("--kind", default="", help="Such as audiobook or music.")
    parser.add_argument("--asin", default="", help="If the files do not say.")
    parser.add_argument("--yes", action="store_true", help="Approve unasked.")
    parser.add_argument(
        "--dry-run", action="store_true", help="Prepare and show; send nothing."
    )
    parser.add_argument("--json", action="store_true", help="One JSON per line.")
    parser.add_argument(
        "--wait", type=float, default=300.0, help="Seconds to follow; default 300."
    )
    parser.add_argument(
        "--server",
        default=os.environ.get("HERALD_SERVER", ""),
        metavar="URL",
        help="A Herald elsewhere; default: HERALD_SERVER, else this machine's.",
    )
    parser.add_argument(
        "--token-file",
        default="",
        metavar="FILE",
        help="Holds the token for the server; default: HERALD_TOKEN.",
    )
    parser.add_argument(
        "--token",
        default="",
        help="The token itself, for all to see who list processes; better not.",
    )
    looks = parser.add_mutually_exclusive_group()
    looks.add_argument("--queue", action="store_true", help="Show the queue.")
    looks.add_argument("--status", action="store_true", help="Show all uploads.")
    looks.add_argument(
        "--retry", nargs="*", type=int, metavar="ID", help="Retry failed uploads."
    )


def check_arguments(options: Mapping[str, Any]) -> None:
    """Arguments are bytes: raise AppError for those that are no text, or too many."""
    for name in ("trackers", "kind", "asin", "user", "server", "token"):
        try:
            options.get(name, "").encode()
        except UnicodeEncodeError as exc:
            raise AppError(
                f"What was given with --{name} is not valid UTF-8. Type it again.",
                code="argument_not_utf8",
            ) from exc
    given = options["path"] or options["from_list"] or options["each_in"]
    if is_look(options):
        if given:
            raise AppError(
                "Give either a path, or one of --queue, --status and --retry.",
                code="path_unexpected",
            )
    elif not given:
        raise AppError(
            "Give the path of a release, or one of --queue, --status, --retry.",
            code="path_missing",
        )
    if options["asin"] and (len(options["path"]) != 1 or _lists(options)):
        raise AppError(
            "An ASIN belongs to one release. Give one path with it.",
            code="asin_of_many",
        )


def is_look(options: Mapping[str, Any]) -> bool:
    """Whether nothing is to be published."""
    return bool(options["queue"] or options["status"] or options["retry"] is not None)


def _lists(options: Mapping[str, Any]) -> bool:
    return bool(options["from_list"] or options["each_in"])


def token_of(options: Mapping[str, Any]) -> str:
    """The token for the server, from a file, an argument or HERALD_TOKEN; "" for none.

    Raises AppError for a file that cannot be read.
    """
    name = options["token_file"]
    if not name:
        return str(options["token"] or os.environ.get("HERALD_TOKEN", "")).strip()
    try:
        with Path(name).open(encoding="ascii") as file:
            return file.read(LONGEST_TOKEN).strip()
    except (OSError, ValueError) as exc:
        raise AppError(
            f"The token file {shown(name)} cannot be read ({type(exc).__name__}). "
            "Check its path and rights.",
            code="token_unreadable",
        ) from exc
