"""Recordings and saved sessions."""

import fcntl
import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from wsdebug.errors import UsageError
from wsdebug.workspace import library, library_files, recording
from wsdebug.workspace.folders import library_folder, recordings_folder
from wsdebug.workspace.library_files import LibraryFiles
from wsdebug.workspace.recording import RecordingInfo, look_at
from wsdebug.workspace.recording_tail import TAIL
from wsdebug.workspace.shelves import SessionFile

STARTED = "2026-08-03T12:00:00.000000Z"
NOW = datetime(2026, 8, 3, 14, 30, tzinfo=UTC)
HEADER = f'{{"wsdebug":1,"url":"wss://a.example/v2/feed?x=1","started":"{STARTED}"}}'
CONNECTING = '{"t":0.000000,"event":"connecting","url":"wss://a.example/v2/feed"}'
OPEN = '{"t":0.080000,"event":"open","subprotocol":null,"extensions":""}'
FRAME = '{"t":0.500000,"recv":"say \\",\\"event\\":\\"closed\\""}'
CLOSED = '{"t":1.000000,"event":"closed","by":"server","code":1000,"reason":"","clean":true}'
END = '{"t":1.100000,"event":"end","frames":44,"bytes":900}'
REFUSED = [
    CONNECTING,
    '{"t":0.1,"event":"response","status":401,"reason":"Unauthorized","headers":[]}',
    '{"t":0.1,"event":"error","kind":"upgrade","message":"refused: 401"}',
]


def session(name: str, *lines: str, folder: Path | None = None, age_days: float = 0) -> Path:
    """A session file of these lines, last written some days ago."""
    path = (folder or recordings_folder()) / f"{name}.ws.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines))
    modified = (NOW - timedelta(days=age_days)).timestamp()
    os.utime(path, (modified, modified))
    return path


def make(folder: Path) -> Path:
    """The folder, made."""
    folder.mkdir(parents=True)
    return folder


def finished(name: str, *, size: int = 0, age_days: float = 0) -> Path:
    """A recording with its end, padded to a size."""
    padding = f'{{"t":0.5,"recv":"{"x" * size}"}}'
    return session(name, HEADER, CONNECTING, OPEN, padding, CLOSED, END, age_days=age_days)


@contextmanager
def recorded(path: Path) -> Iterator[None]:
    """While this runs, a writer holds the file."""
    fd = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


@pytest.mark.parametrize(
    ("lines", "last", "wrong", "frames"),
    [
        ([CONNECTING, OPEN, FRAME, CLOSED, END], "closed 1000", False, 44),
        ([OPEN, CLOSED.replace("1000", "1006"), END], "closed 1006", True, 44),
        ([OPEN, CLOSED.replace("1000", "1001"), END], "closed 1001", False, 44),
        ([*REFUSED, END], "refused 401", True, 44),
        ([CONNECTING, REFUSED[2].replace("upgrade", "DNS"), END], "no answer", True, 44),
        (
            [
                CONNECTING,
                '{"t":1,"event":"error","kind":"TLS","message":"certificate expired"}',
                END,
            ],
            "not trusted",
            True,
            44,
        ),
        ([OPEN, CLOSED, *REFUSED, END], "refused 401", True, 44),
        ([*REFUSED, CONNECTING, OPEN, CLOSED, END], "closed 1000", False, 44),
        (
            [OPEN, FRAME, CLOSED, END, '{"t":9,"event":"meta","title":"x"}'],
            "closed 1000",
            False,
            44,
        ),
        ([OPEN, CLOSED, END, '{"t":9,"note":"looked at","on":2}'], "closed 1000", False, 44),
        ([END], "", False, 44),
        ([OPEN, FRAME, FRAME, CLOSED], "interrupted", False, 2),
        ([CONNECTING], "interrupted", False, 0),
        ([OPEN, FRAME, END, CONNECTING, OPEN, FRAME], "interrupted", False, 2),
    ],
)
def test_a_recording_says_how_it_ended(
    lines: list[str], last: str, wrong: bool, frames: int
) -> None:
    """From its last lines alone."""
    session("feed", HEADER, *lines)
    (info,) = library.list_recordings()
    assert (info.last, info.is_wrong, info.frames) == (last, wrong, frames)
    assert info.crashed == (last == "interrupted")
    assert info.place == "a.example/v2/feed"
    assert info.started == datetime(2026, 8, 3, 12, tzinfo=UTC)
    assert not info.live
    assert not info.torn
    assert not info.saved


def test_a_refusal_with_its_whole_body_fits_the_tail() -> None:
    """64 KiB, escaped."""
    body = "\\n\\u0000" * 8192
    response = REFUSED[1].replace("[]", f'[],"body":"{body}"')
    session("feed", HEADER, CONNECTING, response, REFUSED[2], END)
    assert library.list_recordings()[0].last == "refused 401"


