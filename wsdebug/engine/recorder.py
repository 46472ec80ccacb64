"""Everything that happens to a session becomes a line, written before it is shown."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from wsdebug.engine.happened import cut_to, messages_in, numbered, unfinished
from wsdebug.engine.hidden import without_secrets
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.outgoing import PlainSent
from wsdebug.engine.saved_options import connect_settings, header_facts, options_from_header
from wsdebug.engine.variables import variables_of
from wsdebug.engine.wall_clock import WallClock
from wsdebug.errors import RecordingFailed
from wsdebug.log.index import LineIndex
from wsdebug.log.log import FrameLog
from wsdebug.log.masked import MaskedLog
from wsdebug.payload.redact import Redactor
from wsdebug.session.disk import Disk
from wsdebug.session.encode import (
    PIECE,
    encode_event,
    encode_frame_line,
    encode_frame_pieces,
    encode_header,
    encode_note,
    line_start,
)
from wsdebug.session.encode_many import encode_run, encode_sent_lines
from wsdebug.session.frames import FrameLine, Happened, MessageRun
from wsdebug.session.parts import part_path, resumed_part
from wsdebug.session.writer import SessionWriter
from wsdebug.wire.frame import Opcode

__all__ = ["Recorder", "connect_settings", "options_from_header"]

KEPT_FREE = 1 << 30  # bytes of disk that a recording leaves which nobody asked for
UNLOGGED = frozenset(("raw", "headers", "body", "b64"))

debug_log = logging.getLogger(__name__)


class Recorder:
    """Writes one session; `log` reads it while it grows.

    `clock` gives monotonic nanoseconds, `wall` those since 1970; times in the record count from
    the recorder's start.
    """

    def __init__(
        self,
        options: ConnectOptions,
        record: RecordOptions,
        *,
        clock: Callable[[], int] = time.monotonic_ns,
        wall: Callable[[], int] = time.time_ns,
        disk: Disk | None = None,
    ) -> None:
        """Raises RecordingFailed where the file cannot be written."""
        self._options, self._record = options, record
        self._first_path, self._part = record.path or "", _first_part(record)
        self._clock = clock
        self._start = clock()
        self._wall = WallClock(clock, wall)
        self.redactor = Redactor(variables_of(options).secrets, keep=record.keep_secrets)
        self.index = LineIndex()
        self.writer = SessionWriter(
            part_path(record.path, self._part) if record.path is not None else None,
            self.index,
            append=record.append,
            force=record.force,
            keep_free=0 if record.asked_for else KEPT_FREE,
            gap=self._gap,
            disk=disk,
        )
        self.log = FrameLog(self.writer, self.index, path=self.writer.path)
        self.shown_log = MaskedLog(self.writer, self.index, self.redactor, path=self.writer.path)
        self.frames = self.last_connection = 0
        self.closed = False
        self._started = self._wall.now()
        self._last_us = 0  # time of the last line
        self._unfinished: set[bool] = set()  # directions in which a message is under way
        # gets what was written, but for frames of `plain_sent`
        self.tap: Callable[[Happened], None] | None = None
        self._wanted: tuple[int, Callable[[], None]] | None = None
        if self.writer.size:
            self._go_on()
        else:
            self.writer.write(self._header())

    @property
    def is_kept(self) -> bool:
        """Whether what happens is kept: always."""
        return True

    @property
    def time_us(self) -> int:
        """Microseconds since the start."""
        return (self._clock() - self._start) // 1000

    def event(self, name: str, connection: int, /, **facts: Any) -> None:
        """Write an event of now."""
        self._prepare()
        if name == "connecting":
            self._unfinished.clear()
        self._last_us, self.last_connection = self.time_us, connection
        if self.redactor.has_secrets:
            facts = without_secrets(facts, self.redactor)
        shown = {key: fact for key, fact in facts.items() if key not in UNLOGGED}
        debug_log.info("connection %d: %s %s", connection, name, shown)
        self.writer.write(encode_event(self._last_us, connection, name, facts))

    def frames_happened(
        self, happened: Sequence[Happened], connection: int, time_us: int | None = None
    ) -> None:
        """Write what one read or one send made, in one go, all at the same time."""
        if not happened:
            return
        self._prepare()
        if self._record.rotate is not None:
            self._unfinished = unfinished(happened, self._unfinished)
        self._last_us = max(self._last_us, self.time_us if time_us is None else time_us)
        self.last_connection = connection
        start = line_start(self._last_us, connection)
        first = self.index.lines + 1
        waiting: list[bytes] = []
        frames, are_plain, keeps_wire = 0, True, self._record.keeps_wire
        for each in self._kept(happened):
            if isinstance(each, MessageRun):
                waiting.append(encode_run(each, start, keeps_wire=keeps_wire))
                frames += len(each.payloads)
            elif each.payload is not None and len(each.payload) > PIECE:
                self._write(waiting, frames, plain=are_plain)
                self._write_long(each, start)
                frames, are_plain = 0, True
            else:
                waiting.append(encode_frame_line(each, start, keeps_wire=keeps_wire))
                frames += 1
                are_plain = are_plain and not each.bad
        self._write(waiting, frames, plain=are_plain)
        if self._wanted is not None:
            self._count(sum(map(messages_in, happened)))
        if self.tap is not None:
            for each in numbered(happened, first, self._last_us, connection):
                self.tap(each)

    @property
    def takes_plain(self) -> bool:
        """Whether plain frames may come by `plain_sent`: nothing is cut."""
        return self._record.max_payload is None

    def plain_sent(self, sent: PlainSent, connection: int) -> None:
        """Write sent messages of one frame each (`Conversation.send_plain`)."""
        self._prepare()
        self._last_us, self.last_connection = self.time_us, connection
        self.frames += len(sent.payloads)
        start = line_start(self._last_us, connection)
        data = encode_sent_lines(
            sent.payloads,
            sent.masks,
            start,
            is_text=sent.opcode == Opcode.TEXT,
            wires=sent.wires,
            keeps_wire=self._record.keeps_wire,
        )
        self.writer.write(data, frames=len(sent.payloads), plain=True)

    def after_messages(self, count: int, act: Callable[[], None]) -> None:
        """Call `act` once, as soon as so many more messages have been received and written."""
        self._wanted = (count, act)

    def note(self, text: str, on: int | None = None) -> None:
        """Write a person's remark."""
        self._prepare()
        self._last_us = self.time_us
        self.writer.write(encode_note(self._last_us, text, on))

    def close(self) -> None:
        """Write `end` and let others have the file; the log can still be read."""
        if not self.closed:
            self.closed = True
            self.writer.finish(self._end())
            if self.writer.problem:
                debug_log.info("recording: %s", self.writer.problem)

    def _kept(self, happened: Sequence[Happened]) -> Iterable[Happened]:
        """What is kept of it, by `--max-payload`."""
        limit = self._record.max_payload
        if limit is None:
            return happened
        return cut_to(happened, limit)

    def _write(self, waiting: list[bytes], frames: int, *, plain: bool) -> None:
        if waiting:
            self.frames += frames
            self.writer.write(b"".join(waiting), frames=frames, plain=plain)
            waiting.clear()

    def _write_long(self, line: FrameLine, start: str) -> None:
        self.frames += 1
        keeps_wire = self._record.keeps_wire
        self.writer.write_long(lambda: encode_frame_pieces(line, start, keeps_wire=keeps_wire))

    def _count(self, messages: int) -> None:
        if self._wanted is None:
            return
        wanted, act = self._wanted
        wanted -= messages
        self._wanted = (wanted, act) if wanted > 0 else None
        if wanted <= 0:
            act()

    def _gap(self, frames: int, size: int, why: str) -> bytes:
        facts = {"frames": frames, "bytes": size, "why": f"not recorded: {why}"}
        debug_log.info("gap: %s", facts)
        return encode_event(self._last_us, max(1, self.last_connection), "gap", facts)

    def _prepare(self) -> None:
        """What must stand before the next line: that the clock has jumped, or another file."""
        wall = self._wall.jump()
        if wall is not None:
            self._mark_clock(wall)
        if self._record.rotate is not None:
            self._rotate()

    def _mark_clock(self, wall: str) -> None:
        self._last_us = max(self._last_us, self.time_us)
        debug_log.info("clock: %s", wall)
        connection = max(1, self.last_connection)
        self.writer.write(encode_event(self._last_us, connection, "clock", {"wall": wall}))

    def _rotate(self) -> None:
        """Go on in a next file once this one is past its size, but not inside a message."""
        limit = self._record.rotate
        if limit is None or not self._first_path:  # a temporary file has no parts
            return
        if self.writer.part_size < limit or self._unfinished:
            return
        try:
            part = self.writer.go_on_in(
                self._first_path,
                self._part + 1,
                header=self._header(),
                end=self._end(),
                force=self._record.force,
            )
        except RecordingFailed as error:
            self._record = replace(self._record, rotate=None)
            self.note(f"not rotated: {error}")
            return
        if part:
            self._part = part
            self.frames = 0

    def _end(self) -> bytes:
        facts = {"frames": self.frames, "bytes": self.writer.part_size}
        debug_log.info("recorded %s", facts)
        return encode_event(max(self.time_us, self._last_us), 1, "end", facts)

    def _header(self) -> bytes:
        header = header_facts(
            self._options, self.redactor, started=self._started, keeps_wire=self._record.keeps_wire
        )
        debug_log.info("recording to %s: %s", self.writer.path, header)
        return encode_header(header)

    def _go_on(self) -> None:
        """Appending: index what is there, count its connections, and go on in its time."""
        self.log.count()
        last = next((line for line in self.log.backward() if _has_time(line)), None)
        self._last_us = getattr(last, "time_us", None) or 0
        frame = next((line for line in self.log.backward() if isinstance(line, FrameLine)), last)
        numbers = (getattr(line, "connection", 0) for line in (last, frame))
        self.last_connection = max(*self.index.handshakes, *numbers)
        header = self.log.header
        if header is not None and header.started is not None:
            self._started = header.started
        self._start = self._clock() - self._last_us * 1000
        if self.writer.needs_gap:
            facts = {"frames": 0, "bytes": 0, "why": "interrupted"}
            self.writer.write(encode_event(self._last_us, 1, "gap", facts))
        self._mark_clock(self._wall.now())  # t goes on as if no time had passed since


def _has_time(line: object) -> bool:
    return getattr(line, "time_us", None) is not None


def _first_part(record: RecordOptions) -> int:
    """The number of the file that is begun, or gone on in."""
    if record.path is None or record.rotate is None:
        return 1
    return resumed_part(record.path, append=record.append, force=record.force)
