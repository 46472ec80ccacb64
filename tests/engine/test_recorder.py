"""What happens to a session becomes lines: times, secrets, limits, and how to connect again."""

import json
import logging
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wsdebug
from wsdebug.engine.options import ConnectOptions, DeflateOffer, RecordOptions
from wsdebug.engine.recorder import Recorder
from wsdebug.engine.saved_options import ASKED, connect_settings, saved_options
from wsdebug.errors import RecordingFailed
from wsdebug.log.log import FrameLog
from wsdebug.payload.redact import Redactor
from wsdebug.session.disk import Disk
from wsdebug.session.lines import SEPARATOR, FrameLine, Header, MessageRun
from wsdebug.session.parse import parse_line
from wsdebug.wire.frame import Frame

URL = "ws://127.0.0.1:1/"
NOON = 1_785_758_400_000_000_000  # ns since 1970: 2026-08-03 12:00


class Clock:
    """Goes on when told."""

    def __init__(self) -> None:
        self.now = 5_000_000_000

    def __call__(self) -> int:
        return self.now


def record(path: Path, clock: Clock | None = None, **options: Any) -> Recorder:
    """A recorder whose disk is looked after by the test."""
    disk = options.pop("disk", Disk(interval=3600))
    clock = clock or Clock()
    wall = options.pop("wall", lambda: clock.now + NOON)
    return Recorder(
        options.pop("options", ConnectOptions(URL)),
        RecordOptions(path=str(path), **options),
        clock=clock,
        wall=wall,
        disk=disk,
    )


def frame(payload: bytes, opcode: int = 1, **changes: Any) -> FrameLine:
    """A received frame."""
    made = FrameLine(0, None, False, Frame(opcode, payload), payload, is_text=opcode == 1)
    return replace(made, **changes)


def lines(path: Path) -> list[dict[str, Any]]:
    """The file, line by line."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_record_has_header_frames_and_end(tmp_path: Path) -> None:
    """Times count from the start; the version is the program's."""
    clock = Clock()
    recorder = record(tmp_path / "a", clock)
    clock.now += 1_500_000_000
    recorder.frames_happened([frame(b"a"), frame(b"b")], 1)
    recorder.close()
    header, first, second, end = lines(tmp_path / "a")
    assert header["app"] == f"wsdebug {wsdebug.__version__}"
    assert [first["t"], second["t"]] == [1.5, 1.5]
    assert (end["event"], end["frames"]) == ("end", 2)
    assert [row.preview for row in recorder.log.rows(0, 9)] == [b"a", b"b"]
    recorder.log.close()


def test_a_gap_stands_in_time(tmp_path: Path) -> None:
    """After the last line that came, before the next."""
    is_full = [False]

    def write(fd: int, data: memoryview) -> int:
        import os

        if is_full[0]:
            raise OSError(28, "")
        return os.write(fd, data)

    clock = Clock()
    recorder = record(tmp_path / "a", clock, disk=Disk(write=write, interval=3600))
    recorder.writer._held._limit = 100
    is_full[0] = True
    for second in (1, 2, 3):
        clock.now += 1_000_000_000
        recorder.frames_happened([frame(b"%d" % second * 40)], 2)
    clock.now += 1_000_000_000
    is_full[0] = False
    recorder.writer.tend()
    recorder.frames_happened([frame(b"after")], 2)
    recorder.close()
    found = lines(tmp_path / "a")
    assert [line["t"] for line in found[1:]] == [1.0, 3.0, 4.0, 4.0]
    gap = found[2]
    assert (gap["event"], gap["c"], gap["frames"]) == ("gap", 2, 2)
    assert gap["why"] == "not recorded: the disk is full"
    assert [row.line for row in recorder.log.rows(0, 9)] == [2, 3, 4]
    recorder.log.close()


