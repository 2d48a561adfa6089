"""Tokens open with their own key, in their own place, and in no other way."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from common import vault
from common.errors import AppError
from common.redact import MASK, forget_secrets, redact

CONTEXT = "trackers.credential.values"
JSON = st.dictionaries(
    st.text(),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    ),
)
patient = hypothesis_settings(deadline=None)  # a busy machine is no failure


@patient
@given(st.binary(max_size=2000), st.text(st.characters(codec="utf-8"), max_size=60))
def test_what_goes_in_comes_out(plaintext, context):
    token = vault.encrypt(plaintext, context=context)
    assert vault.decrypt(token, context=context) == plaintext


@patient
@given(JSON)
def test_json_goes_in_and_comes_out(value):
    token = vault.encrypt_json(value, context=CONTEXT)
    assert vault.decrypt_json(token, context=CONTEXT) == value


def test_a_token_names_its_key_and_shows_nothing_else(keys):
    keys("new", "old")
    token = vault.encrypt(b"very secret", context=CONTEXT)
    version, key_id, sealed = token.split("$")
    raw = base64.urlsafe_b64decode(sealed)
    assert (version, key_id) == ("g1", "new")
    assert len(raw) == 12 + len(b"very secret") + 16
    assert b"secret" not in raw


def test_the_same_text_never_gives_the_same_token():
    tokens = {vault.encrypt(b"x", context=CONTEXT) for _ in range(200)}
    assert len({token.split("$")[2][:16] for token in tokens}) == 200


def test_every_key_of_the_ring_decrypts(keys):
    keys("old")
    token = vault.encrypt(b"x", context=CONTEXT)
    keys("new", "old")
    assert vault.decrypt(token, context=CONTEXT) == b"x"


def test_a_key_that_is_not_in_the_ring_is_named(keys):
    keys("old")
    token = vault.encrypt(b"x", context=CONTEXT)
    keys("new")
    with pytest.raises(vault.UnknownKey, match="with key old, which is not") as caught:
        vault.decrypt(token, context=CONTEXT)
    assert caught.value.code == "vault_unknown_key"
    assert caught.value.extra == {"context": CONTEXT, "key_id": "old"}


def test_another_key_under_the_same_id_does_not_open(settings):
    settings.HERALD_KEYS = {"text": "k:" + base64.b64encode(b"a" * 32).decode()}
    token = vault.encrypt(b"x", context=CONTEXT)
    settings.HERALD_KEYS = {"text": "k:" + base64.b64encode(b"b" * 32).decode()}
    with pytest.raises(vault.UnreadableSecret):
        vault.decrypt(token, context=CONTEXT)


def test_one_master_under_two_ids_gives_two_keys(settings):
    material = base64.b64encode(b"a" * 32).decode()
    settings.HERALD_KEYS = {"text": f"one:{material}"}
    token = vault.encrypt(b"x", context=CONTEXT)
    settings.HERALD_KEYS = {"text": f"two:{material}"}
    with pytest.raises(vault.UnreadableSecret):
        vault.decrypt(token.replace("$one$", "$two$"), context=CONTEXT)


def test_a_token_moved_to_another_field_does_not_open():
    token = vault.encrypt(b"x", context=CONTEXT)
    with pytest.raises(vault.UnreadableSecret, match=r"trackers\.tracker"):
        vault.decrypt(token, context="trackers.tracker.options")


def test_every_changed_bit_is_noticed():
    token = vault.encrypt(b"hi", context=CONTEXT)
    head, _, sealed = token.rpartition("$")
    raw = base64.urlsafe_b64decode(sealed)
    for place in range(len(raw)):
        for bit in range(8):
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            damaged = f"{head}${base64.urlsafe_b64encode(changed).decode()}"
            with pytest.raises(vault.UnreadableSecret):
                vault.decrypt(damaged, context=CONTEXT)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "plain",
        "g1$",
        "g1$test",
        "g1$test$",
        "g1$$AAAA",
        "g2$test$AAAA",
        "g1$test$AAAA",
        "g1$test$!!!!",
        "g1$test$é",
        "g1$test$AAAA$AAAA",
        "g1$test$" + "A" * 15,
        "g1$test$" + "A" * 100,
        '{"api_key": "plain"}',
    ],
)
def test_what_is_no_token_is_refused_and_not_quoted(token):
    with pytest.raises(vault.VaultError) as caught:
        vault.decrypt(token, context=CONTEXT)
    assert "plain" not in str(caught.value)
    assert CONTEXT in str(caught.value)


@patient
@given(st.text())
def test_no_text_breaks_the_reader(text):
    for candidate in (text, f"g1$test${text}"):
        with pytest.raises(AppError):
            vault.decrypt(candidate, context=CONTEXT)


@pytest.mark.parametrize("plaintext", [b"[]", b'"text"', b"\xff", b"{", b"null"])
def test_what_is_no_json_object_is_unreadable(plaintext):
    token = vault.encrypt(plaintext, context=CONTEXT)
    with pytest.raises(vault.UnreadableSecret):
        vault.decrypt_json(token, context=CONTEXT)


def test_what_json_does_not_know_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        vault.encrypt_json({"x": float("nan")}, context=CONTEXT)
    with pytest.raises(TypeError, match="not JSON serializable"):
        vault.encrypt_json({"x": b"secret-bytes"}, context=CONTEXT)


def test_whatever_was_in_the_clear_is_redacted_from_then_on():
    value = {"api_key": "key-abcdef", "deep": [{"cookie": "a=1; b=2 3"}], "n": 1}
    token = vault.encrypt_json(value, context=CONTEXT)
    forget_secrets()
    assert redact("key-abcdef") == "key-abcdef"
    vault.decrypt_json(token, context=CONTEXT)
    assert redact("key-abcdef and a=1; b=2 3") == f"{MASK} and {MASK}"


def test_a_bare_text_is_redacted_too():
    vault.encrypt(b"bare-passphrase", context=CONTEXT)
    assert redact(json.dumps(["bare-passphrase"])) == json.dumps([MASK])
