"""pcapng: the frames as they crossed the wire, taken by Wireshark's own reader."""

import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.conftest import Convert
from wsdebug.session.encode import encode_event, encode_frame_line, encode_header
from wsdebug.session.lines import FrameLine
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

ROOT = Path(__file__).parents[2]
HEADER = encode_header(
    {"wsdebug": 1, "url": "wss://h:8443/", "started": "2026-08-03T12:00:00.000001Z"}
)
TCP = {"local": "192.0.2.1:50001", "remote": "192.0.2.2:443"}
has_tshark = pytest.mark.skipif(
    shutil.which("tshark") is None, reason="tshark is not installed: apt-get install tshark"
)


@dataclass
class Packet:
    """One enhanced packet block, taken apart."""

    epoch_us: int
    size: int
    tags: dict[int, bytes]
    frame: bytes
    options: list[tuple[int, bytes]]


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body; both lengths agree."""
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        assert size % 4 == 0
        assert struct.unpack_from("<I", data, at + size - 4) == (size,)
        yield kind, data[at + 8 : at + size - 4]
        at += size
    assert at == len(data)


def fields(data: bytes, order: str) -> tuple[list[tuple[int, bytes]], bytes]:
    """Options or tags up to their end, and what follows."""
    found, at = [], 0
    while at < len(data):
        code, size = struct.unpack_from(f"{order}HH", data, at)
        at += 4
        if code == 0:
            break
        found.append((code, data[at : at + size]))
        at += size + -size % 4
    return found, data[at:]


def packets(data: bytes) -> list[Packet]:
    """Those of a file with one section and one interface."""
    (section, _), (interface, head), *rest = blocks(data)
    assert (section, interface) == (0x0A0D0D0A, 1)
    assert struct.unpack_from("<H", head) == (252,)
    found = []
    for kind, body in rest:
        assert kind == 6
        _, high, low, kept, size = struct.unpack_from("<IIIII", body)
        tags, frame = fields(body[20 : 20 + kept], ">")
        options, _ = fields(body[20 + kept + -kept % 4 :], "<")
        found.append(Packet(high << 32 | low, size, dict(tags), frame, options))
    return found


frames = st.builds(
    Frame,
    opcode=st.integers(0, 15),
    payload=st.binary(max_size=300),
    fin=st.booleans(),
    rsv1=st.booleans(),
    rsv2=st.booleans(),
    rsv3=st.booleans(),
    mask=st.none() | st.binary(min_size=4, max_size=4),
    length_form=st.none() | st.just(64),
    declared_length=st.none() | st.integers(0, 1000),
)


@given(st.lists(st.tuples(st.booleans(), frames, st.integers(0, 10**13)), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_bit_of_a_frame_is_as_it_was(
    converted: Convert, given_frames: list[tuple[bool, Frame, int]]
) -> None:
    """Mask, bits, length form, a length that is not true; at its time, in its direction."""
    lines, now, expected = [HEADER, encode_event(0, 1, "tcp", TCP)], 0, []
    for sent, frame, step in given_frames:
        now += step
        line = FrameLine(0, now, sent, frame, frame.payload, is_text=frame.opcode == 1)
        lines.append(encode_frame_line(line))
        expected.append((1785758400_000001 + now, encode_frame(frame), sent))
    made = packets(converted(b"".join(lines), "pcapng")[0])
    assert [(packet.epoch_us, packet.frame) for packet in made] == [one[:2] for one in expected]
    for packet, (*_, sent) in zip(made, expected, strict=True):
        assert packet.tags[12].rstrip(b"\0") == b"websocket"
        ends = (bytes((192, 0, 2, 1)), bytes((192, 0, 2, 2)))
        assert (packet.tags[20], packet.tags[21]) == (ends if sent else ends[::-1])
        ports = [int.from_bytes(packet.tags[code], "big") for code in (24, 25, 26)]
        assert ports == [2, *((50001, 443) if sent else (443, 50001))]
        assert packet.tags[35] == bytes((0, 0, 0, not sent))
        assert packet.options[0] == (2, bytes((2 if sent else 1, 0, 0, 0)))


def test_compressed_frames_stay_compressed(converted: Convert) -> None:
    """Where their bytes were kept; else they are written uncompressed, and counted."""
    wire = encode_frame_line(
        FrameLine(0, 0, False, Frame(1, b"\xf2\x48\x00", rsv1=True), b"H", is_text=True)
    )
    [kept] = packets(converted(HEADER + wire, "pcapng")[0])
    assert kept.frame == b"\xc1\x03\xf2\x48\x00"
    gone = b'{"t":0,"rsv1":true,"recv":"Hello","wlen":3}\n'
    data, report = converted(HEADER + gone, "pcapng")
    assert packets(data)[0].frame == b"\x81\x05Hello"
    assert any("not kept, written uncompressed (line 2)" in loss for loss in report.losses)


def test_what_was_cut_says_how_long_it_was(converted: Convert) -> None:
    """In the frame's head, and by the length of the packet."""
    cut = b'{"t":0,"cut":70000,"bad":["truncated","odd"],"recv":"begins"}\n'
    [packet] = packets(converted(HEADER + cut, "pcapng")[0])
    assert packet.frame == b"\x81\x7f" + (70000).to_bytes(8, "big") + b"begins"
    assert packet.size - len(packet.frame) > 69_994
    comments = [value.decode() for code, value in packet.options if code == 1]
    assert comments == [
        "truncated: The connection ended inside this frame. RFC 6455 §7.1.7",
        "odd",
    ]