def test_a_frame_over_a_mebibyte_is_written_in_pieces_in_its_place(tmp_path: Path) -> None:
    """Between the frames of the same read."""
    recorder = record(tmp_path / "a")
    long = "é\n".encode() * 700_000
    recorder.frames_happened([frame(b"a"), frame(long), frame(b"b")], 1)
    recorder.close()
    _, *frames, _ = lines(tmp_path / "a")
    assert [found["recv"].encode() for found in frames] == [b"a", long, b"b"]
    rows = recorder.log.rows(0, 9)
    assert [row.preview for row in rows] == [b"a", long[:4096], b"b"]
    assert abs(rows[1].size - len(long)) < 1000
    recorder.log.close()


@pytest.mark.parametrize(
    ("what", "value", "kept"),
    [
        ("short", frame(b"1234"), {"recv": "1234"}),
        ("long", frame(b"12345"), {"cut": 5, "recv": "1234"}),
        ("inside a character", frame("123é".encode()), {"cut": 5, "recv": "123"}),
        ("binary", frame(b"12345", 2), {"cut": 5, "recv": {"b64": "MTIzNA=="}}),
        ("control", frame(b"12345", 9), {"op": "ping", "recv": "12345"}),
        (
            "compressed",
            frame(b"12345678", frame=Frame(1, b"xyz", rsv1=True)),
            {"rsv1": True, "cut": 3, "recv": "1234", "wlen": 3},
        ),
    ],
)
def test_a_payload_is_kept_up_to_its_limit(
    tmp_path: Path, what: str, value: FrameLine, kept: dict[str, Any]
) -> None:
    """`--max-payload`: what it was stands in `cut`."""
    recorder = record(tmp_path / "a", max_payload=4)
    recorder.frames_happened([value], 1)
    recorder.close()
    assert lines(tmp_path / "a")[1] == {"t": 0.0, **kept}, what
    recorder.log.close()


def test_messages_are_counted_by_their_last_frame(tmp_path: Path) -> None:
    """Not fragments, not what was sent, not control frames."""
    recorder = record(tmp_path / "a")
    calls: list[int] = []
    recorder.after_messages(2, lambda: calls.append(recorder.frames))
    for value in (
        frame(b"a", frame=Frame(1, b"a", fin=False)),
        frame(b"p", 9),
        frame(b"s", sent=True),
        frame(b"b", 0),
        frame(b"c", 2),
        frame(b"d"),
    ):
        recorder.frames_happened([value], 1)
    assert calls == [5]
    recorder.close()
    recorder.log.close()


def test_a_recording_nobody_asked_for_leaves_room(tmp_path: Path) -> None:
    """The one that was asked for goes on."""
    for asked_for, problem in ((True, ""), (False, "less than 1 GiB of the disk is free")):
        disk = Disk(free=lambda _: 5, interval=3600)
        recorder = record(tmp_path / str(asked_for), asked_for=asked_for, disk=disk)
        recorder.writer.tend()
        assert recorder.writer.problem.partition(" since")[0] == problem
        recorder.close()
        recorder.log.close()


def test_appending_goes_on_in_time_and_number(tmp_path: Path) -> None:
    """After an interruption, which is said."""
    path = tmp_path / "a"
    path.write_text('{"url":"ws://h/"}\n{"t":7.5,"c":3,"recv":"a"}\n{"t":8.0,"re')
    recorder = record(path, append=True)
    assert recorder.last_connection == 3
    recorder.frames_happened([frame(b"b")], 4)
    recorder.close()
    _, _, gap, now, after, _ = lines(path)
    assert (gap["event"], gap["t"], gap["why"]) == ("gap", 7.5, "interrupted")
    assert (now["event"], now["t"], now["wall"]) == ("clock", 7.5, "2026-08-03T12:00:05.000000Z")
    assert (after["t"], after["c"]) == (7.5, 4)
    recorder.log.close()


def test_appending_to_a_script_opens_another_connection(tmp_path: Path) -> None:
    """Its lines have no times, and are those of connection 1 all the same."""
    path = tmp_path / "a"
    path.write_text('{"url":"ws://h/"}\n{"send":"a"}\n')
    recorder = record(path, append=True)
    assert recorder.last_connection == 1
    recorder.close()
    recorder.log.close()