def test_a_torn_recording_is_counted_without_its_last_line() -> None:
    """It was cut off in the middle of a write; what is whole is counted, in any size."""
    path = session("feed", HEADER, OPEN, *[FRAME] * 30_000)
    with path.open("ab") as file:
        file.write(b'{"t":0.6,"recv":"cut o')
    (info,) = library.list_recordings()
    assert info.size > TAIL
    assert (info.crashed, info.torn, info.frames) == (True, True, 30_000)


def test_a_recording_under_way_is_live() -> None:
    """As long as its writer holds the lock."""
    path = session("feed", HEADER, OPEN, FRAME)
    with recorded(path):
        (info,) = library.list_recordings()
        assert (info.live, info.crashed, info.last) == (True, False, "live")
    assert library.list_recordings()[0].crashed


def test_only_sessions_are_listed() -> None:
    """Other files, folders, links, empty and foreign ones are left out."""
    folder = recordings_folder()
    target = finished("feed")
    (folder / "link.ws.jsonl").symlink_to(target)
    (folder / "folder.ws.jsonl").mkdir()
    (folder / "notes.txt").write_text(HEADER)
    (folder / "empty.ws.jsonl").touch()
    (folder / "foreign.ws.jsonl").write_text("hello\n")
    (folder / "later.ws.jsonl").write_text('{"wsdebug":2,"url":"ws://a/"}\n')
    (folder / "binary.ws.jsonl").write_bytes(b"\xff\x00" * 100)
    (folder / "broken.ws.jsonl.gz").write_bytes(b"no gzip")
    (folder / "deep.ws.jsonl").write_bytes(b"[" * 60_000)
    assert [info.path for info in library.list_recordings()] == [target]
    assert library.list_recordings([folder / "none"]) == []


def test_saved_sessions_stand_in_two_places(tmp_path: Path) -> None:
    """And in their folders; only their names are looked at."""
    assert library.count_saved() == 0
    session("early", HEADER, END, folder=library_folder())
    session("hand", '{"send":"a"}', folder=make(tmp_path / "sessions"))
    session("deep", HEADER, END, folder=make(tmp_path / "sessions" / "orders" / "old"))
    (tmp_path / "sessions" / "packed.ws.jsonl.gz").touch()
    (tmp_path / "sessions" / "gone.ws.jsonl").symlink_to("nowhere")
    assert library.count_saved() == 4


def test_sessions_come_newest_first(tmp_path: Path) -> None:
    """One written by hand never crashed, and has the time of its file; an archive is unpacked."""
    folder = make(tmp_path / "sessions")
    session("late", HEADER.replace("T12", "T13"), OPEN, CLOSED, END, folder=folder)
    session("early", HEADER, OPEN, CLOSED, END, folder=folder)
    session("hand", "# by hand", "", '{"url":"ws://b/"}', '{"send":"a"}', folder=folder)
    packed = folder / "packed.ws.jsonl.gz"
    packed.write_bytes(gzip.compress(f"{HEADER.replace('T12', 'T11')}\n{FRAME}\n".encode()))
    found = library.list_recordings([folder], saved=True)
    infos = {info.path.name.partition(".")[0]: info for info in found}
    assert list(infos) == ["hand", "late", "early", "packed"]
    assert all(info.saved for info in infos.values())
    assert (infos["hand"].crashed, infos["hand"].last, infos["hand"].frames) == (False, "", 1)
    assert (infos["packed"].frames, infos["packed"].last) == (1, "interrupted")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("wss://stream.example.com/v2/feed?symbols=ACME", "stream.example.com/v2/feed"),
        ("ws://127.0.0.1:9911/", "127.0.0.1:9911"),
        ("ws://***@a.example/x", "a.example/x"),
        ("ws://a.example", "a.example"),
    ],
)
def test_a_list_shows_the_place(url: str, place: str) -> None:
    """The URL without what is the same everywhere."""
    session("x", f'{{"wsdebug":1,"url":"{url}","started":"{STARTED}"}}', END)
    assert library.list_recordings()[0].place == place


def test_a_crashed_recording_is_offered_once() -> None:
    """And one more crash is offered by itself."""
    session("one", HEADER, OPEN)
    finished("whole")
    offered = library.crashed_to_offer(library.list_recordings())
    assert [info.path.name for info in offered] == ["one.ws.jsonl"]
    library.mark_offered(offered)
    library.mark_offered(offered)
    assert library.crashed_to_offer(library.list_recordings()) == []
    session("two", HEADER, OPEN)
    again = library.crashed_to_offer(library.list_recordings())
    assert [info.path.name for info in again] == ["two.ws.jsonl"]


