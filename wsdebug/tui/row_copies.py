"""What can be copied of a row, and what a row makes in the composer."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from wsdebug.formats.commands import Sent, make_command
from wsdebug.log.log import FrameLog
from wsdebug.payload.numbers import with_commas
from wsdebug.payload.redact import Redactor
from wsdebug.session.lines import FrameLine, Line, Note
from wsdebug.tui.compose_model import Draft, Kind, SendRequest, make_request
from wsdebug.tui.compose_raw_model import RawDraft, make_frame, of_frame
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = ["Copy", "Payload", "copies_of", "draft_of", "payload_of", "request_of"]

COMMAND_KEYS = {"wsdebug": "w", "websocat": "o", "wscat": "n", "curl": "u"}


@dataclass(frozen=True, slots=True)
class Copy:
    """One thing to copy: the key that picks it, what it is, its text.

    `lacks` says what the text cannot hold of it.
    """

    key: str
    name: str
    text: str
    lacks: str = ""

    @property
    def size(self) -> str:
        """`48 characters`, `one character`."""
        count = len(self.text)
        return "one character" if count == 1 else f"{with_commas(count)} characters"


def copies_of(log: FrameLog, number: int) -> list[Copy]:
    """What line `number` of a log has to copy, the most wanted first; nothing for no line."""
    line = log.line(number)
    raw = _raw(log, number)
    if raw is None:
        return []
    copies = [Copy("l", "session line", raw)]
    if isinstance(line, FrameLine):
        copies = [*_of_frame(log, line), *copies]
    elif isinstance(line, Note):
        copies = [Copy("p", "note", line.text), *copies]
    return [*copies, *_commands(log, line)]


@dataclass(frozen=True, slots=True)
class Payload:
    """The whole message that a line belongs to; `text` None for what is no text."""

    line: int
    data: bytes
    text: str | None

    @property
    def suffix(self) -> str:
        """What a file of it is called by: `.json`, `.txt` or `.bin`."""
        if self.text is None:
            return ".bin"
        return ".json" if self.text.lstrip()[:1] in ("{", "[") else ".txt"


def payload_of(log: FrameLog, number: int) -> Payload | None:
    """The message of a line, as far as it was recorded; None for what is no frame."""
    line = log.line(number)
    if not isinstance(line, FrameLine):
        return None
    whole = _joined(log, number) if not line.frame.is_control else line.payload
    if whole is None:
        return Payload(number, line.frame.payload, None)  # as it was on the wire
    is_text = line.is_text or line.frame.is_control
    return Payload(number, whole, _decoded(whole) if is_text else None)


def draft_of(log: FrameLog, number: int) -> Draft | RawDraft | None:
    """A line in the composer again, to be edited; None for what is no frame.

    A frame that no other kind of the composer makes becomes a raw one.
    """
    line = log.line(number)
    if not isinstance(line, FrameLine):
        return None
    frame = line.frame
    if not line.bad and frame.length_form is None and frame.opcode >= Opcode.CLOSE:
        draft = _control_draft(line)
        if draft is not None:
            return draft
    message = _message_of(log, line)
    if isinstance(message, str):
        return Draft("text", "text", message)
    if message is not None:
        return Draft("binary", "hex", message.hex(" "))
    raw = of_frame(frame)
    return raw if line.sent else replace(raw, is_masked=True)  # 5.1: a client masks


def request_of(log: FrameLog, number: int) -> SendRequest | None:
    """What sends a line's message again as it is, masks fresh; None for what is no frame."""
    line = log.line(number)
    message = _message_of(log, line) if isinstance(line, FrameLine) else None
    if message is not None:
        return SendRequest("text" if isinstance(message, str) else "binary", message)
    draft = draft_of(log, number)
    if draft is None:
        return None
    if isinstance(draft, RawDraft):
        return SendRequest("raw", frame=make_frame(replace(draft, is_fresh=True)))
    return make_request(draft)


def _message_of(log: FrameLog, line: FrameLine) -> str | bytes | None:
    """The whole text or binary message of a frame; None where it broke a rule or is no message."""
    if line.bad or line.frame.opcode > Opcode.BINARY:
        return None
    payload = _joined(log, line.number)
    return _decoded(payload) if payload is not None and line.is_text else payload


def _of_frame(log: FrameLog, line: FrameLine) -> list[Copy]:
    message = log.whole(line.number)
    is_part = message is not None and message.finish().count > 1
    whole = message.data if message is not None and is_part else line.payload
    if whole is None:
        return [Copy("x", "bytes on the wire as hex", line.frame.payload.hex(" "))]
    what = "message" if is_part else "payload"
    text = _decoded(whole) if line.is_text or line.frame.is_control else None
    shown = [Copy("p", what, text)] if text is not None else []
    return [
        *shown,
        Copy("x", f"{what} as hex", whole.hex(" ")),
        Copy("b", f"{what} as base64", base64.b64encode(whole).decode()),
    ]


def _commands(log: FrameLog, line: Line | None) -> Iterator[Copy]:
    """Command lines that connect as this session did, and send the message if it was sent."""
    header = log.header
    if header is None:
        return
    sent: list[Sent] = []
    if isinstance(line, FrameLine) and line.sent and line.frame.opcode <= Opcode.BINARY:
        payload = _joined(log, line.number)
        if payload is not None:
            text = _decoded(payload) if line.is_text else None
            sent.append(Sent(payload if text is None else text, line.number))
    for tool, key in COMMAND_KEYS.items():
        command = make_command(tool, header, sent, len(sent), Redactor())
        lacks = ", ".join(f"--{name}" for name in command.options)
        if command.left_out:
            lacks = ", ".join(part for part in (lacks, "the message") if part)
        yield Copy(key, f"{tool} command", command.text, lacks)


def _joined(log: FrameLog, number: int) -> bytes | None:
    whole = log.whole(number)
    return whole.finish().data if whole is not None else None


def _decoded(payload: bytes) -> str | None:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return None


def _control_draft(line: FrameLine) -> Draft | None:
    payload = line.payload or b""
    match line.frame.opcode:
        case Opcode.CLOSE:
            body = parse_close(payload)
            if body is None or body.code is None:
                return None
            return Draft("close", code=str(body.code), reason=body.reason)
        case Opcode.PING | Opcode.PONG:
            kind: Kind = "ping" if line.frame.opcode == Opcode.PING else "pong"
            if payload.isascii() and (text := _decoded(payload)) is not None and text.isprintable():
                return Draft(kind, "text", text)
            return Draft(kind, "hex", payload.hex(" "))
    return None


def _raw(log: FrameLog, number: int) -> str | None:
    for found, data in islice(log.raw_lines(number), 1):
        if found == number:
            return data.decode("utf-8", "replace")
    return None
