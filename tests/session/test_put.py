"""A file put in its place as a whole."""

import os
from pathlib import Path

import pytest

from wsdebug.errors import RecordingFailed
from wsdebug.session.put import put_file


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
