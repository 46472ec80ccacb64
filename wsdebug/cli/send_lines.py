"""Session lines as steps of `send`: its `send` and `wait` lines; the others say nothing to it."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from wsdebug.cli.send_input import FrameStep, Messages, Pause, Step
from wsdebug.errors import SessionUnreadable, UsageError
from wsdebug.payload.variables import expand
from wsdebug.session.lines import Damaged, FrameLine, Header, Wait
from wsdebug.session.parse import parse_line
from wsdebug.wire.frame import Frame, Opcode
from wsdebug.wire.utf8 import Utf8Checker

__all__ = ["Lines"]


class Lines:
    """Takes one line after the other. `values` are those of variables, before a header's own."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        self._number = 0
        self._is_first = True  # nothing but comments so far

    def step(self, data: bytes) -> Step | None:
        """What a line says is to be done.

        Raises SessionUnreadable, naming the line, and UsageError for a variable without a value.
        """
        self._number += 1
        line = parse_line(data, self._number, first=self._is_first)
        self._is_first = self._is_first and line is None
        if isinstance(line, Damaged):
            raise self._wrong(line.why)
        if isinstance(line, Header):
            self._declare(line)
        elif isinstance(line, Wait):
            return Pause(line.seconds)
        elif isinstance(line, FrameLine) and line.sent:
            return self._frame(line, json.loads(data))
        return None

    def _declare(self, header: Header) -> None:
        declared = header.raw.get("vars")
        for name, value in declared.items() if isinstance(declared, dict) else ():
            if value is not None:
                self._values.setdefault(name, str(value))
            elif name not in self._values:
                words = f"the variable {name} has no value; --variable or --secret gives it one"
                raise UsageError(words, field="variable")

    def _frame(self, line: FrameLine, written: dict[str, Any]) -> Step:
        if line.cut is not None or line.payload is None:
            raise self._wrong("not all of the payload was kept; it cannot be sent")
        frame = line.frame
        payload = self._payload(line.payload, written["send"])
        if payload != frame.payload:  # recorded compressed, a file, or with variables
            rsv1 = frame.rsv1 and line.payload == frame.payload
            frame = replace(frame, payload=payload, rsv1=rsv1)
        is_unmasked = "mask" in written and written["mask"] is None
        opcode = frame.opcode
        is_message = opcode == Opcode.BINARY or (opcode == Opcode.TEXT and _is_utf8(payload))
        is_plain = replace(frame, mask=None) == Frame(opcode, payload)
        if is_message and is_plain and not is_unmasked:
            return Messages(opcode, [payload])
        return FrameStep(frame, is_unmasked)

    def _payload(self, payload: bytes, written: object) -> bytes:
        if isinstance(written, dict) and "file" in written:
            return self._file(written["file"])
        is_json = isinstance(written, dict) and "json" in written
        if b"{{" not in payload or not (is_json or isinstance(written, str)):
            return payload
        values = self._values
        if is_json:
            values = {name: json.dumps(value)[1:-1] for name, value in values.items()}
        return expand(payload.decode(), values).encode()

    def _file(self, name: object) -> bytes:
        """A payload's file, never outside of the folder that we are in."""
        if not isinstance(name, str):
            raise self._wrong("file is not a path")
        folder = Path.cwd().resolve()
        path = (folder / name).resolve()
        if not path.is_relative_to(folder):
            raise self._wrong(f"{name} is outside of this folder")
        try:
            return path.read_bytes()
        except OSError as error:
            why = os.strerror(error.errno).lower() if error.errno else str(error)
            raise self._wrong(f"cannot read {name}: {why}") from error

    def _wrong(self, why: str) -> SessionUnreadable:
        words = f"standard input, line {self._number}: {why}"
        return SessionUnreadable(words, path="-", line=self._number)


def _is_utf8(payload: bytes) -> bool:
    return Utf8Checker().feed(payload, final=True) is None