def test_wireshark_reads_no_more_than_256_kib(converted: Convert) -> None:
    """The rest is left out, and said."""
    payload = bytes(300_000)
    line = FrameLine(0, 0, False, Frame(2, payload), payload)
    data, report = converted(HEADER + encode_frame_line(line), "pcapng")
    [packet] = packets(data)
    assert packet.size > 300_010
    assert len(packet.frame) < 262_144
    assert any("over 256 KiB" in loss for loss in report.losses)


def test_what_a_session_does_not_say_is_made_up_and_said(converted: Convert) -> None:
    """No address, no port, no start, no mask; a frame that no wire can carry is left out."""
    session = (
        b'{"url":"wss://h:8443/"}\n{"send":"a"}\n{"c":7,"mask":null,"send":"b"}\n'
        b'{"len":{"form":7,"declared":900},"recv":"c"}\n'
    )
    data, report = converted(session, "pcapng")
    first, second = packets(data)
    assert first.frame == b"\x81\x81\0\0\0\0a"  # a client masks with any key
    assert second.frame == b"\x81\x01b"
    assert 20 not in first.tags
    assert [int.from_bytes(packet.tags[25], "big") for packet in (first, second)] == [1, 7]
    assert int.from_bytes(first.tags[26], "big") == 8443
    assert report.losses == (
        "1 start time, taken for 1970",
        "2 connections without addresses: their own ports are their numbers",
        "1 frame that no wire can carry, left out (line 4)",
    )


def tshark(path: Path, *names: str) -> list[list[str]]:
    """The fields of every packet, as Wireshark sees them."""
    wanted = [word for name in names for word in ("-e", name)]
    command = ["tshark", "-r", str(path), "-T", "fields", "-E", "separator=/t", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


@has_tshark
def test_wireshark_sees_the_frames(converted: Convert, tmp_path: Path) -> None:
    """Direction, addresses, times, opcodes, masks, payloads, close codes, comments."""
    hello = Frame(1, b"hello", mask=b"abcd")
    sent = FrameLine(0, 1_500_000, True, hello, b"hello", is_text=True)
    begin = FrameLine(0, 2_000_000, False, Frame(1, b"wor", fin=False), b"wor", is_text=True)
    ping = FrameLine(0, 2_000_000, False, Frame(9, b"p"), b"p")
    end = replace(begin, frame=Frame(0, b"ld"), payload=b"ld")
    close = FrameLine(0, 3_000_000, False, Frame(8, b"\x03\xf3why"), b"\x03\xf3why")
    odd = FrameLine(0, 3_000_000, False, Frame(2, b"x", rsv3=True), b"x", bad=("reserved-bit",))
    big = FrameLine(0, 3_000_000, False, Frame(2, bytes(300_000)), bytes(300_000))
    lines = [encode_frame_line(line) for line in (sent, begin, ping, end, close, odd, big)]
    converted(HEADER + encode_event(0, 1, "tcp", TCP) + b"".join(lines), "pcapng")
    seen = tshark(
        tmp_path / "out.pcapng",
        "frame.time_epoch",
        "ip.src",
        "ip.dst",
        "websocket.opcode",
        "websocket.fin",
        "websocket.rsv",
        "websocket.masking_key",
        "websocket.payload.text",
        "websocket.payload.close.status_code",
        "frame.comment",
        "_ws.malformed",
    )
    client, server = "192.0.2.1", "192.0.2.2"
    assert [row[1:-1] for row in seen] == [
        [client, server, "1", "1", "0x00", "61626364", "hello", "", ""],
        [server, client, "1", "0", "0x00", "", "", "", ""],
        [server, client, "9", "1", "0x00", "", "", "", ""],
        [server, client, "0", "1", "0x00", "", "world", "", ""],
        [server, client, "8", "1", "0x00", "", "", "1011", ""],
        [server, client, "2", "1", "0x01", "", "", "", seen[5][9]],
        [server, client, "2", "1", "0x00", "", "", "", ""],
    ]
    assert seen[5][9].startswith("reserved-bit: An RSV bit is 0")
    assert [row[-1] for row in seen] == [""] * 7
    assert seen[0][0].startswith("1785758401.500001")


@has_tshark
@pytest.mark.parametrize(
    "session", sorted((ROOT / "sessions").glob("*.jsonl")), ids=lambda path: path.name
)
def test_wireshark_takes_every_example(converted: Convert, tmp_path: Path, session: Path) -> None:
    """As many WebSocket frames as the session has."""
    converted(session, "pcapng")
    protocols = tshark(tmp_path / "out.pcapng", "frame.protocols")
    lines = session.read_bytes().split(b"\n")
    count = sum(b'"send":' in line or b'"recv":' in line for line in lines)
    assert len(protocols) == count
    assert all(row[0].startswith("exported_pdu:websocket") for row in protocols)