def test_old_recordings_go() -> None:
    """By when they were last written."""
    old = finished("old", age_days=31)
    young = finished("young", age_days=29)
    assert library.prune(now=NOW, days=30, max_bytes=1 << 30) == [old]
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize("days", [1_000_000, 10**400])
def test_recordings_may_stay_longer_than_there_are_dates(days: int) -> None:
    """Which is how to say for ever."""
    finished("old", age_days=3000)
    assert library.prune(now=NOW, days=days, max_bytes=1 << 30) == []


def test_the_oldest_go_until_the_rest_fits() -> None:
    """And no more of them."""
    paths = [
        finished(name, size=10_000, age_days=age)
        for name, age in zip("abcd", (4, 3, 2, 1), strict=True)
    ]
    assert library.prune(now=NOW, days=30, max_bytes=25_000) == paths[:2]
    assert [path.exists() for path in paths] == [False, False, True, True]


def test_what_runs_and_what_was_not_offered_stays() -> None:
    """Whatever its age and size; once offered, it may go. Nor is a foreign file ours to delete."""
    live = session("live", HEADER, OPEN, age_days=90)
    crashed = session("crashed", HEADER, OPEN, age_days=90)
    foreign = session("foreign", "hello", age_days=90)
    with recorded(live):
        assert library.prune(now=NOW, days=0, max_bytes=0) == []
        library.mark_offered(library.list_recordings())
        assert library.prune(now=NOW, days=0, max_bytes=0) == [crashed]
    assert live.exists()
    assert foreign.exists()


def test_saved_sessions_are_never_pruned() -> None:
    """They have names."""
    saved = session("named", HEADER, END, folder=library_folder(), age_days=900)
    assert library.prune(now=NOW, days=0, max_bytes=0) == []
    assert saved.exists()


def test_a_recording_can_be_discarded_unless_it_runs() -> None:
    """A link is not followed."""
    path = finished("feed")
    link = path.with_name("link.ws.jsonl")
    link.symlink_to(path)
    assert not library.discard(link)
    with recorded(path):
        assert not library.discard(path)
    assert path.exists()
    assert library.discard(path)
    assert not path.exists()
    assert not library.discard(path)


def test_counting_crosses_its_chunks() -> None:
    """A word that is cut between two reads is counted once, and so is a blank line."""
    note = '{"t":0.5,"note":"x"}'
    padding = '{"t":0.5,"recv":"' + "x" * 100_003 + '"}'
    mixed = [FRAME, note, "", "# remark", padding, CLOSED] * 60
    session("feed", HEADER, OPEN, *mixed, '{"t":1,"recv":"last"}')
    (info,) = library.list_recordings()
    assert info.size > 5 << 20
    assert info.frames == 121


def test_title_and_tags_are_the_last_that_were_given() -> None:
    """Of the header, or of `meta` lines; what is neither is left out."""
    named = HEADER[:-1] + ',"title":"first","tags":["a",3]}'
    (first,) = [library.read_info(session("a", named, OPEN, CLOSED, END))]
    assert first is not None
    assert (first.title, first.tags, first.duration_us) == ("first", ("a",), 1_100_000)
    path = session("b", named, OPEN, CLOSED, END)
    files = LibraryFiles()
    for title, tags in (("second", ["x"]), ("third", ["y", "z"])):
        info = library.read_info(path)
        assert info is not None
        files.describe(info, title, tags)
    info = library.read_info(path)
    assert info is not None
    assert (info.title, info.tags, info.last, info.frames) == (
        "third",
        ("y", "z"),
        "closed 1000",
        44,
    )
    assert info.duration_us == 1_100_000


