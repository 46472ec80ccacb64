"""What a fuzzer drives: each target takes any bytes, and raises only where something is wrong."""

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import replace

from wsdebug.cli.text import json_text, row_text
from wsdebug.engine.conversation import Limits
from wsdebug.engine.deflate import Deflate
from wsdebug.engine.fast_lane import FastConversation
from wsdebug.engine.handshake import Handshake
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import parse_url
from wsdebug.errors import HandshakeRefused, SessionUnreadable
from wsdebug.log.log import FrameLog
from wsdebug.payload.escape import escape
from wsdebug.session.encode import encode_frame_line
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.wire.deflate import InflateFailed, Inflater, InflateTooBig

__all__ = ["TARGETS"]

LIMIT = 1000  # bytes of a message
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # of the example in RFC 6455 section 1.3


def pieces(data: bytes, size: int) -> list[bytes]:
    """Data in pieces of a size."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def decoder(data: bytes) -> None:
    """The first byte says how: bits for role, mode and compression, and the size of reads.

    Cut or whole, by runs or frame by frame, a stream says the same; and each frame can be written.
    """
    if not data:
        return
    how, stream = data[0], data[1:]
    whole = _taken(how, [stream], runs=False)
    assert _taken(how, pieces(stream, (how >> 4) + 1), runs=False) == whole
    assert _taken(how, pieces(stream, (how >> 4) * 7 + 1), runs=True) == whole
    for line in whole[0]:
        read = parse_line(encode_frame_line(replace(line, time_us=1, number=1)), 1)
        assert isinstance(read, FrameLine), line
        assert (read.payload, read.bad, read.cut) == (line.payload, line.bad, line.cut)


def _taken(
    how: int, reads: list[bytes], *, runs: bool
) -> tuple[list[FrameLine], list[str | bytes], str, object]:
    conversation = FastConversation(
        role="server" if how & 1 else "client",
        limits=Limits(LIMIT, lenient=bool(how & 2)),
        deflate=Deflate(peer_context_takeover=bool(how & 8)) if how & 4 else None,
        random_mask=lambda: b"mask",
        deliver=True,
    )
    lines: list[FrameLine] = []
    for read in reads:
        for each in conversation.receive_runs(read) if runs else conversation.receive(read):
            lines += [each] if isinstance(each, FrameLine) else each.lines()
    lines += conversation.receive_eof()
    received = [line for line in lines if not line.sent]
    return received, conversation.take_messages(), conversation.failure, conversation.close_sent


def inflater(data: bytes) -> None:
    """The first two bytes say window and context, the size of frames, and which end messages."""
    if len(data) < 2:
        return
    how, ends, stream = data[0], data[1], data[2:]
    made = Inflater(window_bits=8 + (how & 7), context_takeover=bool(how & 8))
    for number, piece in enumerate(pieces(stream, (how >> 4) * 9 + 1)):
        inflated = b""
        try:
            inflated = made.inflate(piece, final=bool(ends >> number % 8 & 1), limit=LIMIT)
        except InflateTooBig as error:
            inflated = error.partial
        except InflateFailed:
            made.reset()
        assert len(inflated) <= LIMIT


def handshake(data: bytes) -> None:
    """The first byte says the size of reads, and whether the end comes after them."""
    if not data:
        return
    how, answer = data[0], data[1:]
    options = ConnectOptions(
        url="ws://h/", header=(("Sec-WebSocket-Key", KEY),), subprotocol=("a", "b")
    )
    offered = Handshake(parse_url("ws://h/"), options)
    reads = pieces(answer, (how & 63) * 8 + 1)
    agreed, refusal = None, None
    try:
        for number, read in enumerate(reads):
            agreed = offered.feed(read, eof=bool(how & 64) and number == len(reads) - 1)
            if agreed is not None:
                break
    except HandshakeRefused as error:
        refusal = error
    if agreed is not None:
        assert offered.status == 101
        assert agreed.subprotocol in (None, "a", "b")
    if refusal is not None:
        assert str(refusal).startswith("refused: ")
        assert len(refusal.body) <= 1 << 16


def session(data: bytes) -> None:
    """A file: every line has a value, every row and line can be printed; nothing raises."""
    with tempfile.NamedTemporaryFile(suffix=".ws.jsonl") as file:
        file.write(data)
        file.flush()
        try:
            log = FrameLog.open(file.name)
        except SessionUnreadable:  # of a later version
            return
        log.complete.wait()
        with contextlib.closing(log):
            for row in log.rows(0, 100):
                text = row_text(row)
                assert text == escape(text)
                log.message(row.line)
                log.handshake(row.connection)
            for number, line in log.raw_lines(1):
                text = json_text(line, is_terminal=True).decode()[:-1]
                assert text == escape(text)
                parse_line(line, number, first=number == 1)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decoder": decoder,
    "inflater": inflater,
    "handshake": handshake,
    "session": session,
}
