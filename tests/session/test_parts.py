"""A recording in parts: names, and what is read over the seams."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from wsdebug.errors import RecordingFailed
from wsdebug.log.index import LineIndex
from wsdebug.session.disk import Disk
from wsdebug.session.file import is_being_recorded
from wsdebug.session.parts import Parts, last_part, next_part, part_path
from wsdebug.session.writer import SessionWriter

HEADER, END = b'{"wsdebug":1}\n', b'{"t":0.000000,"event":"end"}\n'


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SessionWriter]:
    """Of `a.ws.jsonl`, begun."""
    writer = SessionWriter(str(tmp_path / "a.ws.jsonl"), LineIndex(), disk=Disk(interval=3600))
    writer.write(HEADER)
    yield writer
    writer.close()


def go_on(writer: SessionWriter, tmp_path: Path, number: int, *, force: bool = False) -> int:
    """Begin a part."""
    first = str(tmp_path / "a.ws.jsonl")
    return writer.go_on_in(first, number, header=HEADER, end=END, force=force)


@pytest.mark.parametrize(
    ("path", "second"),
    [
        ("feed.ws.jsonl", "feed.2.ws.jsonl"),
        ("a.b/feed.jsonl", "a.b/feed.2.jsonl"),
        ("a.b/feed", "a.b/feed.2"),
        (".ws.jsonl", ".2.ws.jsonl"),
    ],
)
def test_a_part_is_named_after_the_recording(path: str, second: str) -> None:
    """The number stands before the suffix."""
    assert (part_path(path, 1), part_path(path, 2)) == (path, second)


def test_the_next_part_of_a_name_with_a_number_is_of_the_recording_that_is_there(
    tmp_path: Path,
) -> None:
    """Where `feed.ws.jsonl` is not, `feed.2.ws.jsonl` is itself the first."""
    second, third, own = (tmp_path / f"feed.{name}.ws.jsonl" for name in ("2", "3", "2.2"))
    for path in (second, third, own):
        path.touch()
    assert next_part(str(second)) == str(own)
    (tmp_path / "feed.ws.jsonl").touch()
    assert next_part(str(second)) == str(third)
    assert next_part(str(third)) is None


def test_the_parts_are_whole_files_and_read_as_one(writer: SessionWriter, tmp_path: Path) -> None:
    """Each with its header and `end`; read together, only the first header stands there."""
    writer.write(b"1\n")
    assert go_on(writer, tmp_path, 2) == 2
    writer.write(b"2\n")
    assert go_on(writer, tmp_path, 3) == 3
    writer.write(b"3\n")
    files = [tmp_path / name for name in ("a.ws.jsonl", "a.2.ws.jsonl", "a.3.ws.jsonl")]
    texts = [file.read_bytes() for file in files]
    assert texts == [HEADER + b"1\n" + END, HEADER + b"2\n" + END, HEADER + b"3\n"]
    whole = HEADER + b"1\n" + END + b"2\n" + END + b"3\n"
    assert (writer.size, writer.recorded_size, writer.part_size) == (len(whole),) * 2 + (
        len(texts[2]),
    )
    for start in range(len(whole)):
        read = b""
        while data := writer.pread(7, start + len(read)):
            read += data
        assert read == whole[start:]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
    assert [is_being_recorded(file) for file in files] == [False, False, True]


def test_a_part_that_was_moved_away_is_not_read(writer: SessionWriter, tmp_path: Path) -> None:
    """The others are."""
    go_on(writer, tmp_path, 2)
    writer.write(b"2\n")
    (tmp_path / "a.ws.jsonl").rename(tmp_path / "elsewhere")
    assert writer.pread(9, 0) == b""
    assert writer.pread(9, len(HEADER + END)) == b"2\n"


def test_a_taken_name_is_left_alone(writer: SessionWriter, tmp_path: Path) -> None:
    """The next free one is taken, with force that very one."""
    taken = tmp_path / "a.2.ws.jsonl"
    taken.write_text("mine")
    assert last_part(str(tmp_path / "a.ws.jsonl")) == 2
    assert go_on(writer, tmp_path, 2) == 3
    assert taken.read_text() == "mine"
    assert go_on(writer, tmp_path, 2, force=True) == 2
    assert taken.read_bytes() == HEADER


def test_a_part_that_cannot_be_made_leaves_the_last_as_it_was(
    writer: SessionWriter, tmp_path: Path
) -> None:
    """And it goes on."""
    with pytest.raises(RecordingFailed, match="cannot write"):
        writer.go_on_in(str(tmp_path / "no/a"), 2, header=HEADER, end=END, force=False)
    writer.write(b"1\n")
    assert (tmp_path / "a.ws.jsonl").read_bytes() == HEADER + b"1\n"


def test_no_part_begins_while_the_disk_refuses(tmp_path: Path) -> None:
    """Lines are held; the next part has to wait for them."""
    is_full = [False]

    def write(fd: int, data: memoryview) -> int:
        if is_full[0]:
            raise OSError(28, "")
        return os.write(fd, data)

    disk = Disk(write=write, interval=3600)
    writer = SessionWriter(str(tmp_path / "a.ws.jsonl"), LineIndex(), disk=disk)
    writer.write(HEADER)
    is_full[0] = True
    assert go_on(writer, tmp_path, 2) == 0  # its `end` did not fit
    assert go_on(writer, tmp_path, 2) == 0
    writer.write(b"1\n")
    is_full[0] = False
    writer.tend()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.ws.jsonl"]
    assert go_on(writer, tmp_path, 2) == 2
    assert (tmp_path / "a.ws.jsonl").read_bytes() == HEADER + b"1\n" + END
    writer.close()


def test_parts_keep_their_names(writer: SessionWriter, tmp_path: Path) -> None:
    """One of several is not renamed."""
    go_on(writer, tmp_path, 2)
    with pytest.raises(RecordingFailed, match="parts"):
        writer.rename(str(tmp_path / "b.ws.jsonl"))


def test_every_part_comes_to_the_disk(tmp_path: Path) -> None:
    """The ended ones once."""
    synced: list[int] = []
    disk = Disk(sync=lambda fd: synced.append(os.fstat(fd).st_size), interval=3600)
    writer = SessionWriter(str(tmp_path / "a.ws.jsonl"), LineIndex(), disk=disk)
    writer.write(HEADER)
    go_on(writer, tmp_path, 2)
    writer.write(b"2\n")
    writer.tend()
    writer.finish()
    assert synced == [len(HEADER + END), len(HEADER + b"2\n"), len(HEADER + b"2\n")]
    writer.close()


def test_nothing_is_read_past_the_last_part() -> None:
    """Of parts without a file."""
    parts = Parts()
    parts.add("/no/such/file", 10, 0)
    assert (parts.read(5, 0), parts.size) == (b"", 10)