def test_facts_are_read_again_only_when_the_file_was_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or while it is; what cannot be read says why, and what leads nowhere is not looked at."""
    finished("feed")
    files = LibraryFiles()

    def first() -> SessionFile:
        (file,) = files.shelves()[2].folder.files
        return file

    looks = Mock(side_effect=look_at)
    monkeypatch.setattr(library_files, "look_at", looks)
    for _ in range(2):
        assert isinstance(files.facts(first(), has_name=False), RecordingInfo)
    assert looks.call_count == 1
    path = session("feed", "hello")
    assert files.facts(first(), has_name=False) == "no session"
    session("feed", HEADER, OPEN)
    with recorded(path):
        for _ in range(2):
            assert getattr(files.facts(first(), has_name=False), "live", None)
    assert looks.call_count == 4
    assert files.facts(SessionFile(path, problem="nowhere"), has_name=False) == "nowhere"
    assert looks.call_count == 4


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["hello"], "no session"),
        ([], "empty"),
        (["", "# only a remark"], "no session"),
        (['{"wsdebug":2,"url":"ws://a/"}'], "of a later version of the format"),
        (['{"foreign":true}'], "no session"),
    ],
)
def test_what_is_no_session_says_why(lines: list[str], words: str) -> None:
    """In two words."""
    assert look_at(session("feed", *lines)) == words


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    """In those of the system; an archive that is none, too."""
    assert look_at(tmp_path / "none.ws.jsonl") == "cannot be read: no such file or directory"
    packed = tmp_path / "a.ws.jsonl.gz"
    packed.write_bytes(b"no gzip")
    assert look_at(packed) == "no gzip archive"
    packed.write_bytes(gzip.compress(FRAME.encode() * 99)[:40])
    assert look_at(packed) == "no gzip archive"


def test_a_session_by_hand_needs_no_header() -> None:
    """It has no URL; it is not ours to delete by itself."""
    path = session("hand", '{"send":"hello"}', '{"recv":"hello"}', age_days=900)
    info = look_at(path)
    assert isinstance(info, RecordingInfo)
    assert (info.url, info.host, info.frames, info.crashed, info.code) == ("", "", 2, False, None)
    assert library.prune(now=NOW, days=0, max_bytes=0) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [([CLOSED, END], 1000), ([*REFUSED, END], 401), ([REFUSED[2], END], None), ([CLOSED], None)],
)
def test_the_code_is_that_of_the_end(lines: list[str], code: int | None) -> None:
    """A close code, or a status; none for what was interrupted."""
    info = look_at(session("feed", HEADER, *lines))
    assert isinstance(info, RecordingInfo)
    assert (info.code, info.host) == (code, "a.example")


def test_an_event_is_found_between_many_lines() -> None:
    """Text in a payload that looks like one is none; nor is one that is cut off."""
    liar = '{"t":0.5,"recv":"x","x":{"event":"closed","code":1008}}'
    early = CLOSED.replace("1000", "4001")
    path = session("feed", HEADER, OPEN, early, *[FRAME, liar] * 900, END)
    info = look_at(path)
    assert isinstance(info, RecordingInfo)
    assert (info.last, info.frames) == ("closed 4001", 44)
    with path.open("ab") as file:
        file.write(CLOSED[:40].encode())
    info = look_at(path)
    assert isinstance(info, RecordingInfo)
    assert (info.last, info.torn) == ("closed 4001", True)


def test_a_session_is_renamed_and_moved_between_folders() -> None:
    """Folders are made, and gone once it is undone; an unnamed recording goes to the library."""
    files = LibraryFiles()
    recording = finished("feed")
    here = session("login", HEADER, END, folder=make(Path("sessions/old")))
    shelves = {shelf.place: shelf for shelf in files.shelves()}
    moved = files.rename(here, "orders/2026/login", shelves["sessions"])
    assert moved == Path("sessions/orders/2026/login.ws.jsonl")
    assert moved.exists()
    assert files.rename(moved, "orders/2026/login", shelves["sessions"]) == moved
    named = files.rename(recording, "mine", shelves["recordings"])
    assert named == library_folder() / "mine.ws.jsonl"
    assert files.take_back() == recording
    assert files.take_back() == here
    assert files.take_back() is None
    assert recording.exists()
    assert here.exists()
    assert os.listdir("sessions") == ["old"]


def test_a_name_that_is_taken_or_cannot_be_changes_nothing() -> None:
    """Nor does the name of what is being recorded. An archive stays one."""
    files = LibraryFiles()
    one, other = (session(name, HEADER, END, folder=library_folder()) for name in ("one", "other"))
    packed = library_folder() / "packed.ws.jsonl.gz"
    packed.write_bytes(gzip.compress(HEADER.encode()))
    shelf = files.shelves()[1]
    for name, words in (("other", "is there already"), ("../x", "cannot begin with")):
        with pytest.raises(UsageError, match=words):
            files.rename(one, name, shelf)
    with recorded(one), pytest.raises(UsageError, match="cannot be moved"):
        files.rename(one, "new/third", shelf)
    assert not (library_folder() / "new").exists()
    assert one.exists()
    assert other.exists()
    assert files.rename(packed, "p", shelf).name == "p.ws.jsonl.gz"


def test_an_archive_says_what_is_packed_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it, unless it is large: that is not unpacked to the end. Its size is that on disk."""
    path = recordings_folder() / "a.ws.jsonl.gz"
    lines = (HEADER, OPEN, FRAME, CLOSED.replace("1000", "4001"), END)
    path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
    info = look_at(path)
    assert isinstance(info, RecordingInfo)
    assert (info.frames, info.last, info.duration_us, info.crashed) == (
        44,
        "closed 4001",
        1_100_000,
        False,
    )
    assert info.size == path.stat().st_size
    monkeypatch.setattr(recording, "UNPACKED", 100)
    info = look_at(path)
    assert isinstance(info, RecordingInfo)
    assert (info.frames, info.last, info.duration_us, info.crashed, info.torn) == (
        None,
        "",
        None,
        False,
        False,
    )
    assert info.place == "a.example/v2/feed"
