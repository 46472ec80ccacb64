"""`wsdebug record URL -o FILE`: capture without a screen, until close, count, time or Ctrl-C."""

import asyncio
import contextlib
import signal
import sys

from wsdebug.cli.options import (
    Parser,
    add_connection,
    add_recording,
    connect_options,
    record_options,
)
from wsdebug.cli.text import row_text
from wsdebug.engine.live import LiveSession
from wsdebug.errors import RecordingFailed
from wsdebug.payload.escape import escape

__all__ = ["run"]

EXAMPLES = """examples:
  wsdebug record wss://stream.example.com/feed -o feed.ws.jsonl
  wsdebug record ws://127.0.0.1:9911/ticker --count 100 --json | jq .recv
  wsdebug record -H 'X-Client: desk-4' -m 60 -q wss://example.com/ -o minute.ws.jsonl
"""


def run(arguments: list[str]) -> int:
    """Record; 0 at close, count, time and Ctrl-C."""
    parser = Parser("wsdebug record", usage=f"wsdebug record [options] URL\n\n{EXAMPLES}")
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--count", type=int, metavar="N", help="end after N received messages")
    parser.add_argument("-m", "--max-time", type=float, metavar="S", help="end after S seconds")
    parser.add_argument("--json", action="store_true", help="session lines on stdout")
    parser.add_argument("-q", "--quiet", action="store_true", help="nothing on stdout")
    add_connection(parser)
    add_recording(parser)
    parsed = parser.parse_intermixed_args(arguments)
    live = LiveSession(connect_options(parsed), record_options(parsed))
    for notice in live.status.notices:
        sys.stderr.write(f"wsdebug: {escape(notice)}\n")
    output = None if parsed.quiet else _Output(live, as_json=parsed.json)
    asyncio.run(_record(live, output, parsed.count, parsed.max_time))
    problem = live.status.recording_problem
    if problem:
        words = f"not everything was recorded: {problem}"
        raise RecordingFailed(words, path=live.path or "")
    live.raise_for_status()
    return 0


class _Output:
    """Writes what is new in the log."""

    def __init__(self, live: LiveSession, *, as_json: bool) -> None:
        self._live = live
        self._as_json = as_json
        self._line = 1
        self._row = 0

    def write(self) -> None:
        """Write the rows, or the lines, since the last call."""
        log = self._live.log
        if self._as_json:
            for number, data in log.raw_lines(self._line):
                sys.stdout.buffer.write(self._safe(data) + b"\n")
                self._line = number + 1
            sys.stdout.buffer.flush()
            return
        # steps of a handshake stop being rows once it has succeeded
        last = log.index.lines
        for row in log.rows(log.index.row_of(self._line), len(log)):
            sys.stdout.write(row_text(row) + "\n")
        self._line = last + 1
        sys.stdout.flush()

    @staticmethod
    def _safe(data: bytes) -> bytes:
        if sys.stdout.isatty():
            return escape(data.decode("utf-8", "surrogateescape")).encode("utf-8", "replace")
        return data


async def _record(
    live: LiveSession, output: _Output | None, count: int | None, max_time: float | None
) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    deadline = loop.time() + max_time if max_time is not None else None
    try:
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(live.run())
            stopping = tasks.create_task(stop.wait())
            while not running.done():
                left = 0.05 if deadline is None else max(0.0, min(0.05, deadline - loop.time()))
                await asyncio.wait([running, stopping], timeout=left, return_when="FIRST_COMPLETED")
                if output is not None:
                    output.write()
                enough = count is not None and live.counters.frames_in >= count
                if enough or stop.is_set() or (deadline is not None and loop.time() >= deadline):
                    break
            with contextlib.suppress(Exception):
                await live.disconnect()
            stopping.cancel()
    finally:
        if output is not None:
            output.write()
        await live.finish()
