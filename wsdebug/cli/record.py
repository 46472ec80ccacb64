"""`wsdebug record URL -o FILE`: capture without a screen, until close, count, time or Ctrl-C."""

import asyncio
import contextlib
import signal
import sys
from itertools import islice
from typing import Literal

from wsdebug.cli.options import (
    Parser,
    add_connection,
    add_recording,
    connect_options,
    record_options,
    to_count,
    to_seconds,
)
from wsdebug.cli.text import json_text, row_text
from wsdebug.engine.live import LiveSession
from wsdebug.errors import CannotConnect, RecordingFailed
from wsdebug.payload.escape import escape

__all__ = ["parser", "run"]

EXAMPLES = """examples:
  wsdebug record wss://stream.example.com/feed -o feed.ws.jsonl
  wsdebug record ws://127.0.0.1:9911/ticker --count 100 --json | jq .recv
  wsdebug record -H 'X-Client: desk-4' -m 60 -q wss://example.com/ -o minute.ws.jsonl
"""
TICK = 0.05  # seconds between two looks for what is new
BATCH = 2000  # rows printed at a time, so that reading goes on

Ending = Literal["closed", "count", "time", "signal", "pipe"]


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug record", usage=f"wsdebug record [options] URL\n\n{EXAMPLES}")
    made.add_argument("url", metavar="URL")
    made.add_argument("--count", type=to_count, metavar="N", help="end after N received messages")
    made.add_argument("-m", "--max-time", type=to_seconds, metavar="S", help="end after S seconds")
    made.add_argument("--json", action="store_true", help="session lines on stdout")
    made.add_argument("-q", "--quiet", action="store_true", help="nothing on stdout")
    add_connection(made)
    add_recording(made, "-o", "--output")
    return made


def run(arguments: list[str]) -> int:
    """Record; 0 at a close with 1000 or 1001, count, time and Ctrl-C."""
    parsed = parser().parse_intermixed_args(arguments)
    live = LiveSession(connect_options(parsed), record_options(parsed))
    for notice in live.status.notices:
        sys.stderr.write(f"wsdebug: {escape(notice)}\n")
    output = _Output(live, as_json=parsed.json, is_quiet=parsed.quiet)
    ending = asyncio.run(_record(live, output, parsed.count, parsed.max_time))
    problem = live.status.recording_problem
    if problem:
        words = f"not everything was recorded: {problem}"
        raise RecordingFailed(words, path=live.path or "")
    if ending == "closed":
        live.raise_for_status()
    if ending == "time" and live.status.state == "failed" and live.status.connection == 1:
        words = f"no connection within {parsed.max_time:g} s"
        raise CannotConnect(words, step=live.status.step, timed_out=True)
    return 0


class _Output:
    """Writes what is new in the log; `is_gone` once nobody reads it any more."""

    def __init__(self, live: LiveSession, *, as_json: bool, is_quiet: bool) -> None:
        self.is_gone = False
        self._live = live
        self._as_json = as_json
        self._is_quiet = is_quiet
        self._is_terminal = sys.stdout.isatty()
        self._line = 1

    def write(self) -> bool:
        """Write the next rows, or lines, that are new; whether there may be more."""
        if self.is_gone or self._is_quiet:
            return False
        try:
            more = self._lines() if self._as_json else self._rows()
            sys.stdout.flush()
        except BrokenPipeError:
            self.is_gone = True
            return False
        return more

    def _rows(self) -> bool:
        # steps of a handshake stop being rows once it has succeeded
        log = self._live.log
        first = log.index.row_of(self._line)
        rows = log.rows(first, first + BATCH)
        for row in rows:
            sys.stdout.write(row_text(row) + "\n")
        if rows:
            self._line = rows[-1].line + 1
        return len(rows) == BATCH

    def _lines(self) -> bool:
        lines = self._live.log.raw_lines(self._line)
        number = 0
        for number, data in islice(lines, BATCH):
            sys.stdout.buffer.write(json_text(data, is_terminal=self._is_terminal))
            self._line = number + 1
        return number > 0


async def _record(
    live: LiveSession, output: _Output, count: int | None, max_time: float | None
) -> Ending:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    endings: list[Ending] = []

    def end(why: Ending) -> None:
        endings.append(why)
        stop.set()

    if max_time is not None:
        loop.call_later(max_time, end, "time")
    if count is not None:
        live.after_messages(count, lambda: end("count"))
    try:
        async with asyncio.TaskGroup() as tasks:

            def interrupted() -> None:
                if stop.is_set():  # once more: do not wait for the server's close
                    tasks.create_task(live.disconnect())
                else:
                    end("signal")

            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, interrupted)
            running = tasks.create_task(live.run())
            stopping = tasks.create_task(stop.wait())
            while not running.done() and not stop.is_set():
                await asyncio.wait([running, stopping], timeout=TICK, return_when="FIRST_COMPLETED")
                output.write()
                if output.is_gone:
                    end("pipe")
            if not running.done():
                with contextlib.suppress(Exception):
                    await live.disconnect()
            await running
            stopping.cancel()
    finally:
        while output.write():
            pass
        await live.finish()
    while output.write():
        pass
    return endings[0] if endings else "closed"
