"""Session lines as steps of `send`: its `send` and `wait` lines; the others say nothing to it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import compress
from pathlib import Path

from wsdebug.cli.send_input import FrameStep, Messages, Pause, Step
from wsdebug.errors import UsageError
from wsdebug.payload.json_text import json_text
from wsdebug.replay.templates import expand, expand_text
from wsdebug.session.attached import with_attached
from wsdebug.session.checked import STDIN, unreadable
from wsdebug.session.lines import Damaged, FrameLine, Header, Wait
from wsdebug.session.parse import parse_line
from wsdebug.session.parse_many import PlainLines, plain_kind
from wsdebug.wire.frame import Frame, Opcode
from wsdebug.wire.utf8 import Utf8Checker

__all__ = ["Lines"]

MANY = 8  # lines that are worth it
RSV1 = b'"rsv1"'  # the bit may be set by hand


class Lines:
    """Takes one line after the other. `values` are those of variables, before a header's own."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        self._number = 0
        self._is_first = True  # nothing but comments so far

    def steps(self, block: list[bytes]) -> Iterator[Step]:
        """What lines say is to be done: the same as one by one, recorded messages together.

        Raises as `step` does, after the steps of the lines before.
        """
        data = b"\n".join([*block, b""])
        kind = plain_kind(data) if len(block) >= MANY and RSV1 not in data else None
        if kind is None:
            yield from (step for line in block if (step := self.step(line)) is not None)
            return
        self._number += len(block)
        self._is_first = False
        payloads = [*compress(PlainLines(data, kind).payloads, kind.ways)]
        if payloads:
            yield Messages(Opcode.TEXT if kind.is_text else Opcode.BINARY, payloads)

    def step(self, data: bytes) -> Step | None:
        """What a line says is to be done.

        Raises SessionUnreadable, naming the line, and UsageError for a variable without a value.
        """
        self._number += 1
        line = parse_line(data, self._number, first=self._is_first)
        self._is_first = self._is_first and line is None
        match line:
            case Damaged():
                raise unreadable(STDIN, self._number, line.why)
            case Header():
                self._declare(line)
            case Wait():
                return Pause(line.seconds)
            case FrameLine(sent=True):
                return self._frame(with_attached(line, STDIN, Path.cwd()))
        return None

    def _declare(self, header: Header) -> None:
        declared = header.raw.get("vars")
        for name, value in declared.items() if isinstance(declared, dict) else ():
            if value is not None:
                self._values.setdefault(name, str(value))
            elif name not in self._values:
                words = f"the variable {name} has no value; --variable or --secret gives it one"
                raise UsageError(words, field="variable")

    def _frame(self, line: FrameLine) -> Step:
        frame = line.frame
        if line.cut is not None or line.payload is None:
            words = "not all of the payload was kept; it cannot be sent"
            raise unreadable(STDIN, line.number, words)
        payload = self._filled(line, line.payload)
        if payload != frame.payload:  # it was compressed, or has variables in it
            rsv1 = frame.rsv1 and line.payload == frame.payload
            frame = replace(frame, payload=payload, rsv1=rsv1)
        is_unmasked = frame.mask is None and not line.any_mask
        opcode = frame.opcode
        is_message = opcode == Opcode.BINARY or (opcode == Opcode.TEXT and _is_utf8(payload))
        is_plain = replace(frame, mask=None) == Frame(opcode, payload)
        if is_message and is_plain and not is_unmasked:
            return Messages(opcode, [payload])
        return FrameStep(frame, is_unmasked)

    def _filled(self, line: FrameLine, payload: bytes) -> bytes:
        """A text or JSON with its variables in it; bytes as they are."""
        written = line.raw.get("send")
        if b"{{" not in payload or not self._values:
            return payload
        if isinstance(written, dict) and "json" in written:
            return json_text(expand(written["json"], self._values)).encode()
        if not line.is_text or not _is_utf8(payload):
            return payload
        return expand_text(payload.decode(), self._values).encode()


def _is_utf8(payload: bytes) -> bool:
    return Utf8Checker().feed(payload, final=True) is None
