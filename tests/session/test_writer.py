"""The writer's promises: whole lines, nothing lost in silence, whatever the disk does."""

import errno
import json
import os
import resource
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Event, Semaphore
from typing import Any
from unittest.mock import Mock

import pytest

from wsdebug.errors import RecordingFailed
from wsdebug.log.index import LineIndex
from wsdebug.session.disk import Disk
from wsdebug.session.file import is_being_recorded
from wsdebug.session.writer import SessionWriter

NEVER = 3600.0  # seconds between looks: the tests look themselves


@dataclass
class Weak:
    """A disk that takes only so many more bytes, and can be told to fail."""

    room: int = 1 << 40
    free: int = 1 << 40
    error: int = errno.ENOSPC
    synced: list[int] = field(default_factory=list)
    sync_fails: bool = False
    meanwhile: Callable[[], None] | None = None  # what happens during the next sync

    def write(self, fd: int, data: memoryview) -> int:
        """Like a disk that fills up: a part is taken, then nothing."""
        if not self.room:
            raise OSError(self.error, os.strerror(self.error))
        taken = os.write(fd, data[: self.room])
        self.room -= taken
        return taken

    def sync(self, fd: int) -> None:
        """Note that it was asked for."""
        if self.sync_fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        self.synced.append(os.fstat(fd).st_size)

    @property
    def disk(self) -> Disk:
        """What the writer takes."""
        return Disk(self.write, self.sync, lambda _: self.free, NEVER)


Make = Callable[..., SessionWriter]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes writers over one file; all are closed at the end."""
    writers: list[SessionWriter] = []

    def new(weak: Weak | None = None, **options: Any) -> SessionWriter:
        disk = weak.disk if weak else Disk(interval=NEVER)
        writer = SessionWriter(str(tmp_path / "a.ws.jsonl"), LineIndex(), disk=disk, **options)
        writers.append(writer)
        return writer

    yield new
    for writer in writers:
        writer.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file that the writers write."""
    return tmp_path / "a.ws.jsonl"


def line(number: int) -> bytes:
    """A frame's line."""
    return b'{"t":%d.000000,"recv":"%d"}\n' % (number, number)


def test_a_recording_is_private_and_locked(make: Make, path: Path) -> None:
    """Mode 0600, and an advisory lock until it ends."""
    writer = make()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert is_being_recorded(path)
    with pytest.raises(RecordingFailed, match="exists"):
        make()
    with pytest.raises(RecordingFailed, match="another wsdebug"):
        make(append=True)
    writer.finish()
    assert not is_being_recorded(path)


