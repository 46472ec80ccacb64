"""What a row has to copy, and what it makes in the composer."""

from pathlib import Path

import pytest

from wsdebug.log.log import FrameLog
from wsdebug.tui.compose_model import Draft, SendRequest
from wsdebug.tui.compose_raw_model import RawDraft
from wsdebug.tui.row_copies import copies_of, draft_of, request_of

LINES = """\
{"wsdebug":1,"url":"ws://127.0.0.1:9/","started":"2026-08-03T12:00:00.000000Z"}
{"t":0.1,"mask":"01020304","send":"grüße"}
{"t":0.2,"op":"binary","recv":{"b64":"AAEC"}}
{"t":0.3,"op":"ping","mask":"01020304","send":"beat"}
{"t":0.4,"op":"pong","recv":{"b64":"AP8="}}
{"t":0.5,"fin":false,"recv":"one "}
{"t":0.6,"op":"cont","recv":"two"}
{"t":0.7,"op":3,"rsv2":true,"recv":{"b64":"YQ=="},"bad":["reserved-bit","reserved-opcode"]}
{"t":0.8,"op":"close","recv":{"code":4000,"reason":"bye"}}
{"t":0.9,"op":"close","recv":{}}
{"t":1.0,"note":"deployed here","on":3}
{"t":1.1,"event":"closed","by":"server","code":1005}
{"t":1.2,"op":"text","recv":{"b64":"/w=="},"bad":["invalid-utf8"]}
{"t":1.3,"rsv1":true,"recv":null,"wire":"AAA=","bad":["inflate-failed"]}
"""


@pytest.fixture
def log(tmp_path: Path) -> FrameLog:
    """One line of every sort."""
    path = tmp_path / "all.ws.jsonl"
    path.write_text(LINES)
    return FrameLog.open(str(path))


@pytest.mark.parametrize(
    ("number", "first"),
    [
        (2, ("p", "payload", "grüße")),
        (3, ("x", "payload as hex", "00 01 02")),
        (4, ("p", "payload", "beat")),
        (6, ("p", "message", "one two")),
        (7, ("p", "message", "one two")),
        (11, ("p", "note", "deployed here")),
        (12, ("l", "session line", LINES.splitlines()[11])),
        (13, ("x", "payload as hex", "ff")),
        (14, ("x", "bytes on the wire as hex", "00 00")),
    ],
)
def test_the_first_is_what_is_most_wanted(
    log: FrameLog, number: int, first: tuple[str, str, str]
) -> None:
    """Text where it is text, the whole message of a fragment."""
    copy = copies_of(log, number)[0]
    assert (copy.key, copy.name, copy.text) == first


def test_every_row_gives_its_line_and_keys_are_distinct(log: FrameLog) -> None:
    """Byte for byte; a line that is not there gives nothing."""
    for number, line in enumerate(LINES.splitlines(), 1):
        copies = copies_of(log, number)
        assert line in [copy.text for copy in copies if copy.key == "l"]
        assert len({copy.key for copy in copies}) == len(copies)
    assert copies_of(log, 99) == []


def test_a_row_is_a_command_too(log: FrameLog) -> None:
    """What was sent is sent by it; what came only connects. It says what it cannot hold."""
    commands = {copy.key: copy for copy in copies_of(log, 2)}
    assert commands["w"].text == "wsdebug send --count 1 ws://127.0.0.1:9/ 'grüße'"
    assert commands["o"].text.startswith("printf")
    assert "grüße" in commands["n"].text
    assert "message" in commands["u"].lacks
    received = {copy.key: copy for copy in copies_of(log, 6)}
    assert received["w"].text == "wsdebug record ws://127.0.0.1:9/"


@pytest.mark.parametrize(
    ("number", "draft"),
    [
        (1, None),
        (2, Draft("text", "text", "grüße")),
        (3, Draft("binary", "hex", "00 01 02")),
        (4, Draft("ping", "text", "beat")),
        (5, Draft("pong", "hex", "00 ff")),
        (7, Draft("text", "text", "one two")),
        (8, RawDraft(rsv2=True, opcode=3, payload="61")),
        (9, Draft("close", code="4000", reason="bye")),
        (10, RawDraft(opcode=8)),
        (11, None),
        (12, None),
        (13, RawDraft(payload="ff")),
    ],
)
def test_a_frame_in_the_composer_again(
    log: FrameLog, number: int, draft: Draft | RawDraft | None
) -> None:
    """As its own kind where that makes the same frame, bit by bit otherwise."""
    assert draft_of(log, number) == draft


def test_a_frame_is_sent_again(log: FrameLog) -> None:
    """The message, or the very frame."""
    assert request_of(log, 6) == SendRequest("text", "one two")
    raw = request_of(log, 8)
    assert raw is not None
    assert raw.frame is not None
    assert (raw.frame.opcode, raw.frame.rsv2, raw.frame.payload) == (3, True, b"a")
    assert request_of(log, 12) is None
