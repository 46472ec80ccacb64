"""What the inspector looks at: one line of a log, with what it needs from its neighbours."""

from dataclasses import dataclass, replace

from wsdebug.log.log import FrameLog
from wsdebug.session.lines import Event, FrameLine, Line
from wsdebug.tui.inspect_rules import InvalidUtf8, first_invalid
from wsdebug.wire.frame import Opcode

__all__ = ["Subject", "load_subject"]

OF_HANDSHAKES = {"connecting", "dns", "tcp", "proxy", "tls", "request", "response", "open", "error"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One line and what is known around it.

    `is_text`: the payload belongs to a text message; `is_late`: it arrived after a broken rule had
    ended the connection, and nobody has judged it. `invalid` is where this frame's payload
    stops being UTF-8, `invalid_at` the same counted in its message.
    """

    number: int
    line: Line | None
    is_text: bool = False
    is_late: bool = False
    invalid: InvalidUtf8 | None = None
    invalid_at: int | None = None
    connection: int = 1
    lenient: bool | None = None
    insecure: bool = False
    started: str | None = None

    @property
    def frame(self) -> FrameLine | None:
        """The line, if it is a frame."""
        return self.line if isinstance(self.line, FrameLine) else None

    @property
    def is_fragment(self) -> bool:
        """Whether this frame is one of several of a message."""
        frame = self.frame
        return frame is not None and (
            frame.frame.opcode == Opcode.CONT or not (frame.frame.fin or frame.frame.is_control)
        )

    @property
    def is_handshake(self) -> bool:
        """Whether the line is a step or the outcome of a handshake."""
        return isinstance(self.line, Event) and self.line.name in OF_HANDSHAKES


def load_subject(log: FrameLog, number: int) -> Subject:
    """Read one line and its surroundings; reads the whole message only where UTF-8 broke."""
    line = log.line(number)
    header = log.header
    options = header.connect if header is not None else {}
    is_known = header is not None and header.version is not None
    subject = Subject(
        number,
        line,
        connection=getattr(line, "connection", 1),
        lenient=bool(options.get("lenient")) if is_known else None,
        insecure=bool(options.get("insecure")),
        started=header.started if header is not None else None,
    )
    return _with_payload(log, subject, line) if isinstance(line, FrameLine) else subject


def _with_payload(log: FrameLog, subject: Subject, line: FrameLine) -> Subject:
    is_text = line.frame.opcode == Opcode.TEXT
    if line.frame.opcode == Opcode.CONT or not line.sent:
        row = log.row_of(line.number)
        previews = log.rows(row, row + 1) if row is not None else []
        if line.frame.opcode == Opcode.CONT:
            is_text = bool(previews) and previews[0].is_text
        subject = replace(subject, is_late=bool(previews) and previews[0].late)
    if "invalid-utf8" not in line.bad or line.payload is None:
        return replace(subject, is_text=is_text)
    before = 0
    data = line.payload
    if subject.is_fragment and (whole := log.whole(line.number, up_to=line.number)) is not None:
        joined = whole.finish().data or b""
        before, data = len(joined), joined + data
    found = first_invalid(data, final=line.frame.fin)
    if found is None:
        return replace(subject, is_text=is_text)
    local = replace(found, start=max(0, found.start - before), end=max(0, found.end - before))
    return replace(subject, is_text=is_text, invalid=local, invalid_at=found.start)
