"""`wsdebug record URL -o FILE`: capture without a screen, until close, count, time or Ctrl-C."""

import argparse
import asyncio
import signal
from typing import TYPE_CHECKING, Literal

from wsdebug.cli.color import add_color
from wsdebug.cli.options import Parser, add_connection, connect_options, to_count, to_seconds
from wsdebug.cli.recording import add_recording, record_options, remember_recording
from wsdebug.cli.say import say
from wsdebug.engine.live import LiveSession
from wsdebug.errors import CannotConnect, QueryInvalid, RecordingFailed, UsageError

if TYPE_CHECKING:
    from wsdebug.cli.record_output import Follower
    from wsdebug.log.filter_terms import Filter

__all__ = ["parser", "run"]

EXAMPLES = """examples:
  wsdebug record wss://stream.example.com/feed -o feed.ws.jsonl
  wsdebug record ws://127.0.0.1:9911/ticker --count 100 --json | jq .recv
  wsdebug record wss://example.com/feed --filter '$.type==trade' --payload-only | jq .px
  wsdebug record -m 60 -o - wss://example.com/feed | gzip > minute.ws.jsonl.gz
  wsdebug record --reconnect --rotate 64M -q wss://example.com/ -o all.ws.jsonl
  wsdebug record -H 'X-Client: desk-4' -q wss://example.com/ -o desk.ws.jsonl
"""
TICK = 0.2  # seconds between two looks for notices
STDOUT = "-"
PATIENCE = 1.0  # seconds that a reader may take nothing after Ctrl-C

Ending = Literal["closed", "count", "time", "signal", "pipe", "output"]


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug record", usage=f"wsdebug record [options] URL\n\n{EXAMPLES}")
    add = made.add_argument
    add("url", metavar="URL")
    add("--count", type=to_count, metavar="N", help="end after N received messages")
    add("-m", "--max-time", type=to_seconds, metavar="S", help="end after S seconds")
    add("--filter", metavar="QUERY", help="print only what it takes; the file has everything")
    what = made.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="session lines on stdout")
    what.add_argument("--payload-only", action="store_true", help="payloads of messages on stdout")
    add("-q", "--quiet", action="store_true", help="nothing on stdout")
    add_color(made)
    add_connection(made)
    add_recording(made, "-o", "--output")
    return made


def run(arguments: list[str]) -> int:
    """Record; 0 at a close with 1000 or 1001, count, time and Ctrl-C."""
    parsed = parser().parse_intermixed_args(arguments)
    if parsed.output == STDOUT:
        _take_stdout(parsed)
    query = _query(parsed.filter or "") if parsed.filter or not parsed.quiet else None
    record = record_options(parsed)
    live = LiveSession(connect_options(parsed), record)
    remember_recording(record)
    follower = None
    if query is not None and not parsed.quiet:
        from wsdebug.cli.record_output import follower_of  # half of the start-up

        follower = follower_of(live, query, parsed)
    recording = _Recording(live, follower)
    ending = asyncio.run(recording.run(parsed.count, parsed.max_time))
    live.log.close()
    if problem := live.status.recording_problem:
        words = f"not everything was recorded: {problem}"
        raise RecordingFailed(words, path=live.path or "")
    if recording.problem is not None:
        raise recording.problem
    if ending == "closed":
        live.raise_for_status()
    if ending == "time" and live.status.state == "failed" and live.status.connection == 1:
        words = f"no connection within {parsed.max_time:g} s"
        raise CannotConnect(words, step=live.status.step, timed_out=True)
    return 0


def _take_stdout(parsed: argparse.Namespace) -> None:
    """The session goes to stdout, all of it and nothing else. Raises UsageError."""
    for name in ("filter", "payload_only"):
        if getattr(parsed, name):
            words = f"-o - is the whole session; leave out --{name.replace('_', '-')}"
            raise UsageError(words, field=name)
    parsed.output, parsed.json, parsed.quiet = None, True, False


def _query(text: str) -> "Filter":
    from wsdebug.log.filter_parse import parse_filter

    try:
        return parse_filter(text)
    except QueryInvalid as error:
        raise UsageError(f"--filter: {error}", field="filter") from None


class _Recording:
    """Runs once; `problem` is why stdout could not be written."""

    def __init__(self, live: LiveSession, follower: "Follower | None") -> None:
        self.problem: RecordingFailed | None = None
        self._live = live
        self._follower = follower
        self._stop = asyncio.Event()
        self._endings: list[Ending] = []
        self._told: set[str] = set()  # notices
        self._tasks: asyncio.TaskGroup | None = None
        self._printing: asyncio.Task[None] | None = None

    async def run(self, count: int | None, max_time: float | None) -> Ending:
        """Connect, record and print until it ends; then close, and print the rest."""
        loop, live = asyncio.get_running_loop(), self._live
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._signalled)
        if max_time is not None:
            loop.call_later(max_time, self._end, "time")
        if count is not None:
            live.after_messages(count, lambda: self._end("count"))
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            running = tasks.create_task(live.run())
            stopping = tasks.create_task(self._stop.wait())
            if self._follower is not None:
                self._printing = tasks.create_task(self._print(self._follower))
            while not running.done() and not self._stop.is_set():
                await asyncio.wait([running, stopping], timeout=TICK, return_when="FIRST_COMPLETED")
                self._tell()
            if not running.done():
                await live.disconnect()
            await running
            stopping.cancel()
            self._tell()
            await live.finish()
            if self._follower is not None and self._printing is not None:
                self._follower.finish()
                await self._print_rest(self._follower, self._printing)
        return self._endings[0] if self._endings else "closed"

    def _end(self, why: Ending) -> None:
        self._endings.append(why)
        self._stop.set()

    def _signalled(self) -> None:
        if not self._stop.is_set():
            self._end("signal")
            return
        # once more: wait neither for the server's close nor for a slow reader
        assert self._tasks is not None
        self._tasks.create_task(self._live.disconnect())
        if self._printing is not None and self._live.status.state in ("closed", "failed"):
            self._printing.cancel()

    async def _print(self, follower: "Follower") -> None:
        try:
            await follower.run()
        except BrokenPipeError:
            self._end("pipe")
        except RecordingFailed as error:
            self.problem = error
            self._end("output")

    async def _print_rest(self, follower: "Follower", printing: "asyncio.Task[None]") -> None:
        """What the reader has not taken yet; after a signal only while it takes something."""
        before = -1
        while not printing.done():
            if "signal" in self._endings and follower.written == before:
                printing.cancel()
            before = follower.written
            await asyncio.wait([printing], timeout=PATIENCE)

    def _tell(self) -> None:
        """Say what was assumed, once."""
        for notice in self._live.status.notices:
            if notice not in self._told:
                self._told.add(notice)
                say(notice)
