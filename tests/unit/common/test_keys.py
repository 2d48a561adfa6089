"""Where master keys come from, and what is said when they are wrong."""

import base64
import os
import stat
from pathlib import Path

import pytest

from common import keys as keys_module
from common.keys import (
    KeyRingError,
    KeySources,
    key_ring,
    load_ring,
    parse_keys,
)
from common.redact import redact
from tests.unit.common.vault_rows import key_line


def write_private(path, text):
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def test_the_first_key_encrypts_and_order_is_kept():
    ring = load_ring(
        KeySources(text=f"{key_line('new', 1)}\n# note\n\n{key_line('old', 2)}"),
        Path("/nowhere"),
    )
    assert ring.ids == ("new", "old")
    assert ring.first == "new"
    assert ring.cipher("other") is None
    assert repr(ring) == "KeyRing(new, old)"


def test_all_sources_are_joined_in_order(tmp_path):
    ring = load_ring(
        KeySources(
            file=write_private(tmp_path / "keys", key_line("file")),
            text=key_line("env", 2),
            passphrase="correct horse\n\nolder one",
        ),
        tmp_path,
    )
    assert ring.ids[:2] == ("file", "env")
    assert [one[0] for one in ring.ids[2:]] == ["p", "p"]


def test_the_same_key_in_two_sources_is_one_key(tmp_path):
    file = write_private(tmp_path / "keys", key_line("one"))
    assert load_ring(KeySources(file=file, text=key_line("one")), tmp_path).ids == (
        "one",
    )


def test_a_raw_key_has_its_fingerprint_for_an_id():
    raw = key_line("x", 7).partition(":")[2]
    (key_id,) = parse_keys(raw, where="HERALD_MASTER_KEY")
    assert key_id.startswith("r")
    assert len(key_id) == 9
    both = parse_keys(f"{raw},{key_line('old', 2)}", where="HERALD_MASTER_KEY")
    assert list(both) == [key_id, "old"]
    assert raw not in redact(f"with {raw}")


def test_two_keys_with_one_id_are_refused(tmp_path):
    text = f"{key_line('one', 1)},{key_line('one', 2)}"
    with pytest.raises(KeyRingError, match="Two different keys have the id one"):
        load_ring(KeySources(text=text), tmp_path)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_private_key_file_is_read(tmp_path, mode):
    file = Path(write_private(tmp_path / "keys", key_line("one")))
    file.chmod(mode)
    assert load_ring(KeySources(file=str(file)), tmp_path).first == "one"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o700, 0o610])
def test_a_key_file_that_others_may_open_is_refused_with_the_remedy(tmp_path, mode):
    file = tmp_path / "keys"
    file.write_text(key_line("one"))
    file.chmod(mode)
    with pytest.raises(KeyRingError) as caught:
        load_ring(KeySources(file=str(file)), tmp_path)
    assert f"chmod 600 {file}" in str(caught.value)


def test_a_folder_a_pipe_and_a_missing_file_are_no_key_files(tmp_path):
    folder, pipe = tmp_path / "folder", tmp_path / "pipe"
    folder.mkdir(mode=0o700)
    os.mkfifo(pipe, 0o600)
    for path, words in [
        (folder, "not a regular file"),
        (pipe, "not a regular file"),
        (tmp_path / "none", "cannot be read: No such file"),
    ]:
        with pytest.raises(KeyRingError, match=words):
            load_ring(KeySources(file=str(path)), tmp_path)


def test_a_binary_key_file_is_refused(tmp_path):
    file = tmp_path / "keys"
    file.write_bytes(b"\xff\xfe\x00")
    file.chmod(0o600)
    with pytest.raises(KeyRingError, match="is not text"):
        load_ring(KeySources(file=str(file)), tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no key in X"),
        ("# only a note", "There is no key in X"),
        ("justtext", "Key 1 in X is not written as"),
        (f"{key_line('a')},:AAAA", "Key 2 in X is not written as"),
        (f"a b:{'A' * 43}=", "Key 1 in X is not written as"),
        ("a$b:AAAA", "Key 1 in X is not written as"),
        ("short:AAAA", "Key short in X is not 32 bytes"),
        ("odd:!!!!", "Key odd in X is not 32 bytes"),
        ("odd:AAAé", "Key odd in X is not 32 bytes"),
    ],
)
def test_a_malformed_key_is_named_but_never_shown(text, words):
    with pytest.raises(KeyRingError, match=words) as caught:
        parse_keys(text, where="X")
    assert "A" * 43 not in str(caught.value)


def test_no_key_at_all_says_how_to_make_one(tmp_path):
    with pytest.raises(KeyRingError, match=r"manage\.py generate_key --file"):
        load_ring(KeySources(), tmp_path)


def test_key_material_never_shows():
    line = key_line("one", 7)
    sources = KeySources(text=line, passphrase="correct horse battery")
    encoded = line.partition(":")[2]
    assert encoded not in repr(sources)
    assert "horse" not in repr(sources)
    parse_keys(line, where="X")
    assert encoded not in redact(f"the line is {line}")


def test_a_passphrase_gives_the_same_key_again_through_its_salt(tmp_path):
    data = tmp_path / "new" / "data"
    first = load_ring(KeySources(passphrase="correct horse"), data)
    salt = data / keys_module.SALT_NAME
    assert stat.S_IMODE(salt.stat().st_mode) == 0o600
    assert len(base64.b64decode(salt.read_text())) == 16
    again = load_ring(KeySources(passphrase="correct horse"), data)
    other = load_ring(KeySources(passphrase="wrong horse"), data)
    elsewhere = load_ring(KeySources(passphrase="correct horse"), tmp_path)
    assert first.ids == again.ids
    assert len({first.ids, other.ids, elsewhere.ids}) == 3
    assert [path.name for path in data.iterdir()] == [keys_module.SALT_NAME]


def test_a_passphrase_is_stretched_by_600_000_rounds():
    assert keys_module.PBKDF2_ROUNDS == 600_000


def test_a_damaged_or_open_salt_is_refused(tmp_path):
    salt = tmp_path / keys_module.SALT_NAME
    for text in ("not base64 !", "AAAA"):
        write_private(salt, text)
        with pytest.raises(KeyRingError, match="is damaged"):
            load_ring(KeySources(passphrase="x" * 12), tmp_path)
    salt.chmod(0o644)
    with pytest.raises(KeyRingError, match="chmod 600"):
        load_ring(KeySources(passphrase="x" * 12), tmp_path)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyRingError, match=r"passphrase\.salt cannot be written"):
        load_ring(KeySources(passphrase="x" * 12), tmp_path / "file" / "data")


def test_a_missing_key_file_is_made_only_where_that_is_asked_for(tmp_path):
    file = tmp_path / "keys"
    made = load_ring(KeySources(file=str(file), create=True), tmp_path)
    again = load_ring(KeySources(file=str(file), create=True), tmp_path)
    assert made.ids == again.ids
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_ring_of_the_settings_is_read_once(settings, tmp_path):
    file = write_private(tmp_path / "keys", key_line("one"))
    settings.HERALD_KEYS = {"file": file}
    ring = key_ring()
    Path(file).unlink()
    assert key_ring() is ring
