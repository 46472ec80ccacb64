"""Everything that happens to a session becomes a line, written before it is shown."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from wsdebug.engine.options import ConnectOptions, DeflateOffer, RecordOptions
from wsdebug.log.index import LineIndex
from wsdebug.log.log import FrameLog
from wsdebug.payload.redact import Redactor
from wsdebug.session.encode import encode_event, encode_frame_line, encode_header, encode_note
from wsdebug.session.lines import FrameLine, Header
from wsdebug.session.writer import SessionWriter

__all__ = ["Recorder", "connect_settings", "options_from_header"]

APP = "wsdebug 0.1.0"
SECRETS = frozenset(("user", "bearer", "cookie", "passphrase"))
OWN_KEYS = frozenset(("url", "header", "subprotocol"))
ASKED = frozenset(("insecure", "cacert", "cert", "key"))
MASK = "***"


def connect_settings(options: ConnectOptions) -> dict[str, Any]:
    """The options that differ from the defaults, by long command-line name, without secrets."""
    defaults = asdict(ConnectOptions(url=""))
    return {
        name.replace("_", "-"): value
        for name, value in asdict(options).items()
        if value != defaults[name] and name not in SECRETS | OWN_KEYS
    }


def options_from_header(header: Header) -> ConnectOptions:
    """How a session was connected, less its secrets, and less what a stranger's file may not ask
    for: an unchecked certificate and files of this machine.
    """
    known = {field.name for field in fields(ConnectOptions)} - SECRETS - OWN_KEYS - ASKED
    settings = {name.replace("-", "_"): value for name, value in header.connect.items()}
    taken = {name: value for name, value in settings.items() if name in known}
    if isinstance(offer := taken.pop("compression", None), dict):
        names = {field.name for field in fields(DeflateOffer)}
        taken["compression"] = DeflateOffer(**{k: v for k, v in offer.items() if k in names})
    elif "compression" in settings:
        taken["compression"] = None
    return ConnectOptions(
        url=header.url.replace(f"{MASK}@", ""),
        header=tuple((name, value) for name, value in header.headers if MASK not in value),
        subprotocol=header.subprotocols,
        **taken,
    )


class Recorder:
    """Writes one session; `log` reads it while it grows.

    `clock` gives monotonic nanoseconds; times in the record count from the recorder's start.
    """

    def __init__(
        self,
        options: ConnectOptions,
        record: RecordOptions,
        *,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Raises RecordingFailed where the file cannot be written."""
        self._clock = clock
        self._start = clock()
        self._keeps_wire = record.keeps_wire
        self.redactor = Redactor(keep=record.keep_secrets)
        self.writer = SessionWriter(record.path, append=record.append, force=record.force)
        self.index = LineIndex()
        self.log = FrameLog(self.writer, self.index, path=record.path)
        self.frames = 0
        self.last_connection = 0
        if self.writer.size:
            self._go_on()
        else:
            self._write(self._header(options))
        self.closed = False

    @property
    def time_us(self) -> int:
        """Microseconds since the start."""
        return (self._clock() - self._start) // 1000

    def event(self, name: str, connection: int, /, **facts: Any) -> None:
        """Write an event of now."""
        self._write(encode_event(self.time_us, connection, name, facts))

    def frames_happened(
        self, lines: Sequence[FrameLine], connection: int, time_us: int | None = None
    ) -> None:
        """Write what one read or one send made, in one go, all at the same time."""
        if not lines:
            return
        now = self.time_us if time_us is None else time_us
        self.frames += len(lines)
        self._write(
            b"".join(
                encode_frame_line(
                    replace(line, time_us=now, connection=connection), keeps_wire=self._keeps_wire
                )
                for line in lines
            )
        )

    def note(self, text: str, on: int | None = None) -> None:
        """Write a person's remark."""
        self._write(encode_note(self.time_us, text, on))

    def close(self) -> None:
        """Write `end` and let go of the file."""
        if not self.closed:
            self.closed = True
            self.event("end", 1, frames=self.frames, bytes=self.writer.size)
            self.writer.close()

    def _write(self, data: bytes) -> None:
        self.writer.write(data)
        self.index.add(data)

    def _header(self, options: ConnectOptions) -> bytes:
        url = self.redactor.url(options.url)
        headers = [(name, value or "") for name, value in options.header]
        header: dict[str, Any] = {
            "wsdebug": 1,
            "url": url,
            "started": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "app": APP,
            "id": str(uuid4()),
            "headers": self.redactor.headers(headers),
            "subprotocols": list(options.subprotocol),
            "connect": connect_settings(options),
        }
        secrets = [name for name in sorted(SECRETS) if getattr(options, name)]
        redacted = [*self.redactor.names, *secrets]
        if redacted:
            header["redacted"] = redacted
        if not self._keeps_wire:
            header["keeps_wire"] = False
        return encode_header(header)

    def _go_on(self) -> None:
        """Appending: index what is there, count its connections, and go on in its time."""
        offset, last_us = 0, 0
        while data := self.writer.pread(1 << 20, offset):
            end = data.rfind(b"\n") + 1 or len(data)
            self.index.add(data[:end])
            offset += end
        for line in self.log:
            last_us = max(last_us, getattr(line, "time_us", None) or 0)
            self.last_connection = max(self.last_connection, getattr(line, "connection", 0))
        self._start = self._clock() - last_us * 1000
        if self.writer.needs_gap:
            self._write(
                encode_event(last_us, 1, "gap", {"frames": 0, "bytes": 0, "why": "interrupted"})
            )