def test_a_file_that_is_begun_anew_is_private(make: Make, path: Path) -> None:
    """Whatever its mode was."""
    path.write_text("{}\n")
    path.chmod(0o644)
    make(force=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b""


def test_a_look_has_the_file_on_the_disk_if_it_grew(make: Make) -> None:
    """And the end does."""
    weak = Weak()
    writer = make(weak)
    writer.write(line(1))
    writer.tend()
    writer.tend()
    assert weak.synced == [len(line(1))]
    writer.finish(line(2))
    assert weak.synced[1:] == [len(line(1) + line(2))]


def test_the_thread_looks_by_itself(path: Path) -> None:
    """Once an interval."""
    synced = Event()
    disk = Disk(sync=lambda _: synced.set(), interval=0.01)
    writer = SessionWriter(str(path), LineIndex(), disk=disk)
    writer.write(line(1))
    assert synced.wait(10)
    writer.close()


def test_much_at_once_does_not_wait_for_the_interval(path: Path) -> None:
    """Whenever so much has been written since; less waits."""
    synced: Queue[int] = Queue()
    five = 5 * len(line(1))
    disk = Disk(sync=lambda fd: synced.put(os.fstat(fd).st_size), interval=NEVER, burst=five)
    writer = SessionWriter(str(path), LineIndex(), disk=disk)
    sizes = []
    for _ in range(2):
        for number in range(1, 6):
            assert synced.empty()
            writer.write(line(number))
        sizes.append(synced.get(timeout=10))
    assert sizes == [five, 2 * five]
    writer.close()


def test_the_thread_sleeps_while_nothing_is_written(tmp_path: Path) -> None:
    """Fifty recordings in which nothing happens wake nobody."""
    looks, looked = [0, 0], Semaphore(0)

    def recording(which: int) -> SessionWriter:
        def free(fd: int) -> int:
            looks[which] += 1
            looked.release()
            return 1 << 40

        path = str(tmp_path / f"{which}.ws.jsonl")
        return SessionWriter(path, LineIndex(), keep_free=1, disk=Disk(free=free, interval=0.001))

    quiet, busy = recording(0), recording(1)
    stirs: list[str] = []
    quiet.caretaker.stirred = lambda: stirs.append("quiet")
    quiet.write(line(1))
    assert looked.acquire(timeout=10)
    for number in range(30):
        busy.write(line(number))
        assert looked.acquire(timeout=10)
    assert looks == [1, 30]
    assert stirs == ["quiet"]
    quiet.close()
    busy.close()


def test_what_is_refused_is_tried_again_and_again(path: Path) -> None:
    """By the thread, though nothing more is written."""
    is_written, refusals = Event(), iter(range(3))

    def write(fd: int, data: memoryview) -> int:
        if next(refusals, None) is not None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        is_written.set()
        return os.write(fd, data)

    writer = SessionWriter(str(path), LineIndex(), disk=Disk(write=write, interval=0.001))
    writer.write(line(1))
    assert is_written.wait(10)
    writer.close()
    assert path.read_bytes() == line(1)


def test_a_disk_that_cannot_be_synced_is_a_problem(make: Make) -> None:
    """Until it can."""
    weak = Weak(sync_fails=True)
    writer = make(weak)
    writer.write(line(1))
    writer.tend()
    assert writer.problem == "input/output error"
    weak.sync_fails = False
    writer.write(line(2))
    writer.tend()
    assert writer.problem == ""


@pytest.mark.parametrize(
    ("error", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EIO, "input/output error")]
)
def test_a_full_disk_leaves_whole_lines_and_the_rest_is_held(
    make: Make, path: Path, error: int, words: str
) -> None:
    """What is held can be read like the rest, and is written when the disk takes it."""
    weak = Weak(room=len(line(1)) + 5, error=error)
    writer = make(weak)
    for number in (1, 2, 3):
        writer.write(line(number), frames=1)
    assert path.read_bytes() == line(1)
    assert writer.problem == f"{words} since line 2; frames go on"
    whole = line(1) + line(2) + line(3)
    assert writer.pread(1000, 0) == whole
    assert writer.pread(10, len(line(1)) - 5) == whole[len(line(1)) - 5 :][:10]
    assert (writer.size, writer.recorded_size) == (len(whole), len(line(1)))
    writer.tend()
    assert writer.problem != ""
    weak.room = 1 << 20
    writer.tend()
    writer.write(line(4))
    assert path.read_bytes() == whole + line(4)
    assert (writer.problem, writer.lost) == ("", 0)


def test_past_what_is_held_frames_are_lost_and_a_gap_says_so(make: Make, path: Path) -> None:
    """With their number; nothing is written out of order."""
    weak = Weak(room=0)
    writer = make(weak, held_limit=2 * len(line(1)))
    for number in (1, 2, 3, 4):
        writer.write(line(number), frames=1)
    weak.room = 1 << 20
    writer.tend()
    writer.write(line(5), frames=1)
    one, two, gap, five = path.read_bytes().splitlines(keepends=True)
    assert (one, two, five) == (line(1), line(2), line(5))
    assert json.loads(gap) == {
        "t": 0.0,
        "event": "gap",
        "frames": 2,
        "bytes": len(line(3) + line(4)),
        "why": "the disk is full",
    }
    assert writer.pread(1000, 0) == path.read_bytes()
    writer.finish()
    assert writer.problem == "2 frames are lost: the disk is full"


def test_what_a_full_disk_never_took_is_counted_at_the_end(make: Make) -> None:
    """And can still be read."""
    writer = make(Weak(room=0))
    writer.write(line(1), frames=1)
    writer.finish(line(2))
    assert writer.problem == "1 frame is lost: the disk is full"
    assert writer.pread(100, 0) == line(1)


def test_what_was_written_late_is_not_counted_as_lost(make: Make, path: Path) -> None:
    """Of frames that were held, those of the blocks that the disk has taken since."""
    weak = Weak(room=0)
    writer = make(weak)
    big = b'{"t":1.000000,"recv":"%b"}\n' % (b"x" * (1 << 20))
    writer.write(big, frames=1)
    writer.write(line(2) + line(3), frames=2)
    weak.room = len(big)
    writer.finish()
    assert writer.problem == "2 frames are lost: the disk is full"
    assert path.read_bytes() == big


def test_an_ended_part_may_be_synced_by_two_threads_at_once(make: Make) -> None:
    """By the one that looks after the disk, and by who ends the recording meanwhile."""
    weak = Weak()
    writer = make(weak)
    writer.write(line(1), frames=1)
    name = writer.path or ""
    assert writer.go_on_in(name, 2, header=b"{}\n", end=line(2), force=False) == 2
    weak.meanwhile = writer.finish
    writer.tend()
    assert weak.synced == 2 * [len(line(1) + line(2)), len(b"{}\n")]
    assert writer.problem == ""