@pytest.mark.parametrize("jump", [3600.5, -3600.5, 1.0])
def test_a_clock_that_jumps_is_marked_before_the_next_line(tmp_path: Path, jump: float) -> None:
    """Set by hand, by the network, or after a suspend; small corrections are none."""
    clock, ahead = Clock(), [0]
    path = tmp_path / "a"
    recorder = record(path, clock, wall=lambda: clock.now + NOON + ahead[0])
    ahead[0] = 900_000_000
    recorder.frames_happened([frame(b"before")], 2)
    ahead[0] += int(jump * 1e9)
    clock.now += 1_000_000_000
    recorder.frames_happened([frame(b"after")], 2)
    recorder.note("again")
    recorder.close()
    header, before, event, after, *_ = found = lines(path)
    started, wall = (datetime.fromisoformat(text) for text in (header["started"], event["wall"]))
    assert [before["recv"], event["event"], after["recv"]] == ["before", "clock", "after"]
    assert (event["t"], event["c"], after["t"]) == (1.0, 2, 1.0)
    assert (wall - started).total_seconds() == 1.0 + 0.9 + jump
    assert len(found) == 6
    recorder.log.close()


def test_the_debug_log_has_no_secrets_and_no_frames(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Options, steps and problems only."""
    caplog.set_level(logging.DEBUG, "wsdebug")
    options = ConnectOptions(
        "ws://me:hidden1@h/?token=hidden2",
        header=(("Authorization", "hidden3"), ("X-Client", "desk")),
        user="me:hidden4",
        bearer="hidden5",
        cookie="a=hidden6",
        passphrase="hidden7",
    )
    recorder = record(tmp_path / "a", options=options)
    recorder.event("tcp", 1, remote="127.0.0.1:9")
    recorder.frames_happened([frame(b"hidden8")], 1)
    recorder.close()
    recorder.log.close()
    assert "desk" in caplog.text
    assert "127.0.0.1:9" in caplog.text
    assert "hidden" not in caplog.text


# How to connect again

FULL = ConnectOptions(
    URL,
    header=(("X-A", "1"), ("X-A", "2"), ("User-Agent", None)),
    subprotocol=("a", "b"),
    origin="https://o",
    insecure=True,
    cacert="/ca.pem",
    cert="/c.pem",
    key="/k.pem",
    servername="s",
    location=True,
    max_redirs=3,
    family=6,
    compression=DeflateOffer(True, True, 9, 10),
    connect_timeout=1.5,
    close_timeout=2,
    ping_interval=3,
    ping_timeout=4,
    auto_pong=False,
    max_size=1000,
    lenient=True,
    reconnect=True,
)


def header_of(options: ConnectOptions, *, keep: bool = False) -> Header:
    """Written by a recorder and read again."""
    recorder = Recorder(options, RecordOptions(keep_secrets=keep), disk=Disk(interval=3600))
    header = recorder.log.header
    recorder.close()
    recorder.log.close()
    assert header is not None
    return header


@pytest.mark.parametrize(
    "options",
    [ConnectOptions(URL), FULL, replace(FULL, family=4, compression=None, auto_pong=True)],
)
def test_options_survive_the_file(options: ConnectOptions) -> None:
    """All that are no secrets."""
    assert saved_options(header_of(options), is_allowed=True).options == options


def test_options_stand_under_their_command_line_names() -> None:
    """Only those that are not the defaults."""
    assert connect_settings(ConnectOptions(URL)) == {}
    settings = connect_settings(replace(FULL, compression=None))
    assert {"no-auto-pong", "no-compression", "6", "max-size", "ping-interval"} <= settings.keys()
    assert connect_settings(ConnectOptions(URL, compression=DeflateOffer(True))) == {
        "server-no-context-takeover": True
    }


def test_secrets_are_masked_named_and_asked_for() -> None:
    """Or kept, where `--keep-secrets` says so."""
    options = ConnectOptions(
        "ws://me:pw@h/", header=(("Authorization", "x"),), user="a:b", bearer="t", cookie="c=1"
    )
    header = header_of(options)
    assert header.connect == {"user": "***", "bearer": "***", "cookie": "***"}
    saved = saved_options(header)
    assert saved.options == ConnectOptions("ws://h/")
    assert set(saved.redacted) == {"user", "Authorization", "bearer", "cookie"}
    assert saved_options(header_of(options, keep=True)).options == options


def test_what_a_strangers_file_wants_is_asked_for() -> None:
    """Certificates, keys, and to check nothing."""
    header = header_of(FULL)
    saved = saved_options(header)
    assert set(saved.asked) == {"insecure", "cacert", "cert", "key"} <= set(ASKED)
    assert saved.options == replace(FULL, insecure=False, cacert=None, cert=None, key=None)
    assert saved_options(header, is_allowed=True).asked == ()


@pytest.mark.parametrize(
    "connect",
    [
        {"max-size": "big", "ping-interval": -1, "connect-timeout": 1e300, "lenient": 1},
        {"origin": "a\r\nX: y", "servername": 5, "cacert": ["x"], "max-redirs": True},
        {"server-max-window-bits": 99, "client-max-window-bits": "x", "6": "yes"},
        {"no-compression": "true", "no-auto-pong": 1, "url": "ws://other/", "nonsense": {}},
        {"ping-timeout": float("nan"), "close-timeout": None, "max-size": -5, "family": 4},
        {"ping-timeout": 10**400, "max-size": 10**400},
    ],
)
def test_values_that_cannot_be_are_left_out(connect: dict[str, Any]) -> None:
    """The defaults hold."""
    header = Header(1, URL, connect=connect)
    assert saved_options(header, is_allowed=True).options == ConnectOptions(URL)


def test_headers_that_would_break_the_request_are_left_out() -> None:
    """No second line by a file's leave."""
    headers = (("X", "a\r\nY: b"), ("X Y", "a"), ("", "a"), ("Z", "ok"), ("é", "a"))
    header = Header(1, URL, headers=headers, subprotocols=("a b", "ok", ""))
    options = saved_options(header).options
    assert (options.header, options.subprotocol) == ((("Z", "ok"),), ("ok",))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
names = st.sampled_from(
    [field.name.replace("_", "-") for field in fields(ConnectOptions)]
    + [field.name.replace("_", "-") for field in fields(DeflateOffer)]
    + ["4", "6", "no-auto-pong", "no-compression"]
)


@given(st.dictionaries(names, json_values, max_size=6))
def test_no_file_makes_the_options_raise(connect: dict[str, Any]) -> None:
    """Whatever stands in `connect`; what is taken can be written again."""
    line = json.dumps({"url": URL, "connect": connect}).encode()
    header = parse_line(line, 1, first=True)
    if isinstance(header, Header):
        json.dumps(connect_settings(saved_options(header, is_allowed=True).options, Redactor()))


def test_a_recording_goes_on_in_parts(tmp_path: Path) -> None:
    """Each is a whole session in the time of the first; nothing is lost, nothing is twice."""
    clock = Clock()
    recorder = record(tmp_path / "a.ws.jsonl", clock, rotate=600)
    for number in range(30):
        clock.now += 1_000_000_000
        if number % 2:
            payloads = [b"%d" % number, b"%d'" % number]
            run = MessageRun(payloads, True, SEPARATOR.join(payloads).decode())
            recorder.frames_happened([run], 1)
        else:
            recorder.frames_happened([frame(b"%d" % number), frame(b"%d'" % number)], 1)
    recorder.close()
    files = [tmp_path / f"a.{n}ws.jsonl" for n in ("", "2.", "3.", "4.")]
    parts = [lines(file) for file in files]
    assert not (tmp_path / "a.5.ws.jsonl").exists()
    wanted = [text for number in range(30) for text in (f"{number}", f"{number}'")]
    assert [line["recv"] for part in parts for line in part if "recv" in line] == wanted
    assert {(part[0]["wsdebug"], part[0]["started"]) for part in parts} == {
        (1, parts[0][0]["started"])
    }
    assert len({part[0]["id"] for part in parts}) == 4
    for part, file in zip(parts, files, strict=True):
        frames = len(part) - 2
        size = file.stat().st_size - len(file.read_bytes().splitlines(keepends=True)[-1])
        assert part[-1]["event"] == "end"
        assert (part[-1]["frames"], part[-1]["bytes"]) == (frames, size)
    times = [line["t"] for part in parts for line in part[1:]]
    assert times == sorted(times)
    rows = recorder.log.rows(0, 100)
    assert [(row.preview or b"").decode() for row in rows] == wanted
    recorder.log.close()


def test_no_part_begins_inside_a_message(tmp_path: Path) -> None:
    """In either direction; control frames belong to none."""
    recorder = record(tmp_path / "a", rotate=1)
    sent = frame(b"a", sent=True)
    for line in (
        replace(sent, frame=replace(sent.frame, fin=False)),
        frame(b"", 9),
        frame(b"b"),
        replace(sent, frame=replace(sent.frame, opcode=0)),
    ):
        recorder.frames_happened([line], 1)
    recorder.frames_happened([frame(b"c")], 1)
    recorder.close()
    assert len(lines(tmp_path / "a")) == 2  # each of its header and `end`
    assert [line.get("recv", line.get("send")) for line in lines(tmp_path / "a.2")][1:-1] == [
        "a",
        "",
        "b",
        "a",
    ]
    assert [line.get("recv") for line in lines(tmp_path / "a.3")][1:-1] == ["c"]
    recorder.log.close()


def test_appending_goes_on_in_the_last_part(tmp_path: Path) -> None:
    """In the time of the first; a new recording does not mix with old parts."""
    clock = Clock()
    path = tmp_path / "a.ws.jsonl"
    for _ in range(2):
        recorder = record(path, clock, rotate=1, append=True)
        clock.now += 1_000_000_000
        recorder.frames_happened([frame(b"x")], 1)
        recorder.close()
        recorder.log.close()
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["a.2.ws.jsonl", "a.3.ws.jsonl", "a.ws.jsonl"]
    second, third = lines(tmp_path / "a.2.ws.jsonl"), lines(tmp_path / "a.3.ws.jsonl")
    assert second[0]["started"] == third[0]["started"]
    assert [line["t"] for line in (second[1], third[1])] == [1.0, 2.0]
    path.unlink()
    with pytest.raises(RecordingFailed, match=r"a\.2\.ws\.jsonl exists"):
        record(path, rotate=1)
    assert not path.exists()


def test_a_part_that_cannot_be_begun_is_told(tmp_path: Path) -> None:
    """Once, in the file that goes on."""
    folder = tmp_path / "folder"
    folder.mkdir()
    recorder = record(folder / "a", rotate=1)
    folder.rename(tmp_path / "other")
    recorder.frames_happened([frame(b"x")], 1)
    recorder.frames_happened([frame(b"y")], 1)
    recorder.close()
    kinds = [next(iter(k for k in line if k != "t")) for line in lines(tmp_path / "other/a")]
    assert kinds == ["wsdebug", "note", "recv", "recv", "event"]
    recorder.log.close()


def test_appending_goes_on_after_lines_of_any_length(tmp_path: Path) -> None:
    """In the time and with the connection of the last, each line counted once."""
    path = tmp_path / "a.ws.jsonl"
    long = '{"t":7.0,"c":3,"recv":"' + "x" * 3_000_000 + '"}'
    before = ['{"url":"ws://h/"}', '{"t":1.0,"recv":"a"}', long, "# by hand", long]
    path.write_text("\n".join(before) + "\n")
    recorder = record(path, Clock(), append=True)
    assert recorder.index.lines >= len(before)
    assert recorder.last_connection == 3
    recorder.frames_happened([frame(b"b")], 3)
    recorder.close()
    log = FrameLog.open(str(path))
    assert log.complete.wait(30)
    assert recorder.index.lines == log.index.lines
    last = [line for line in log if isinstance(line, FrameLine)][-1]
    assert (last.payload, last.time_us, last.connection) == (b"b", 7_000_000, 3)
    log.close()
