"""What the last lines of a recording say, found without going through the lines between."""

import json
import os
from collections.abc import Iterator
from typing import Any

from wsdebug.session.lines import Event
from wsdebug.session.parse import parse_line

__all__ = ["TAIL", "Tail"]

TAIL = 256 * 1024  # bytes looked at for the end: room for a refusal with its whole body
EVENT = b'"event":'
EVENT_AT = 72  # bytes of a line before that, at most
AFTER_THE_END = ("meta",)  # events that may be appended to a finished recording


class Tail:
    """What the last lines say: how the last connection ended, and whether the recording did."""

    def __init__(self, fd: int, size: int) -> None:
        data = os.pread(fd, TAIL, max(0, size - TAIL))
        self.torn = bool(data) and not data.endswith(b"\n")
        self._data = data
        self._events = list(_event_lines(data))
        self.end = self._find_end()
        self.last = self._find_last()
        named = (line for line in self._events if b'"meta"' in line[:80])
        self.meta = next((one for one in map(_event, named) if one and one.name == "meta"), None)
        self.time_us = self._find_time()

    @property
    def frames(self) -> int | None:
        """The count that the `end` line gives."""
        frames = self.end.fields.get("frames") if self.end else None
        return frames if isinstance(frames, int) and frames >= 0 else None

    def _find_end(self) -> Event | None:
        for line in _lines_backward(self._data):
            if not line.strip() or line.startswith(b"#") or b'"note":' in line[:80]:
                continue
            event = _event(line)
            if event is None:
                return None
            if event.name not in AFTER_THE_END:
                return event if event.name == "end" else None
        return None

    def _find_time(self) -> int | None:
        """The time of the last line that has one."""
        for line in _lines_backward(self._data):
            time_us = getattr(parse_line(line, 1), "time_us", None) if line.strip() else None
            if isinstance(time_us, int):
                return time_us
        return None

    def _find_last(self) -> str:
        failed = ""
        for event in self._events_backward():
            fields = event.fields
            if event.name == "closed":
                return f"closed {_number(fields.get('code'))}".rstrip()
            if event.name == "response" and failed:
                status = _number(fields.get("status"))
                return f"refused {status}" if status not in ("", "101") else failed
            if event.name == "error" and not failed:
                failed = _failure(fields)
            elif event.name == "open" or (event.name == "connecting" and failed):
                return failed
        return failed

    def _events_backward(self) -> Iterator[Event]:
        return filter(None, map(_event, self._events))


def _lines_backward(data: bytes) -> Iterator[bytes]:
    """The whole lines, the last one first; the first may be cut off at its beginning."""
    end = data.rfind(b"\n")
    while end >= 0:
        start = data.rfind(b"\n", 0, end) + 1
        yield data[start:end]
        end = start - 1


def _event_lines(data: bytes) -> Iterator[bytes]:
    """The lines that may be events, the last one first; the first and the last may be cut off.

    Quotes in payloads are escaped, so the search is exact; it need not look at each line.
    """
    end = len(data)
    while (at := data.rfind(EVENT, 0, end)) >= 0:
        start = data.rfind(b"\n", 0, at) + 1
        if at - start < EVENT_AT:
            newline = data.find(b"\n", at)
            yield data[start : newline if newline >= 0 else len(data)]
        end = start


def _event(line: bytes) -> Event | None:
    """The line as an event, if it is one."""
    if EVENT not in line[: EVENT_AT + len(EVENT)]:
        return None
    parsed = parse_line(line, 1)
    return parsed if isinstance(parsed, Event) else None


def _number(value: Any) -> str:
    return json.dumps(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _failure(fields: Any) -> str:
    kind, message = str(fields.get("kind", "")), str(fields.get("message", ""))
    return "not trusted" if kind == "TLS" and "certificate" in message else "no answer"