def test_a_recording_that_nobody_asked_for_stops_on_a_nearly_full_disk(
    make: Make, path: Path
) -> None:
    """It says so, ends in order, and goes on when there is room again."""
    weak = Weak(free=(1 << 30) - 1)
    writer = make(weak, keep_free=1 << 30)
    writer.write(line(1), frames=1)
    writer.tend()
    writer.write(line(2), frames=1)
    words = "less than 1 GiB of the disk is free"
    assert writer.problem == f"{words} since line 2; frames go on"
    assert path.read_bytes() == line(1)
    weak.free = 1 << 30
    writer.tend()
    assert (path.read_bytes(), writer.problem) == (line(1) + line(2), "")
    weak.free = 0
    writer.tend()
    writer.write(line(3), frames=1)
    writer.finish(b'{"t":4.000000,"event":"end"}\n')
    *_, gap, end = (json.loads(text) for text in path.read_text().splitlines())
    assert (gap["event"], gap["frames"], end["event"]) == ("gap", 1, "end")
    assert writer.problem == f"1 frame is lost: {words}"


def test_a_recording_that_was_asked_for_goes_on(make: Make, path: Path) -> None:
    """As long as the disk takes it."""
    writer = make(Weak(free=0))
    writer.write(line(1))
    writer.tend()
    writer.write(line(2))
    assert (path.read_bytes(), writer.problem) == (line(1) + line(2), "")


@pytest.mark.parametrize("room", [1 << 20, 3, 12])
def test_a_long_line_is_written_in_pieces_or_not_at_all(make: Make, path: Path, room: int) -> None:
    """And held as a whole."""
    weak = Weak(room=room)
    writer = make(weak)
    whole = b'{"t":1.000000,"recv":"abcdef"}\n'
    writer.write_long(lambda: [whole[:10], whole[10:20], whole[20:]])
    writer.write(line(2), frames=1)
    assert path.read_bytes() == (whole + line(2) if room > 100 else b"")
    assert writer.pread(1000, 0) == whole + line(2)
    weak.room = 1 << 20
    writer.tend()
    assert path.read_bytes() == whole + line(2)


def test_a_limit_on_file_sizes_is_a_refusal_too(path: Path) -> None:
    """The real call, refused by the system."""
    writer = SessionWriter(str(path), LineIndex(), disk=Disk(interval=NEVER))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(line(1)) + 3, limits[1]))
    try:
        writer.write(line(1))
        writer.write(line(2))
        assert path.read_bytes() == line(1)
        assert writer.problem == "file too large since line 2; frames go on"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    writer.close()
    assert path.read_bytes() == line(1) + line(2)


@pytest.mark.parametrize(
    ("before", "after", "interrupted"),
    [
        (b"", b"", False),
        (line(1), line(1), True),
        (line(1) + b'{"t":1.0,"event":"end"}\n', line(1) + b'{"t":1.0,"event":"end"}\n', False),
        (line(1) + b'{"t":2.0,"recv":"to', line(1), True),
        (b'{"t":1', b"", True),
        (line(1) + b"x" * 200_000, line(1), True),
        (b'# by hand\n{"send":"a"}', b'# by hand\n{"send":"a"}\n', True),
    ],
)
def test_appending_cuts_a_torn_line_only(
    make: Make, path: Path, before: bytes, after: bytes, interrupted: bool
) -> None:
    """A whole line that lacks its newline is no torn one."""
    path.write_bytes(before)
    writer = make(append=True)
    assert (path.read_bytes(), writer.needs_gap) == (after, interrupted)
    assert writer.size == len(after)


def test_appending_to_what_is_no_session_changes_nothing(make: Make, path: Path) -> None:
    """A letter stays a letter."""
    path.write_bytes(b"Dear reader,\nno newline")
    with pytest.raises(RecordingFailed, match="is no session"):
        make(append=True)
    assert path.read_bytes() == b"Dear reader,\nno newline"
    path.write_bytes(b'# later\n{"wsdebug":2,"url":"ws://h/"}\n{"torn')
    with pytest.raises(RecordingFailed, match="of format version 2; this wsdebug reads up to 1"):
        make(append=True)
    assert path.read_bytes().endswith(b"torn")


