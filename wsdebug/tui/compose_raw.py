"""The composer's raw form: every bit of a frame, its bytes, and the rules it breaks."""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from wsdebug.payload.numbers import with_commas
from wsdebug.tui.bars import Part
from wsdebug.tui.compose_raw_model import (
    LENGTH_FORMS,
    PAYLOAD_FORMS,
    LengthForm,
    PayloadForm,
    RawDraft,
    RawReading,
    read_raw,
)
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.late import Late
from wsdebug.tui.one_of import Pick
from wsdebug.tui.settings_form import Check
from wsdebug.wire.frame import OPCODE_NAMES

__all__ = ["Bit", "RawForm"]

# field of the draft, label, the value that nobody wonders at
BITS = (
    ("fin", "FIN", True),
    ("rsv1", "RSV1", False),
    ("rsv2", "RSV2", False),
    ("rsv3", "RSV3", False),
    ("is_masked", "MASK", True),
)
OPCODES = tuple(
    (f"{number:x}", f"{number:#x}  {OPCODE_NAMES.get(number, 'reserved')}") for number in range(16)
)
FORM_LABELS: dict[LengthForm, str] = {
    "shortest": "shortest",
    "7": "7-bit form",
    "16": "16-bit form",
    "64": "64-bit form",
}


class Bit(Check):
    """`FIN [x]`: a tick behind its label, amber where it is not as usual."""

    DEFAULT_CSS = """
    Bit { margin: 0 3 0 0; }
    """

    def __init__(self, field: str, label: str, usual: bool) -> None:
        super().__init__(label, usual, id=f"raw-{field}")
        self.field = field
        self._usual = usual

    def render(self) -> Content:
        """Label, then tick."""
        style = "$foreground" if self.value == self._usual else "bold $warning"
        tick = "[x]" if self.value else "[ ]"
        return Content.assemble((f"{self.label} ", "$foreground"), (tick, style))


