"""From a line of a log to the document of one tab: all the work, and no screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wsdebug.log.log import FrameLog
from wsdebug.log.whole import WholeMessage
from wsdebug.session.lines import Event, FrameLine
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_facts import fact_document, no_frame_document
from wsdebug.tui.inspect_found import found_lines
from wsdebug.tui.inspect_frame import frame_document
from wsdebug.tui.inspect_handshake import handshake_document
from wsdebug.tui.inspect_lines import Document, TextLine
from wsdebug.tui.inspect_message import frame_rows
from wsdebug.tui.inspect_payload import Payload, payload_document, views_of
from wsdebug.tui.inspect_rules import box_lines, first_invalid
from wsdebug.tui.inspect_subject import Subject, load_subject
from wsdebug.wire.frame import Opcode

if TYPE_CHECKING:
    from wsdebug.replay.marks import Found

__all__ = ["FRAME", "HANDSHAKE", "MESSAGE", "PAYLOAD", "Made", "Request", "is_big", "make"]

BIG = 64 * 1024  # bytes of a payload
BRIEF = 16  # rows of the view
PAYLOAD, FRAME, MESSAGE, HANDSHAKE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be laid out.

    `tab` counts from 1; `choices` says which view to take instead of a payload's first;
    `height` is how many rows the view has, None for no limit. With `fitting_tab` a line that is
    no frame is shown in the tab that has something to say of it. `found` is what a replay says of
    the line.
    """

    number: int
    tab: int
    width: int
    glyphs: Glyphs
    choices: Mapping[str, str] = field(default_factory=dict)
    height: int | None = None
    roomy: bool = True
    fitting_tab: bool = False
    found: "Found | None" = None

    @property
    def is_brief(self) -> bool:
        """Whether there are so few rows that a violation gets two."""
        return self.height is not None and self.height < BRIEF


@dataclass(frozen=True, slots=True)
class Made:
    """A laid-out tab, and what the heading and the keys need to know."""

    request: Request
    subject: Subject
    document: Document
    handshake: Sequence[Event] = ()
    view: str = ""
    views: tuple[str, ...] = ()
    text: str | None = None  # the payload, where it is shown as JSON


def is_big(log: FrameLog, request: Request) -> bool:
    """Whether laying it out can take so long that a thread should do it."""
    row = log.row_of(request.number)
    previews = log.rows(row, row + 1) if row is not None else []
    if not previews or previews[0].line != request.number:
        return False
    preview = previews[0]
    reads_message = request.tab == MESSAGE or bool(preview.bad)
    return max(preview.size, preview.cut or 0) > BIG or (preview.fragment > 0 and reads_message)


def make(
    log: FrameLog,
    request: Request,
    known: Subject | None = None,
    put_together: Callable[[WholeMessage], object] = WholeMessage.finish,
) -> Made:
    """Lay out one tab; `known` saves reading the line again.

    Takes as long as the payload is big: for more than a few KiB call it in a thread, and
    `put_together` a message step by step.
    """
    subject = known if known and known.number == request.number else None
    subject = subject or load_subject(log, request.number)
    if request.fitting_tab and subject.frame is None and subject.line is not None:
        tab = HANDSHAKE if subject.is_handshake else PAYLOAD
        request = replace(request, tab=HANDSHAKE if request.tab == HANDSHAKE else tab)
    if request.tab == HANDSHAKE:
        return _handshake(log, request, subject)
    if request.tab == MESSAGE:
        whole = log.whole(request.number)
        if whole is None or subject.frame is None:
            return Made(request, subject, no_frame_document("message"))
        put_together(whole)
        return _message(request, subject, subject.frame, whole)
    return _frame(request, subject) if request.tab == FRAME else _payload(request, subject)


def _frame(request: Request, subject: Subject) -> Made:
    frame = subject.frame
    if frame is None:
        return Made(request, subject, no_frame_document("bits"))
    document = frame_document(
        frame, request.width, request.glyphs, roomy=request.roomy, is_late=subject.is_late
    )
    return Made(request, subject, document)


def _handshake(log: FrameLog, request: Request, subject: Subject) -> Made:
    events = log.handshake(subject.connection)
    document = handshake_document(
        events,
        request.width,
        request.glyphs,
        started=subject.started,
        insecure=subject.insecure,
        roomy=request.roomy,
    )
    return Made(request, subject, document, events)


def _payload(request: Request, subject: Subject) -> Made:
    frame = subject.frame
    if frame is None:
        document = fact_document(subject.line, request.width, request.glyphs)
        return Made(request, subject, document)
    payload = Payload(
        data=frame.frame.payload if frame.payload is None else frame.payload,
        is_text=subject.is_text,
        is_close=frame.frame.opcode == Opcode.CLOSE,
        wire_length=frame.wire_size,
        is_complete=not subject.is_fragment,
        is_part=subject.is_fragment,
        is_inflated=frame.payload is not None,
        is_shortened=frame.is_shortened,
        invalid=subject.invalid,
    )
    return _shown(request, subject, payload, _box(request, subject, frame))


def _message(request: Request, subject: Subject, frame: FrameLine, whole: WholeMessage) -> Made:
    last, data = whole.frames[-1], whole.data
    invalid = first_invalid(data) if whole.is_broken and data is not None else None
    payload = Payload(
        data=data if data is not None else last.frame.payload,
        is_text=whole.is_text,
        is_close=last.frame.opcode == Opcode.CLOSE,
        wire_length=whole.wire_length,
        frames=whole.count,
        is_complete=whole.is_complete,
        is_inflated=data is not None,
        is_shortened=any(each.is_shortened for each in whole.frames),
        invalid=invalid,
    )
    rows = frame_rows(whole, subject.number, request.width, request.glyphs)
    if rows and request.roomy:
        rows = [*rows[:-1], TextLine(), rows[-1], TextLine()]
    bad = next((each for each in whole.frames if each.bad), frame)
    where = replace(subject, invalid=invalid)
    if invalid is not None:
        where = replace(where, invalid_at=invalid.start)
    return _shown(request, subject, payload, _box(request, where, bad), rows)


def _box(request: Request, subject: Subject, frame: FrameLine) -> list[TextLine]:
    invalid = subject.invalid
    if invalid is not None and subject.invalid_at is not None:
        invalid = replace(invalid, start=subject.invalid_at)
    rows = box_lines(
        frame,
        request.width,
        request.glyphs,
        lenient=subject.lenient,
        invalid=invalid,
        of_message=subject.is_fragment,
        brief=request.is_brief,
    )
    if request.found is not None and request.found.title:
        room = 2 if request.is_brief else max(4, (request.height or 80) // 2)
        rows += found_lines(request.found, request.width, request.glyphs, room)
    return rows


def _shown(
    request: Request,
    subject: Subject,
    payload: Payload,
    box: Sequence[TextLine],
    rows: Sequence[TextLine] = (),
) -> Made:
    views = views_of(payload)
    view = request.choices.get(views[0], views[0])
    document = payload_document(
        payload,
        view,
        request.width,
        request.glyphs,
        box=box,
        prefix=rows,
        roomy=request.roomy,
        fitting=request.height,
    )
    text = payload.data.decode("utf-8", "replace") if view == "JSON" else None
    return Made(request, subject, document, view=view, views=views, text=text)
