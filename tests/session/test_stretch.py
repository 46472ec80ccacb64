"""Plain lines in a row are kept in their file, and say the same as line by line."""

import errno
import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wsdebug.errors import SessionUnreadable
from wsdebug.session import stretch as stretch_module
from wsdebug.session.checked import checked_lines
from wsdebug.session.encode_many import encode_run, encode_sent_lines
from wsdebug.session.lines import FrameLine, MessageRun
from wsdebug.session.parse import parse_line
from wsdebug.session.parse_many import PlainLines, plain_kind
from wsdebug.session.stretch import Stretch, stretched_lines
from wsdebug.wire.frame import Frame

PLAIN = [
    b'{"t":0.000001,"mask":"0102ff0a","send":"a"}',
    b'{"t":1.500000,"mask":"00000000","send":""}',
    b'{"t":2.000000,"recv":"{\\"a\\":{\\"b\\":1}}"}',
    '{"t":2.000000,"recv":"ä 😀 \\ud83d\\ude00 \\u0000"}'.encode(),
    b'{"t":2.500000,"rsv1":true,"recv":"a","wire":"AA=="}',
    b'{"t":2.500000,"rsv1":true,"mask":"01020304","send":"a","wlen":3}',
    b'{ "t":3,"c":1, "recv" : "x" }',
]
BINARY = [
    b'{"t":3.000000,"recv":{"b64":"AAE="}}',
    b'{"t":3.000000,"mask":"01020304","send":{"b64":""}}',
]
ODD = [
    b'{"t":4.000000,"c":2,"recv":"other"}',
    b'{"t":4.000000,"recv":"{{name}}"}',
    b'{"t":4.000000,"recv":"\\u007b\\u007bname}}"}',
    b'{"t":4.000000,"recv":"\\ud83d"}',
    b'{"t":4.000000,"recv":"\\ude00 \\ud83d"}',
    b'{"t":4.000000,"recv":"\xff"}',
    b'{"t":4.000000,"recv":"a\tb"}',
    b'{"t":4.000000,"send":"without a key"}',
    b'{"t":4.000000,"mask":null,"send":"a"}',
    b'{"t":4.000000,"mask":"01 02 03","send":"a"}',
    b'{"t":4.000000,"mask":"0102030g","send":"a"}',
    b'{"t":4.000000,"mask":"01020304","recv":"a"}',
    b'{"t":4.000000,"mask":"01020304","send":"a","recv":"b"}',
    b'{"t":4.000000,"recv":{"b64":"A"}}',
    b'{"t":4.000000,"recv":{"b64":"AAE=","hex":""}}',
    b'{"t":4.000000,"recv":{"hex":"00"}}',
    b'{"t":4.000000,"recv":null}',
    b'{"t":4.000000,"fin":false,"recv":"a"}',
    b'{"t":4.000000,"bad":["too-big"],"recv":"a"}',
    b'{"t":4.000000,"rsv1":true,"recv":"a","wire":"A"}',
    b'{"t":4.000000,"rsv1":true,"recv":"a","wlen":-1}',
    b'{"t":4.000000,"rsv2":true,"recv":"a"}',
    b'{"t":4.000000,"op":"ping","recv":"a"}',
    b'{"t":4.000000,"event":"open"}',
    b'{"t":4.000000,"c":0,"recv":"a"}',
    b'{"t":4.000000,"c":2.0,"recv":"a"}',
    b'{"t":-1,"recv":"a"}',
    b'{"t":1e400,"recv":"a"}',
    b'{"t":1e10,"recv":"a"}',
    b'{"t":true,"recv":"a"}',
    b'{"t":null,"recv":"a"}',
    b'{"t":4.000000,"recv":"a"}{"t":4.000000,"recv":"a"}',
    b'{"t":4.000000,"recv":"a"} ',
    b'{"t":4.000000,"recv":"a"',
    b'{"t":4.000000,',
    b'"recv":"a"}',
    b'{"send":"a"}',
    b"# a comment",
    b"",
    b"\xef\xbb\xbf" + PLAIN[0],
]
lines = st.lists(
    st.sampled_from(PLAIN) | st.sampled_from(PLAIN) | st.sampled_from(BINARY + ODD), max_size=12
)


@given(block=lines)
def test_what_has_a_kind_is_what_a_line_says(block: list[bytes]) -> None:
    """Each is a message of one plain frame, sent with a key or received without one."""
    data = b"".join(b"%b\n" % line for line in block)
    kind = plain_kind(data)
    if kind is None:
        return
    values = PlainLines(data, kind)
    assert len(kind.ways) == len(values.payloads) == len(block)
    for place, line in enumerate(block):
        read = parse_line(line, place + 1)
        assert isinstance(read, FrameLine)
        opcode = 1 if kind.is_text else 2
        frame = replace(read.frame, rsv1=False, payload=values.payloads[place])
        assert frame == Frame(opcode, values.payloads[place], mask=read.frame.mask)
        assert read.raw == {}
        assert (read.sent, read.frame.mask is not None) == ((kind.ways[place] == 1,) * 2)
        assert (read.payload, read.time_us) == (values.payloads[place], values.time_us(place))
        assert (read.connection, read.is_text) == (kind.connection, kind.is_text)
        assert (read.bad, read.cut, values.data(place)) == ((), None, line)
        assert b"{{" not in values.payloads[place]


@pytest.mark.parametrize("line", ODD)
@pytest.mark.parametrize("before", [[], PLAIN[:2]])
@pytest.mark.parametrize("after", [[], PLAIN[2:]])
def test_one_odd_line_leaves_all_without_a_kind(
    before: list[bytes], line: bytes, after: list[bytes]
) -> None:
    """But for another connection alone."""
    if line == ODD[0] and not before and not after:
        return
    data = b"".join(b"%b\n" % each for each in (*before, line, *after))
    assert plain_kind(data) is None