class RawForm(Late):
    """Edits a RawDraft; posts `Changed`. The composer sets `draft` and `is_compressing`."""

    DEFAULT_CSS = """
    RawForm { height: auto; }
    RawForm > .row { height: 1; margin: 0 0 1 0; }
    RawForm.-dense > .row { margin: 0; }
    RawForm > .row > .label { width: 13; padding: 0 0 0 3; color: $foreground-muted; }
    RawForm > .row > .aside { width: auto; padding: 0 1 0 3; color: $foreground-muted; }
    RawForm > .row > .note { width: 1fr; padding: 0 0 0 2; color: $foreground-muted; }
    RawForm > .row > .note.-risky { color: $warning; }
    RawForm > .row > .gap { width: 2; }
    RawForm #raw-is_fresh { margin: 0; }
    RawForm #raw-key { width: 14; }
    RawForm #raw-key:disabled { color: $foreground-muted; }
    RawForm #raw-length { width: 10; }
    RawForm #raw-length_form, RawForm #raw-form { margin: 0 0 0 1; background: $surface; }
    RawForm #raw-length_form:focus, RawForm #raw-form:focus { background: $primary 30%; }
    RawForm #raw-payload { width: 1fr; max-width: 40; }
    RawForm #raw-bytes { height: 3; }
    """

    draft: reactive[RawDraft] = reactive(RawDraft)
    is_compressing: reactive[bool] = reactive(False)

    class Changed(Message):
        """Another frame is set."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._next_key = os.urandom(4)
        self.reading = RawReading()

    def parts(self) -> ComposeResult:
        """Bits, opcode and key, length, payload, and what comes of them."""
        draft = self.draft
        yield _row("bits", *self._bits())
        key = Field(draft.key, placeholder="a1 b2 c3 d4", id="raw-key")
        fresh = Check("fresh each time", draft.is_fresh, id="raw-is_fresh")
        opcode = Pick(OPCODES, f"{draft.opcode:x}", id="raw-opcode")
        yield _row("opcode", opcode, Static("mask key", classes="aside"), key, _gap(), fresh)
        forms = tuple((form, FORM_LABELS[form]) for form in LENGTH_FORMS)
        yield _row(
            "length",
            Field(draft.length, id="raw-length"),
            Pick(forms, draft.length_form, id="raw-length_form"),
            Static("", classes="note", id="raw-lie"),
        )
        yield _row(
            "payload",
            Field(draft.payload, placeholder="nothing", id="raw-payload"),
            Pick(tuple((form, form) for form in PAYLOAD_FORMS), draft.form, id="raw-form"),
            Static("", classes="note", id="raw-shown"),
        )
        yield Static("", id="raw-bytes")

    def take_key(self) -> bytes:
        """The fresh masking key that was shown; the next frame gets another."""
        key, self._next_key = self._next_key, os.urandom(4)
        self._judge()
        return key

    def load(self, draft: RawDraft) -> None:
        """Show another draft."""
        self.draft = draft
        self._judge()
        if self.is_made:
            self.fill()

    def fill(self) -> None:
        """Show the draft in its fields."""
        draft = self.draft
        for name, _, _ in BITS:
            self.query_one(f"#raw-{name}", Check).value = getattr(draft, name)
        self.query_one("#raw-is_fresh", Check).value = draft.is_fresh
        for name in ("key", "length", "payload"):
            self.query_one(f"#raw-{name}", Field).value = getattr(draft, name)
        self.query_one("#raw-opcode", Pick).value = f"{draft.opcode:x}"
        self.query_one("#raw-length_form", Pick).value = draft.length_form
        self.query_one("#raw-form", Pick).value = draft.form
        self._show_reading()

    def on_mount(self) -> None:
        """Say what the draft amounts to."""
        self._judge()

    def on_resize(self) -> None:
        """Other room for the bytes."""
        self._judge()

    def watch_is_compressing(self) -> None:
        """RSV1 means something else."""
        self._judge()

    def on_check_changed(self, event: Check.Changed) -> None:
        """A bit, or whether the key is fresh."""
        event.stop()
        self._change(**{str(event.check.id).removeprefix("raw-"): event.check.value})

    def on_one_of_changed(self, event: Pick.Changed) -> None:
        """The opcode or a form."""
        event.stop()
        value = event.field.value
        match event.field.id:
            case "raw-opcode":
                self._change(opcode=int(value, 16))
            case "raw-length_form":
                self._change(length_form=cast("LengthForm", value))
            case _:
                self._change(form=cast("PayloadForm", value))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Key, length or payload; a key that is typed is the one that is used."""
        event.stop()
        name = str(event.input.id).removeprefix("raw-")
        if event.value == getattr(self.draft, name):
            return
        self._change(**{name: event.value})
        if name == "key" and event.value and self.draft.is_fresh:
            self.query_one("#raw-is_fresh", Check).value = False
            self._change(is_fresh=False)

    def _change(self, **changes: Any) -> None:
        self.draft = replace(self.draft, **changes)
        self._judge()
        self.post_message(self.Changed())

    def _judge(self) -> None:
        key, is_compressing = self._next_key, self.is_compressing
        self.reading = read_raw(self.draft, key=key, is_compressing=is_compressing)
        if self.is_made:
            self._show_reading()

    def _show_reading(self) -> None:
        reading = self.reading
        for name in ("key", "length", "payload"):
            self.query_one(f"#raw-{name}", Field).set_class(reading.field == name, "-wrong")
        self.query_one("#raw-length", Field).placeholder = with_commas(reading.length)
        lie = self.query_one("#raw-lie", Static)
        lie.update(Content(reading.lie))
        lie.set_class(bool(reading.lie), "-risky")
        self.query_one("#raw-shown", Static).update(Content(reading.shown))
        self.query_one("#raw-bytes", Static).update(Content("\n").join(self._results(reading)))

    def _results(self, reading: RawReading) -> Iterator[Content]:
        width = max(20, self.size.width - 2)
        sent = glyphs_of(self.app).sent
        if not reading.is_sendable:
            yield Content.assemble((f" {sent} bytes", "$foreground-muted"))
            return
        parts: list[Part] = [(f" {sent} ", "$warning"), ("bytes     ", "$foreground-muted")]
        parts.append((reading.head.hex(" ").upper(), "bold $foreground"))
        parts.append((f"  {reading.key.hex(' ').upper()}", "$foreground-muted"))
        parts.append((f"  {reading.payload.hex(' ').upper()}", "$foreground"))
        whole = Content.assemble(*parts)
        is_cut = reading.length > len(reading.payload)
        if is_cut and whole.cell_length <= width:
            whole = whole.append(f" {glyphs_of(self.app).cut}")
        yield whole.truncate(width, ellipsis=True)
        label = ("   rules     ", "$foreground-muted")
        if reading.rules:
            words, section = reading.rules[0]
            more = len(reading.rules) - 1
            also = f"   and {more} more" if more else ""
            rule = Content.assemble(
                label, (words, "$foreground"), (f"   {section}{also}", "$foreground-muted")
            )
        else:
            rule = Content.assemble(label, ("none broken", "$foreground"))
        yield rule.truncate(width, ellipsis=True)
        yield Content.assemble((" " * 13 + reading.outcome, "$foreground-muted")).truncate(
            width, ellipsis=True
        )

    def _bits(self) -> Iterator[Widget]:
        for name, label, usual in BITS:
            bit = Bit(name, label, usual)
            bit.set_reactive(Check.value, getattr(self.draft, name))
            yield bit


def _row(label: str, *children: Widget) -> Horizontal:
    return Horizontal(Static(label, classes="label"), *children, classes="row")


def _gap() -> Static:
    return Static("", classes="gap")
