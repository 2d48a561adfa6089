"""`manage.py upload`: bad input, roles and secrets at the terminal."""

import pytest

from releases.models import Release
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ["/etc/passwd"],
            "path_outside",
            "/etc/passwd lies outside every library. Add its folder as a library in "
            "the admin, or move the release into one.",
        ),
        (
            ["BOOK", "--trackers", "red,btn"],
            "tracker_unknown",
            "No active tracker is called btn. There are: ops, red.",
        ),
        (
            ["BOOK", "--kind", "tape"],
            "kind_unknown",
            "tape is not a kind of release. Choose one of audiobook, music, tv, film, "
            "other.",
        ),
        (
            ["BOOK", "--asin", "nonsense"],
            "asin_invalid",
            "nonsense is not an ASIN. It has ten letters and digits, such as "
            "B0HERALD01.",
        ),
        (
            ["BOOK", "--user", "nobody"],
            "user_unknown",
            "No active Herald user is called nobody. Make one in the admin, or give "
            "another name with --user.",
        ),
        (["BOOK", "--wait", "nan"], "wait_invalid", "--wait takes seconds, 0 or more."),
        (["BOOK", "--wait", "-1"], "wait_invalid", "--wait takes seconds, 0 or more."),
        (
            [],
            "path_missing",
            "Give the path of a release, or one of --queue, --status, --retry.",
        ),
        (
            ["BOOK", "--status"],
            "path_unexpected",
            "Give either a path, or one of --queue, --status and --retry.",
        ),
        (
            ["BOOK", "--content", "/tmp"],
            "content_without_torrent",
            "--content says where a .torrent's files are, and no .torrent was given. "
            "Give the folder alone, or the .torrent as well.",
        ),
        (
            ["BOOK", "--from-list", "/nowhere/list"],
            "list_unreadable",
            "Give a text file in UTF-8 with one path a line.",
        ),
        (
            ["BOOK", "BOOK/2", "--asin", "B0HERALD01"],
            "asin_of_many",
            "An ASIN belongs to one release. Give one path with it.",
        ),
        (
            ["--each-in", "/etc"],
            "path_outside",
            "/etc lies outside every library. Add its folder as a library in the "
            "admin, or move the release into one.",
        ),
        (["--from-list", "/dev/null"], "path_missing", "so there is nothing to do."),
        (
            ["BOOK\udcff"],
            "name_not_utf8",
            "is not valid UTF-8, which torrents need. Rename the folder or file and "
            "try again.",
        ),
        (
            ["BOOK", "--user", "\udcff"],
            "argument_not_utf8",
            "What was given with --user is not valid UTF-8. Type it again.",
        ),
    ],
)
def test_bad_input_is_one_sentence(cli, book, arguments, code, sentence):
    arguments = [argument.replace("BOOK", str(book)) for argument in arguments]
    said = cli(*arguments, "--json")
    assert said.code == 2
    (error,) = said.events
    assert (error["event"], error["code"]) == ("error", code)
    assert error["message"].endswith(sentence)
    assert not Release.objects.exists()
    plain = cli(*arguments)
    assert plain.code == 2
    assert len(plain.text.splitlines()) == 1


@pytest.mark.parametrize(
    ("role", "arguments", "code"),
    [
        ("viewer", ["BOOK"], 2),
        ("viewer", ["--retry"], 2),
        ("viewer", ["--status"], 0),
        ("preparer", ["BOOK", "--yes"], 2),
        ("preparer", ["BOOK", "--dry-run", "--yes"], 0),
        ("preparer", ["BOOK"], 3),
        ("preparer", ["--retry"], 2),
        ("approver", ["BOOK", "--yes"], 0),
        ("approver", ["--retry"], 0),
        ("stranger", ["--queue"], 2),
    ],
)
def test_roles_hold_at_the_terminal_too(cli, book, desk, role, arguments, code):
    person = factories.UserFactory(role="" if role == "stranger" else role)
    arguments = [argument.replace("BOOK", str(book)) for argument in arguments]
    said = cli(*arguments, "--user", person.username)
    assert said.code == code, said.text
    if code == 2:
        assert "Your role does not allow you to" in said.text
        assert desk.sandbox.uploads() == []


def test_a_preparer_who_says_yes_is_not_let_through_by_the_question(cli, book, desk):
    person = factories.UserFactory(role="preparer")
    said = cli(str(book), "--user", person.username, answer="\ny\n")
    assert said.code == 2
    assert "Your role does not allow you to approve uploads." in said.text


def test_secrets_are_not_printed(cli, book, desk):
    desk.sandbox.fail(
        "red", "upload", "refuse", message=f"Key {desk.sandbox.key('red')} is odd."
    )
    for arguments in (["--yes", "--json"], ["--yes"], []):
        text = cli(str(book), *arguments).text
        for site in ("red", "ops"):
            assert desk.sandbox.key(site) not in text
            assert desk.sandbox.passkey(site) not in text
    assert desk.sandbox.key("red") not in cli("--status").text
