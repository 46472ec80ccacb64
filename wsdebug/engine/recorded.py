"""What a live session has of its record."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.unrecorded import Record, Unrecorded
from wsdebug.session.frames import Happened

if TYPE_CHECKING:
    from wsdebug.engine.recorder import Recorder
    from wsdebug.log.log import FrameLog
    from wsdebug.payload.redact import Redactor

__all__ = ["Recorded"]


class Recorded:
    """Keeps a record, or with `is_kept` false none: then there is no `log`, and what belongs to a
    file is not to be asked for.
    """

    def __init__(self, options: ConnectOptions, record: RecordOptions) -> None:
        """Raises RecordingFailed where the file cannot be written."""
        self._recorder = _recorder(options, record)
        self._record: Record = self._recorder or Unrecorded(keep_secrets=record.keep_secrets)

    @property
    def log(self) -> "FrameLog":
        """The frame log, growing."""
        return self._kept.log

    @property
    def shown_log(self) -> "FrameLog":
        """The same for the eyes of a person: secrets are masked in payloads too."""
        return self._kept.shown_log

    @property
    def redactor(self) -> "Redactor":
        """What is masked: in the record, and by `shown` in payloads wherever they are shown."""
        return self._record.redactor

    @property
    def path(self) -> str | None:
        """The record's file, None for a temporary one."""
        return self._kept.writer.path

    @property
    def recorded_size(self) -> int:
        """Bytes of the record."""
        return self._kept.writer.size

    def after_messages(self, count: int, act: Callable[[], None]) -> None:
        """Call `act` once, as soon as so many messages have been received and recorded."""
        self._kept.after_messages(count, act)

    def tap(self, take: Callable[[Happened], None] | None) -> None:
        """Have `take` called with what is received, as soon as it is recorded, with its lines in
        the record if there is one; with frames that are sent too, but for many messages at once.
        None ends it.
        """
        self._record.tap = take

    def when_stirred(self, act: Callable[[], object]) -> None:
        """Have `act` called, from another thread, when something is recorded after a rest."""
        self._kept.writer.caretaker.stirred = act

    def note(self, text: str, on: int | None = None) -> None:
        """Record a remark."""
        self._kept.note(text, on)

    def rename(self, path: str) -> None:
        """Give the record another name. Raises RecordingFailed."""
        self._kept.writer.rename(path)

    async def finish(self) -> None:
        """Complete the record; the log can still be read until it is closed."""
        if self._recorder is not None:
            self._recorder.close()

    @property
    def _kept(self) -> "Recorder":
        assert self._recorder is not None, "this session keeps no record"
        return self._recorder


def _recorder(options: ConnectOptions, record: RecordOptions) -> "Recorder | None":
    if not record.is_kept:
        return None
    from wsdebug.engine.recorder import Recorder

    return Recorder(options, record)
