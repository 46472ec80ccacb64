"""A remark written behind a session."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from wsdebug.errors import RecordingFailed
from wsdebug.session.annotate import add_meta, add_note

HEAD = '{"wsdebug":1,"url":"ws://127.0.0.1:9/"}\n{"t":0.5,"recv":"a"}\n'
END = '{"t":1.5,"event":"end","frames":1,"bytes":9}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A finished session."""
    file = tmp_path / "a.ws.jsonl"
    file.write_text(HEAD + END)
    return file


def test_a_note_follows_what_is_there(path: Path) -> None:
    """As one line; whatever characters it has."""
    add_note(str(path), 'deployed "here"\nüber', on=2, time_us=1_500_000)
    note = '{"t":1.500000,"note":"deployed \\"here\\"\\nüber","on":2}\n'
    assert path.read_text() == HEAD + END + note


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        (
            '{"t":2.0,"recv":"cut o',
            '{"t":3.000000,"event":"gap","frames":0,"bytes":0,"why":"interrupted"}\n',
        ),
        ('{"t":2.0,"recv":"whole"}', '{"t":2.0,"recv":"whole"}\n'),
    ],
)
def test_a_torn_tail_is_cut_and_said(path: Path, tail: str, kept: str) -> None:
    """A last line that lacks only its newline gets one."""
    path.write_text(HEAD + tail)
    add_note(str(path), "x", on=None, time_us=3_000_000)
    assert path.read_text() == HEAD + kept + '{"t":3.000000,"note":"x"}\n'


def test_a_disk_without_room_for_a_newline_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything else is written."""
    path.write_text(HEAD + '{"t":2.0,"recv":"whole"}')
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(RecordingFailed, match="the disk is full"):
            add_note(str(path), "x", on=None, time_us=3_000_000)
    assert path.read_text() == HEAD + '{"t":2.0,"recv":"whole"}'


def full(fd: int, data: bytes) -> int:
    """A write that nothing has room for."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_what_is_being_recorded_is_left_alone(path: Path) -> None:
    """The words say so."""
    with path.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(RecordingFailed, match="being recorded"):
            add_note(str(path), "x", on=None, time_us=0)
    assert path.read_text() == HEAD + END


@pytest.mark.parametrize("name", ["a.ws.jsonl.gz", "nothing/a.ws.jsonl"])
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str) -> None:
    """An archive, a folder that is not there."""
    with pytest.raises(RecordingFailed, match=r"archive|cannot write"):
        add_note(str(tmp_path / name), "x", on=None, time_us=0)
    assert not (tmp_path / name).exists()


def test_title_and_tags_follow_what_is_there(path: Path) -> None:
    """As an event."""
    add_meta(str(path), title='a "b"', tags=["x", "ü"], time_us=1_500_000)
    line = '{"t":1.500000,"event":"meta","title":"a \\"b\\"","tags":["x","ü"]}\n'
    assert path.read_text() == HEAD + END + line
