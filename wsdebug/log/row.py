"""A row of the log: what a list needs to know of a line, without its whole payload."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from wsdebug.session.lines import Event

__all__ = ["Row", "RowKind"]

RowKind = Literal["frame", "event", "note", "damaged", "other", "fold"]


@dataclass(frozen=True, slots=True)
class Row:
    """One visible line of a session, previewed.

    Payloads are previews of at most `PREVIEW` bytes; `size` is always that of the whole.
    """

    line: int  # public id, from 1
    kind: RowKind
    time_us: int | None = None  # microseconds since the session started
    previous_us: int | None = None  # time of the line before it; of an `open`, before its steps
    connection: int = 1
    sent: bool = False
    opcode: int = 0
    fin: bool = True
    rsv1: bool = False
    rsv2: bool = False
    rsv3: bool = False
    masked: bool = False
    size: int = 0  # bytes of the payload, inflated
    is_exact: bool = True  # false: `size` is reckoned from the beginning of a long line
    wire_size: int | None = None  # bytes of the payload on the wire, where it differs
    preview: bytes | None = b""  # first bytes of the payload, inflated; None: not inflatable
    is_text: bool = False  # belongs to a text message (so a continuation is shown as text)
    bad: tuple[str, ...] = ()
    cut: int | None = None  # declared length in bytes where less was kept or came
    fragment: int = 0  # 1, 2, 3 … within a fragmented message; 0 for an unfragmented frame
    inside_fragments: bool = False  # stands between the fragments of a message
    automatic: bool = False  # our own answer to the peer's ping or close
    late: bool = False  # arrived after a broken rule had ended the connection: not judged
    recorded: bool = True  # false while it could not be written (disk full)
    event: str = ""  # event name; "note" text and "damaged" reason are in `text`
    text: str = ""  # of a frame: what stands for a payload that its line does not have
    fields: Mapping[str, Any] = field(default_factory=dict)  # of an event
    steps: tuple[Event, ...] = ()  # of a handshake's event: what led to it, oldest first
    folded: int = 0  # lines that the row stands for; this is the first of them
    last: int = 0  # the last of them
    until_us: int | None = None  # and its time
    quiet_since_us: int | None = None  # where it ends a silence, however short: since when
    hidden: int = 0  # bytes that masks made the preview shorter by; negative: longer

    @property
    def size_shown(self) -> int:
        """Bytes that the preview would have if it were of the whole payload."""
        return self.size - self.hidden