@pytest.mark.parametrize("is_other_disk", [False, True])
def test_a_recording_gets_another_name_and_goes_on(
    make: Make, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_other_disk: bool
) -> None:
    """On another file system as a copy."""
    writer = make()
    writer.write(line(1))
    if is_other_disk:

        def refuse(*_: object) -> None:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

        monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "named.ws.jsonl"
    writer.rename(str(target))
    writer.write(line(2))
    assert not path.exists()
    assert target.read_bytes() == line(1) + line(2) == writer.pread(1000, 0)
    assert is_being_recorded(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(RecordingFailed, match="choose another name"):
        writer.rename(str(taken))
    assert (taken.read_text(), writer.path) == ("mine", str(target))


def test_a_copy_that_fails_leaves_the_recording_where_it_was(path: Path, tmp_path: Path) -> None:
    """And nothing under the new name; no part begins before it is done."""

    def write(fd: int, data: memoryview) -> int:
        if path.exists() and os.fstat(fd).st_ino == path.stat().st_ino:
            return os.write(fd, data)
        name = str(tmp_path / "a.ws.jsonl")
        parts.append(writer.go_on_in(name, 2, header=b"", end=b"", force=False))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    parts: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wsdebug.session.record_file.SHORT", 0)  # all of it while lines may come
        patch.setattr(os, "link", Mock(side_effect=OSError(errno.EXDEV, "")))
        writer = SessionWriter(str(path), LineIndex(), disk=Disk(write=write, interval=NEVER))
        writer.write(line(1))
        with pytest.raises(RecordingFailed, match="disk is full"):
            writer.rename(str(tmp_path / "other.ws.jsonl"))
    assert parts == [0]
    assert (list(tmp_path.iterdir()), writer.path) == ([path], str(path))
    writer.write(line(2))
    assert path.read_bytes() == line(1) + line(2)
    writer.close()


def test_a_recording_leaves_a_full_disk_for_another(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that was held comes along, even where the old file cannot be deleted."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    def write(fd: int, data: memoryview) -> int:
        if full and os.fstat(fd).st_ino == path.stat().st_ino:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(fd, data)

    full = False
    writer = SessionWriter(str(path), LineIndex(), disk=Disk(write=write, interval=NEVER))
    writer.write(line(1))
    full = True
    writer.write(line(2), frames=1)
    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "unlink", refuse)
    target = tmp_path / "other.ws.jsonl"
    writer.rename(str(target))
    assert writer.problem == "the disk is full since line 2; frames go on"
    writer.tend()
    writer.write(line(3))
    assert (writer.path, writer.problem) == (str(target), "")
    assert target.read_bytes() == line(1) + line(2) + line(3) == writer.pread(1000, 0)
    writer.close()


def test_a_recording_with_a_name_may_take_the_last_of_the_disk(make: Make, tmp_path: Path) -> None:
    """It was asked for then."""
    weak = Weak(free=5)
    writer = make(weak, keep_free=1 << 30)
    writer.tend()
    writer.write(line(1))
    assert writer.problem.startswith("less than 1 GiB of the disk is free")
    target = tmp_path / "named.ws.jsonl"
    writer.rename(str(target))
    writer.tend()
    assert (writer.problem, target.read_bytes()) == ("", line(1))


def test_a_file_is_let_go_of_when_its_writer_ends(path: Path) -> None:
    """No descriptor stays open."""

    def write(fd: int, data: memoryview) -> int:
        numbers.append(fd)
        return os.write(fd, data)

    numbers: list[int] = []
    writer = SessionWriter(str(path), LineIndex(), disk=Disk(write=write, interval=NEVER))
    writer.write(line(1))
    assert os.path.samestat(os.fstat(numbers[0]), path.stat())
    writer.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(numbers[0])


def test_a_temporary_recording_has_no_name(tmp_path: Path) -> None:
    """When it is closed there is nothing left of it."""
    writer = SessionWriter(None, LineIndex(), disk=Disk(interval=NEVER))
    writer.write(line(1))
    assert writer.pread(100, 0) == line(1)
    writer.close()
    assert (writer.pread(100, 0), writer.path) == (b"", None)


def test_a_temporary_recording_gets_a_name_and_goes_on(tmp_path: Path) -> None:
    """With all there was; never in place of another file."""
    writer = SessionWriter(None, LineIndex(), disk=Disk(interval=NEVER))
    writer.write(line(1))
    target = tmp_path / "named.ws.jsonl"
    target.write_text("mine")
    with pytest.raises(RecordingFailed, match="choose another name"):
        writer.rename(str(target))
    assert (target.read_text(), writer.path) == ("mine", None)
    target.unlink()
    writer.rename(str(target))
    writer.write(line(2))
    assert target.read_bytes() == line(1) + line(2) == writer.pread(1000, 0)
    assert is_being_recorded(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    writer.close()
    assert not is_being_recorded(target)
