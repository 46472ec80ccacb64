"""A file put in its place as a whole."""

import os
from pathlib import Path

import pytest

from wsdebug.errors import RecordingFailed
from wsdebug.session.file import open_session_file, temporary_file
from wsdebug.session.put import put_file, refuse_existing, whole_file


def test_a_file_is_made_or_replaced(tmp_path: Path) -> None:
    """With the permissions it had, or those that are given; nothing else is left behind."""
    path = tmp_path / "a"
    put_file(str(path), b"one", mode=0o600)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one", 0o600)
    path.chmod(0o640)
    put_file(str(path), b"two")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o640)
    umask = os.umask(0o027)
    try:
        put_file(str(tmp_path / "b"), b"")
    finally:
        os.umask(umask)
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    """Its target is replaced."""
    path, link = tmp_path / "a", tmp_path / "link"
    path.write_bytes(b"one")
    link.symlink_to(path)
    put_file(str(link), b"two")
    assert link.is_symlink()
    assert path.read_bytes() == b"two"


def test_no_folder_for_temporary_files_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a file system that nothing may be written to."""
    monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")
    with pytest.raises(RecordingFailed, match="cannot make a temporary file: no such file"):
        temporary_file()
    with pytest.raises(RecordingFailed, match="cannot make a temporary file: no such file"):
        open_session_file(None, append=False, force=False)


def test_what_is_no_file_is_written_through() -> None:
    """`/dev/null`, a pipe."""
    put_file("/dev/null", b"gone")
    assert not Path("/dev/null").is_file()


def test_where_it_cannot_be_written_it_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the reason is said."""
    with pytest.raises(RecordingFailed, match="no such file"):
        put_file(str(tmp_path / "none" / "a"), b"x")
    path = tmp_path / "a"
    path.write_bytes(b"one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wsdebug.session.put.os.fsync", full)
    with pytest.raises(RecordingFailed, match="cannot write"):
        put_file(str(path), b"two")
    assert path.read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["a"]


def test_a_running_recording_is_never_replaced(tmp_path: Path) -> None:
    """Its recorder would go on in a file without a name."""
    path = tmp_path / "a.ws.jsonl"
    fd = open_session_file(str(path), append=False, force=False)
    try:
        with pytest.raises(RecordingFailed, match="is being recorded"):
            put_file(str(path), b"x")
    finally:
        os.close(fd)
    put_file(str(path), b"x")
    assert path.read_bytes() == b"x"


def test_without_force_nothing_is_replaced(tmp_path: Path) -> None:
    """Neither what was there before, nor what came meanwhile; nothing is left behind."""
    path = tmp_path / "a"
    with (
        pytest.raises(RecordingFailed, match="exists; add --force"),
        whole_file(str(path), force=False),
    ):
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    with pytest.raises(RecordingFailed, match="exists"):
        refuse_existing(str(path), force=False)
    refuse_existing(str(path), force=True)
    refuse_existing("/dev/null", force=False)
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_system_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the name is given by moving."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("wsdebug.session.put.os.link", refuse)
    path = tmp_path / "a"
    with whole_file(str(path), force=False) as file:
        file.write(b"ours")
    assert path.read_bytes() == b"ours"
    with pytest.raises(RecordingFailed, match="exists"), whole_file(str(path), force=False):
        pass
    assert os.listdir(tmp_path) == ["a"]