@given(
    payloads=st.lists(st.text(max_size=5).map(str.encode), min_size=1, max_size=5),
    is_compressed=st.booleans(),
    keeps_wire=st.booleans(),
)
def test_what_a_recorder_writes_of_messages_has_a_kind(
    payloads: list[bytes], is_compressed: bool, keeps_wire: bool
) -> None:
    """Unless `{{` stands in one."""
    keys = [b"\0\xff\x0a\x7f"] * len(payloads)
    start = '{"t":0.500000,"c":3,'
    wires = [b"\xff" + payload for payload in payloads] if is_compressed else []
    data = encode_sent_lines(
        payloads, keys, start, is_text=True, wires=wires, keeps_wire=keeps_wire
    )
    run = MessageRun(payloads, True, b"\x7f".join(payloads).decode(), wires)
    data += encode_run(run, start, keeps_wire=keeps_wire)
    kind = plain_kind(data)
    if any(b"{{" in payload for payload in payloads):
        assert kind is None
    else:
        assert kind is not None
        assert (kind.connection, kind.is_text) == (3, True)
        assert kind.ways == b"\1" * len(payloads) + b"\0" * len(payloads)


def one_by_one(path: Path, *, stretches: bool) -> list[object]:
    """What is read of a file; at the end what was wrong with it."""
    found: list[object] = []
    try:
        for each in stretched_lines(str(path)) if stretches else checked_lines(str(path)):
            if isinstance(each, Stretch):
                assert each.sent + each.received == len(each.ways)
                found += [(line.number, line) for line in each.frames()]
            else:
                found += [(each[0], each[2])]
    except SessionUnreadable as error:
        found.append((error.line, str(error)))
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    block=lines,
    size=st.integers(1, 200),
    fewest=st.integers(1, 4),
    ends=st.booleans(),
    is_archive=st.booleans(),
)
def test_a_file_says_the_same_with_and_without_stretches(
    tmp_path: Path, block: list[bytes], size: int, fewest: int, ends: bool, is_archive: bool
) -> None:
    """However it is cut, and damaged lines too; an archive as well."""
    path = tmp_path / ("a.ws.jsonl.gz" if is_archive else "a.ws.jsonl")
    data = b"\n".join(block) + b"\n" * ends
    path.write_bytes(gzip.compress(data) if is_archive else data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretch_module, "BLOCK", size)
        patch.setattr(stretch_module, "FEWEST", fewest)
        with_stretches = one_by_one(path, stretches=True)
    assert with_stretches == one_by_one(path, stretches=False)


def test_only_what_is_odd_is_held(tmp_path: Path) -> None:
    """A ping among thousands of messages costs a few lines."""
    path = tmp_path / "a.ws.jsonl"
    some = b"".join(b"%b\n" % line for line in PLAIN[:4]) * 1000
    path.write_bytes(some + b'{"t":4.000000,"op":"ping","recv":"a"}\n' + some)
    found = [*stretched_lines(str(path))]
    held = [each for each in found if not isinstance(each, Stretch)]
    assert len(held) < 64
    assert len(held) + sum(len(each.ways) for each in found if isinstance(each, Stretch)) == 8_001


def test_a_file_that_was_changed_is_not_played_on(tmp_path: Path) -> None:
    """Where lines begin and end elsewhere."""
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(b"%b\n" % PLAIN[0] * 100)
    (stretch,) = stretched_lines(str(path))
    assert isinstance(stretch, Stretch)
    for now in (b"%b\n" % PLAIN[0] * 99, b"x%b\n" % PLAIN[0] * 100, b"%b\n" % PLAIN[2] * 100):
        path.write_bytes(now)
        with pytest.raises(SessionUnreadable, match="was changed meanwhile"):
            stretch.read()
        with pytest.raises(SessionUnreadable, match="was changed meanwhile"):
            list(stretch.frames())


def test_what_comes_bit_by_bit_is_held_in_a_file(tmp_path: Path) -> None:
    """And can be read again, as often as it is needed."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    some = b"".join(b"%b\n" % line for line in PLAIN[:4]) * 100

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            for start in range(0, len(some), 1_000):
                pipe.write(some[start : start + 1_000])

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        found = [*stretched_lines(str(path))]
        writing.result()
    parts = (each.data() if isinstance(each, Stretch) else each[1] + b"\n" for each in found)
    assert b"".join(parts) == some


def test_where_there_is_no_room_for_an_archive_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one that is small and says very much, too."""
    path = tmp_path / "bomb.ws.jsonl.gz"
    path.write_bytes(gzip.compress(b"%b\n" % PLAIN[0] * 100_000))
    room, write = 2_000_000, os.write

    def written(fd: int, data: memoryview) -> int:
        nonlocal room
        if room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        room -= len(data)
        return write(fd, data)

    monkeypatch.setattr(os, "write", written)
    with pytest.raises(SessionUnreadable, match=r"the disk is full in .*, where it is held"):
        list(stretched_lines(str(path)))


def test_a_line_has_an_end_here_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the file is none of ours."""
    monkeypatch.setattr(stretch_module, "BLOCK", 3)
    monkeypatch.setattr(stretch_module, "LINE_LIMIT", 8)
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(b"# 1\n# 2345678\n")
    with pytest.raises(SessionUnreadable, match="line 2: over 8 bytes"):
        list(stretched_lines(str(path)))
