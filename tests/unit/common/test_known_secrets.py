"""What a process has been told, and how long it keeps that in mind."""

from common.known_secrets import MASK, KnownSecrets


def test_what_is_to_be_kept_outlives_all_that_comes_later():
    known = KnownSecrets(most=2)
    known.remember("of-the-settings", keep=True)
    known.remember("became-kept")
    known.remember("became-kept", keep=True)
    known.remember("became-kept")
    for number in range(5):
        known.remember(f"passing-{number}")
    assert known.mask("of-the-settings became-kept passing-0 passing-3 passing-4") == (
        f"{MASK} {MASK} passing-0 {MASK} {MASK}"
    )
    known.forget_all()
    assert known.mask("of-the-settings") == "of-the-settings"
