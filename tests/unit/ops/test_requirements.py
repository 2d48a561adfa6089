"""The locked requirements install on a machine that has never seen them."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WANTED = re.compile(
    r"^(?P<name>[\w.-]+) ?\[(?P<extras>[\w., -]+)\](?P<rest>[^;]*)(;.*)?$"
)
LOCKED = re.compile(r"^(?P<name>[\w.-]+)(\[(?P<extras>[\w,-]+)\])?==\S+", re.MULTILINE)
LOCKS = ("base.txt", "dev.txt")


def locked(lock):
    """Each locked name with its extras."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return {
        found["name"]: set((found["extras"] or "").split(",")) - {""}
        for found in LOCKED.finditer(text)
    }


def wanted_with_extras():
    """What installed packages and our own lists want with extras: (who, name, extras)."""
    wishes = [
        (one.metadata["Name"].lower(), text)
        for one in distributions()
        for text in one.requires or ()
        if "extra ==" not in text
    ]
    for name in ("base.in", "dev.in"):
        lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        wishes += [(name, line) for line in lines]
    for who, text in wishes:
        if found := WANTED.match(text):
            yield who, found["name"].lower(), set(found["extras"].split(","))


@pytest.mark.parametrize("lock", LOCKS)
def test_extras_stand_in_the_lock(lock):
    """pip takes a newer version, without a hash, for a name locked without its extras."""
    rows = locked(lock)
    seen = 0
    for who, name, extras in wanted_with_extras():
        if name in rows and (who in rows or who.endswith(".in")):
            assert extras <= rows[name], f"{who} wants {name}{sorted(extras)}"
            seen += 1
    assert seen >= 2


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_in_the_lock_is_without_a_hash_or_with_an_address(lock):
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z])", text)[1:]
    assert len(blocks) > 20
    for block in blocks:
        assert "--hash=sha256:" in block, block.splitlines()[0]
    assert "://" not in text
