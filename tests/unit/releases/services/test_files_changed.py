"""What is on disk now against what was prepared, said in one sentence."""

import os

import pytest

from releases.services.ingest import files_changed, files_untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(folder, prepare):
    release = prepare(folder)
    assert files_changed(release) == ""
    return release


def test_a_file_is_gone(release, folder):
    (folder / "02.mp3").unlink()
    assert files_changed(release) == "02.mp3 is gone since the release was prepared."


def test_a_file_is_new(release, folder):
    (folder / "03.mp3").write_bytes(b"x")
    assert files_changed(release) == "03.mp3 is new since the release was prepared."


def test_a_file_has_other_content(release, folder):
    (folder / "02.mp3").write_bytes(b"x")
    assert files_changed(release) == (
        "02.mp3 was changed after the release was prepared."
    )


def test_a_file_was_only_touched(release, folder):
    os.utime(folder / "01.mp3", ns=(1, 1))
    assert files_changed(release) == (
        "01.mp3 was changed after the release was prepared."
    )


def test_junk_does_not_count(release, folder):
    (folder / ".DS_Store").write_bytes(b"x")
    assert files_changed(release) == ""


def test_the_folder_is_gone(release, folder):
    folder.rename(folder.parent / "elsewhere")
    assert files_changed(release) == (
        f"{folder} is not there any more, or leads out of its library. "
        "Put it back. If it was renamed, delete this release and add it "
        "under its new name."
    )


def test_the_folder_is_a_link_out_by_now(release, folder, tmp_path):
    folder.rename(tmp_path / "outside")
    folder.symlink_to(tmp_path / "outside")
    assert "leads out of its library" in files_changed(release)


def test_a_name_that_no_torrent_may_carry_counts_as_a_change(release, folder):
    (folder / "a\\b").write_bytes(b"x")
    assert "backslash" in files_changed(release)


def test_a_folder_that_is_a_file_by_now(release, folder):
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_bytes(b"x")
    assert files_changed(release) == "01.mp3 is gone since the release was prepared."


def test_rows_that_were_tampered_with_still_count_as_changed(release):
    release.fingerprint = "x"
    assert files_changed(release) == (
        "The files changed after the release was prepared."
    )


def test_bytes_written_behind_a_kept_time_are_no_untouched_files(release, folder):
    assert files_untouched(release)
    file = folder / "01.mp3"
    status = file.stat()
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert files_changed(release) == ""
    assert not files_untouched(release)


def test_other_rights_are_no_change_but_may_hide_one(release, folder):
    (folder / "01.mp3").chmod(0o600)
    assert files_changed(release) == ""
    assert not files_untouched(release)


def test_files_of_an_earlier_herald_and_files_that_are_gone(release, folder):
    release.files.update(ctime_ns=None)
    assert not files_untouched(release)
    folder.rename(folder.parent / "elsewhere")
    assert not files_untouched(release)
