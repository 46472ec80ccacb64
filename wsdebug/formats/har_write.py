"""Sessions as HAR 1.2, in the form of Chrome's network panel: an entry for each connection."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO

from wsdebug import __version__
from wsdebug.formats.har_entry import PAGE, STEPS, har_entry
from wsdebug.formats.output import copy_rest, waiting_file
from wsdebug.formats.source import Source, utc_text
from wsdebug.log.joined import Message
from wsdebug.session.lines import Event, FrameLine
from wsdebug.wire.frame import Opcode

__all__ = ["HOLDS", "write"]

HOLDS = frozenset(
    [f"event:{name}" for name in (*STEPS, "error", "clock")]
    + [f"setting:{name}" for name in ("user", "bearer", "cookie", "origin")]
)
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
PROGRAM = {"name": "wsdebug", "version": __version__}
SHOWN = STEPS | {"error", "closed"}
NO_UTF8 = (
    "text message that is not UTF-8, written as binary",
    "text messages that are not UTF-8, written as binary",
)
NO_START = "start time, taken for 1970"


@dataclass(slots=True)
class _Connection:
    """What is known of a connection so far; its messages wait outside of memory."""

    first_us: int
    began_us: int  # by the wall clock, since 1970
    last_us: int = 0
    has_frames: bool = False
    events: list[Event] = field(default_factory=list)
    messages: IO[bytes] = field(default_factory=waiting_file)


def write(source: Source, out: BinaryIO) -> None:
    """Write the archive. Raises SessionUnreadable, and OSError."""
    if source.started_us is None:
        source.losses.add(NO_START, NO_START)
    connections: dict[int, _Connection] = {}
    try:
        for line, time_us in source.messages(HOLDS):
            if isinstance(line, Message | FrameLine) or (
                isinstance(line, Event) and line.name in SHOWN
            ):
                if line.connection not in connections:
                    known = _Connection(time_us, source.wall_us(time_us))
                    connections[line.connection] = known
                _take(connections[line.connection], line, time_us, source)
        if not connections:
            connections[1] = _Connection(0, source.started_us or 0)
        _write_log(source, out, connections)
    finally:
        for known in connections.values():
            known.messages.close()


def _take(
    known: _Connection, line: Message | FrameLine | Event, time_us: int, source: Source
) -> None:
    known.last_us = time_us
    known.has_frames = known.has_frames or not isinstance(line, Event)
    if isinstance(line, Event):
        known.events.append(line)
    elif isinstance(line, Message):
        if line.is_text and line.text() is None:
            source.losses.add(*NO_UTF8, line=line.number)
        known.messages.write(b",\n" if known.messages.tell() else b"\n")
        known.messages.write(_json(_message(line, source.wall_us(time_us))))


def _message(message: Message, epoch_us: int) -> dict[str, Any]:
    """Text as it is; binary as base64, and so text that is not UTF-8, by opcode 2."""
    text = message.text()
    return {
        "type": "send" if message.sent else "receive",
        "time": epoch_us / 1_000_000,
        "opcode": Opcode.BINARY if text is None else Opcode.TEXT,
        "data": b64encode(message.data).decode() if text is None else text,
    }


def _write_log(source: Source, out: BinaryIO, connections: dict[int, _Connection]) -> None:
    header = source.header
    page = {
        "startedDateTime": utc_text(source.started_us or 0),
        "id": PAGE,
        "title": header.url,
        "pageTimings": {"onContentLoad": -1, "onLoad": -1},
    }
    start = {
        "version": "1.2",
        "creator": PROGRAM,
        "browser": PROGRAM,
        "pages": [page],
    }
    out.write(b'{"log":' + _json(start)[:-1] + b',"entries":[')
    for number, (_, known) in enumerate(sorted(connections.items())):
        span = known.first_us, known.last_us
        entry = har_entry(header, known.events, known.began_us, span, is_open=known.has_frames)
        out.write(b",\n" if number else b"\n")
        out.write(_json(entry)[:-1] + b',"_webSocketMessages":[')
        copy_rest(known.messages, out)
        out.write(b"]}")
    out.write(b"\n]}}\n")


def _json(value: Any) -> bytes:
    return ENCODER.encode(value).encode()
