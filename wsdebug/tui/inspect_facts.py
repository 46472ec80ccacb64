"""Lines that are no frames, as names and values."""

from collections.abc import Iterable
from typing import Any

from wsdebug.payload.escape import escape, escape_bytes
from wsdebug.session.lines import Damaged, Event, FrameLine, Header, Line, Note, Wait
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import (
    EDGE,
    StaticDocument,
    TextLine,
    columns,
    line,
    ruled,
    wrap,
)

__all__ = ["fact_document", "no_frame_document"]

VALUE = 15  # first cell of the values
ROWS = 12  # a value's rows; the rest is cut


def no_frame_document(what: str) -> StaticDocument:
    """What a tab about frames says of another line."""
    return StaticDocument([line((f"this row is not a frame: it has no {what}", "muted"))])


def fact_document(subject: Line | None, width: int, glyphs: Glyphs) -> StaticDocument:
    """Everything an event, note, header, wait or damaged line says."""
    if subject is None:
        return StaticDocument([line(("select a row to see what is in it", "muted"))])
    if isinstance(subject, Note):
        rows = [line((row, "fg")) for row in _wrapped(subject.text, width - EDGE - 1, glyphs, 200)]
        if subject.on is not None:
            rows += [TextLine(), line((f"on line {subject.on}", "muted"))]
        return StaticDocument(rows)
    if isinstance(subject, Damaged):
        words = [line((row, "fg")) for row in wrap(escape(subject.why), width - EDGE - 1)]
        data = escape_bytes(subject.data[:4096])
        shown = [line((row, "muted")) for row in _wrapped(data, width - EDGE - 1, glyphs, 200)]
        return StaticDocument([*words, TextLine(), ruled(width, glyphs), TextLine(), *shown])
    return StaticDocument(list(_facts(_pairs(subject), width, glyphs)))


def _pairs(subject: Header | FrameLine | Event | Wait) -> Iterable[tuple[str, Any]]:
    match subject:
        case Event(name="reconnect", fields={"delay": int() | float() as delay}):
            return {**subject.fields, "delay": f"{delay:g} s"}.items()
        case Event():
            return subject.fields.items()
        case Header():
            return subject.raw.items() or [("url", subject.url)]
        case Wait():
            return [("wait", f"{subject.seconds:g} s")]
    return []


def _facts(pairs: Iterable[tuple[str, Any]], width: int, glyphs: Glyphs) -> Iterable[TextLine]:
    any_fact = False
    for name, value in pairs:
        any_fact = True
        rows = _wrapped(_words(value), width - EDGE - VALUE, glyphs, ROWS)
        for number, row in enumerate(rows):
            label = escape(name) if number == 0 else ""
            yield TextLine(columns((1, label[: VALUE - 2], "muted"), (VALUE, row, "fg")))
    if not any_fact:
        yield line(("nothing more is known of it", "muted"))


def _words(value: Any) -> str:
    """A value as a person would say it."""
    match value:
        case None | "":
            return "none"
        case bool():
            return "yes" if value else "no"
        case [[str(), _], *_]:
            return "\n".join(": ".join(map(str, pair)) for pair in value)
        case list():
            return ", ".join(_words(each) for each in value) or "none"
        case dict():
            return "\n".join(f"{name}: {_words(each)}" for name, each in value.items()) or "none"
    return str(value)


def _wrapped(text: str, room: int, glyphs: Glyphs, most: int) -> list[str]:
    rows: list[str] = []
    for source in text.split("\n"):
        rows += wrap(escape(source), room, lines=most, mark=glyphs.cut)
    return rows if len(rows) <= most else [*rows[: most - 1], glyphs.cut]
