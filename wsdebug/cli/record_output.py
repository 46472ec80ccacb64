"""What `record` prints: what is new in its log, as fast as the reader takes it.

The log is the record: what the reader has not taken yet waits in the file, and the recording
does not wait at all.
"""

import argparse
import asyncio
import contextlib
import shutil
import sys
from collections.abc import Sequence
from typing import Protocol

from wsdebug.cli.color import Paint
from wsdebug.cli.send_output import Stdout
from wsdebug.cli.show_lines import Json, Printer, Table
from wsdebug.cli.show_payloads import Payloads, asks_for_control
from wsdebug.engine.live import LiveSession
from wsdebug.log.filter_terms import Filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.log import FrameLog

__all__ = ["AllLines", "Follower", "FoundLines", "Lines", "Pending", "follower_of"]

TICK = 0.05  # seconds between two looks for what is new
BATCH = 500  # lines printed at a time, so that reading goes on


class Lines(Protocol):
    """Finds the lines to be printed, each once, in order."""

    def next(self, *, is_over: bool) -> Sequence[int] | None:
        """The next of those that are known, none where nothing is new; None where there may be
        more at once. What may still change is waited for, unless it is over.
        """


class AllLines:
    """Every line; only those that are rows, once that is settled, with `rows`."""

    def __init__(self, log: FrameLog, *, rows: bool) -> None:
        self._log = log
        self._rows = rows
        self._last = 0

    def next(self, *, is_over: bool) -> Sequence[int] | None:
        """The next of those that are known."""
        index = self._log.index
        known = index.settled if self._rows and not is_over else index.lines
        first, self._last = self._last + 1, min(known, self._last + BATCH)
        numbers = range(first, self._last + 1)
        if not self._rows:
            return numbers
        hidden = set(index.hidden(first, self._last))
        found = [number for number in numbers if number not in hidden]
        return found or (None if numbers else ())


class FoundLines:
    """Those that a filter takes; messages whole."""

    def __init__(self, lines: FilteredLines) -> None:
        self._lines = lines
        self._place = 0

    def next(self, *, is_over: bool) -> Sequence[int] | None:
        """The next of those that are known."""
        lines = self._lines
        may_go_on = lines.advance() or (is_over and not lines.is_complete)
        is_all = is_over and not may_go_on
        known = len(lines) if is_all else lines.place_of(lines.settled + 1)
        start, self._place = self._place, max(self._place, min(known, self._place + BATCH))
        return lines.lines(start, self._place) or (None if may_go_on else ())


class Pending:
    """Where a printer writes; `take` gives what it has written."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdout.isatty()
        self.columns = shutil.get_terminal_size().columns
        self._parts: list[bytes] = []

    def write(self, data: str | bytes) -> None:
        """Keep it."""
        if isinstance(data, str):
            data = data.encode(sys.stdout.encoding, "backslashreplace")
        self._parts.append(data)

    def take(self) -> bytes:
        """All that was written since."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


class Follower:
    """Prints until it is over and everything has been printed."""

    def __init__(self, lines: Lines, printer: Printer, pending: Pending) -> None:
        self.written = 0  # bytes that the reader has taken
        self._lines = lines
        self._printer = printer
        self._pending = pending
        self._stdout = Stdout()
        self._over = asyncio.Event()

    async def run(self) -> None:
        """Raises BrokenPipeError where the reader has gone, RecordingFailed."""
        while True:
            is_over = self._over.is_set()
            batch = self._lines.next(is_over=is_over)
            if batch:
                self._printer.show(batch)
                await self._flush()
            if batch is None or batch:
                await asyncio.sleep(0)
            elif is_over:
                self._printer.end()
                await self._flush()
                return
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), TICK)

    def finish(self) -> None:
        """The record is complete: nothing more will come."""
        self._over.set()

    async def _flush(self) -> None:
        data = self._pending.take()
        await self._stdout.write(data)
        self.written += len(data)


def follower_of(live: LiveSession, query: Filter, parsed: argparse.Namespace) -> Follower:
    """What the arguments of `record` ask to be printed."""
    log, pending = live.shown_log, Pending()
    printer: Printer
    if parsed.json:
        printer = Json(log, pending, live.path or "the recording", with_header=bool(query.text))
    elif parsed.payload_only:
        # what came in one read with the last that counts is recorded, but not wanted here
        most = None if query.text else parsed.count
        with_control = asks_for_control(query.tree)
        printer = Payloads(log, pending, with_control=with_control, most=most)
    else:
        printer = Table(log, pending, Paint(parsed.color, sys.stdout))
    lines: Lines = AllLines(log, rows=not parsed.json)
    if query.text or parsed.payload_only:
        found = FilteredLines(
            log, query, every_line=parsed.json, whole_messages=parsed.payload_only
        )
        lines = FoundLines(found)
    return Follower(lines, printer, pending)
