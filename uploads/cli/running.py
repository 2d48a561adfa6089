"""One run of the command, here or against a server: what it says, and its exit code."""

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from common.errors import AppError
from uploads.cli.arguments import check_arguments, is_look, token_of
from uploads.cli.connection import Connection, ServerUnreachable
from uploads.cli.desk import Desk
from uploads.cli.output import Output, output_for
from uploads.cli.preparing import Interrupted
from uploads.cli.publishing import publish
from uploads.cli.questions import Person
from uploads.cli.queue import retry, show_queue, show_status
from uploads.cli.remote import RemoteDesk
from uploads.cli.wish import Exit, Wish, listed, remote_wish

WishOf = Callable[[Mapping[str, Any], str], Wish]


def run_remote(options: Mapping[str, Any], stream: TextIO) -> Exit:
    """A run against --server. Needs neither settings nor a database."""

    def desk(out: Output) -> Desk:
        return RemoteDesk(
            Connection(
                options["server"],
                token_of(options),
                on_lost=lambda text: out.say(text, event="connection_lost"),
            )
        )

    return run(options, stream, desk, remote_wish)


def run(
    options: Mapping[str, Any],
    stream: TextIO,
    desk_of: Callable[[Output], Desk],
    wish_of: WishOf,
) -> Exit:
    """Do what was asked; whatever goes wrong is one sentence and a code."""
    out = output_for(stream, as_json=options["json"])
    try:
        return _run(options, out, desk_of, wish_of)
    except ServerUnreachable as exc:
        out.say(exc.message, event="error", code=exc.code)
        return Exit.UNREACHABLE
    except AppError as exc:
        out.say(exc.message, event="error", code=exc.code)
        return Exit.FAILED if exc.code == "internal" else Exit.USAGE
    except Interrupted as exc:
        out.say(str(exc), event="interrupted")
        return Exit.NEEDS_PERSON
    except KeyboardInterrupt:
        out.say("Stopped. Nothing more was approved or sent.", event="interrupted")
        return Exit.NEEDS_PERSON
    except BrokenPipeError:
        # Whoever read has seen enough; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.STILL_RUNNING
    finally:
        out.close()


def _run(
    options: Mapping[str, Any],
    out: Output,
    desk_of: Callable[[Output], Desk],
    wish_of: WishOf,
) -> Exit:
    check_arguments(options)
    desk = desk_of(out)
    if is_look(options):
        if options["retry"] is not None:
            return retry(options["retry"], desk, out)
        return (show_queue if options["queue"] else show_status)(desk, out)
    paths = [*options["path"]]
    if options["from_list"]:
        paths += listed(options["from_list"])
    if options["each_in"]:
        paths += desk.inside(options["each_in"])
    wishes = [wish_of(options, path) for path in dict.fromkeys(paths)]
    if not wishes:
        raise AppError(
            "The list names no path, so there is nothing to do.", code="path_missing"
        )
    person = Person(out, as_json=options["json"])
    return publish(wishes, desk, person, out)
