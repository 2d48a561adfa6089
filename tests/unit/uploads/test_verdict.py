"""Each way of not seeding has a sentence of its own, which says what to do."""

import pytest

from releases.clients.types import AnnounceStatus, SeedPhase, SeedStatus
from uploads.states import Seeding
from uploads.verdict import (
    ASKED_AGAIN,
    FILES_GONE,
    SENTENCES,
    TROUBLE,
    UNFIT,
    WRONG_PATH,
    verdict,
)


def told(phase, *, files_there=True, **more):
    return verdict(SeedStatus(phase=phase, **more), files_there=files_there)


def refused(words):
    return told(
        SeedPhase.SEEDING,
        tracker_status=AnnounceStatus.NOT_WORKING,
        tracker_message=words,
    )


@pytest.mark.parametrize(
    ("phase", "remedy"),
    [
        (SeedPhase.MISSING_FILES, "Check the library's path as the client names it"),
        (SeedPhase.STOPPED, "Start it there"),
        (SeedPhase.ERROR, "recheck the torrent there"),
        (SeedPhase.DOWNLOADING, "Compare the save path"),
    ],
)
def test_a_problem_says_what_to_do(phase, remedy):
    state, sentence = told(phase)
    assert state is Seeding.PROBLEM
    assert remedy in sentence


def test_files_that_are_gone_are_told_from_a_wrong_path():
    state, sentence = told(SeedPhase.MISSING_FILES, files_there=False)
    assert state is Seeding.PROBLEM
    assert "The files are gone" in sentence
    assert "Put them back" in sentence
    assert "path" not in sentence


def test_no_two_troubles_have_the_same_sentence():
    sentences = [SENTENCES[phase] for phase in TROUBLE] + [UNFIT, FILES_GONE]
    sentences.append(WRONG_PATH)
    sentences += [refused(words)[1] for words in ("passkey not found", "unregistered")]
    assert len(set(sentences)) == len(sentences) == 8


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("Unregistered torrent", "still on the tracker"),
        ("Torrent is not registered", "still on the tracker"),
        ("Torrent not found", "still on the tracker"),
        ("passkey not found", "present passkey"),
        ("Your account is disabled", "present passkey"),
        ("come back later", ASKED_AGAIN),
        ("", ASKED_AGAIN),
    ],
)
def test_a_refused_announce_has_the_trackers_words_and_a_remedy(words, remedy):
    state, sentence = refused(words)
    assert state is Seeding.PROBLEM
    assert (words or "no reason given") in sentence
    assert remedy in sentence


def test_what_only_takes_its_time_is_no_problem():
    for phase in (SeedPhase.MISSING, SeedPhase.CHECKING, SeedPhase.QUEUED):
        assert told(phase)[0] is Seeding.ADDED
    assert told(SeedPhase.SEEDING) == (
        Seeding.ADDED,
        "Seeding; waiting for the tracker's answer.",
    )
