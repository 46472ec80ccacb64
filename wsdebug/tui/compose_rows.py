"""The composer's first and last row: the kinds, and what the text amounts to."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, Key, MouseDown
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from wsdebug.tui.bars import Part, hints, key_at, spread
from wsdebug.tui.compose_model import FORMS, KINDS, Draft, Form, Kind, Reading, read_draft
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.hint_row import press
from wsdebug.tui.key_words import key_words
from wsdebug.tui.keymap import shown

__all__ = ["KindRow", "LastRow"]

KeyHint = tuple[str, str] | tuple[str, str, str]  # key, verb, and its action in a place of its own

ACTIONS = {"F3": "next_kind", "F7": "messages"}  # of hints
BETWEEN = 4  # cells beside the keys that stay free
GAP = 3  # cells between kinds
SPLIT = ("text", "binary")  # kinds that can be sent in several frames
DIGITS = "0123456789"
MOST = 999_999_999  # bytes a frame
WIDE = 84  # cells from which the whole warning stands beside the kinds
RISK = "unsafe: sent exactly as set"
RISK_SHORT = "unsafe"


class KindRow(Widget):
    """`Text  Binary  Ping  Pong  Close` and the key that sends."""

    DEFAULT_CSS = """
    KindRow { height: 1; }
    """

    kind: reactive[Kind] = reactive[Kind]("text")
    is_focused: reactive[bool] = reactive(False)
    shows_back: reactive[bool] = reactive(False)

    class Picked(Message):
        """A kind was clicked."""

        def __init__(self, kind: Kind) -> None:
            super().__init__()
            self.kind = kind

    class Pressed(Message):
        """The hint that sends was clicked."""

    def render(self) -> Content:
        """Kinds left, keys right."""
        bar = glyphs_of(self.app).cursor if self.is_focused else " "
        active = "$warning" if self.kind == "raw" else "$primary"
        left: list[Part] = [(bar, active)]
        for kind in KINDS:
            if kind != KINDS[0]:
                left.append((" " * GAP, ""))
            colour = active if self.is_focused else "$foreground"
            style = f"bold underline {colour}" if kind == self.kind else "$foreground-muted"
            left.append((kind.capitalize(), style))
        right = hints(*self._keys())
        if self.kind == "raw":
            right = [
                (f"{glyphs_of(self.app).violation} {self._warning()}   ", "bold $warning"),
                *right,
            ]
        return spread(left, right, self.size.width)

    def _warning(self) -> str:
        return RISK if self.size.width >= WIDE else RISK_SHORT

    def _keys(self) -> list[tuple[str, str]]:
        verb = "close the connection" if self.kind == "close" else "send"
        return [("^J", verb), *([("esc", "back")] if self.shows_back else [])]

    def on_click(self, event: Click) -> None:
        """The kinds and the hint are buttons."""
        start = 1
        for kind in KINDS:
            if start <= event.x < start + len(kind):
                self.post_message(self.Picked(kind))
                return
            start += len(kind) + GAP
        key, verb = self._keys()[0]
        right = sum(len(text) for text, _ in hints(*self._keys())) + 2
        begins = self.size.width - right
        if begins <= event.x < begins + len(key) + 1 + len(verb):
            self.post_message(self.Pressed())


class LastRow(Widget):
    """`✓ JSON   56 bytes   one frame`; the form (hex, base64, a file) can be changed here, and how
    many bytes of a message go into one frame, by typing the number.
    """

    DEFAULT_CSS = """
    LastRow { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter,down,right", "change(1)", "Next form", show=False),
        Binding("up,left", "change(-1)", "Previous form", show=False),
        Binding("backspace", "undigit", "Fewer bytes a frame", show=False),
    ]

    kind: reactive[Kind] = reactive[Kind]("text")
    form: reactive[Form] = reactive[Form]("text")
    fragment: reactive[int] = reactive(0)  # bytes a frame; 0: one frame for all of them
    reading: reactive[Reading] = reactive(read_draft(Draft()))
    has_history: reactive[bool] = reactive(False)
    in_reason: reactive[bool] = reactive(False)
    offered: reactive[tuple[str, ...]] = reactive[tuple[str, ...]](())  # words that may stand next
    offered_at: reactive[int] = reactive(0)  # the one that is suggested
    said: reactive[str] = reactive("")  # why the last attempt to send was refused

    class FormChanged(Message):
        """Another form for the bytes was chosen."""

        def __init__(self, form: Form) -> None:
            super().__init__()
            self.form = form

    class FragmentChanged(Message):
        """Another number of bytes a frame was typed."""

        def __init__(self, fragment: int) -> None:
            super().__init__()
            self.fragment = fragment

    _painted_right: Sequence[Part] = ()

    class LayOut(Message):
        """The text is to be laid out."""

    def watch_kind(self, kind: Kind) -> None:
        """The row takes the focus only where it has something to change."""
        self.can_focus = len(FORMS[kind]) > 1 or kind in SPLIT

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Digits are typed here where a message can be split: they are the keys of nothing else."""
        return self.kind in SPLIT and character is not None and character in DIGITS

    def on_key(self, event: Key) -> None:
        """Digits say how many bytes go into one frame."""
        if event.character is not None and self.check_consume_key(event.key, event.character):
            event.stop()
            typed = int(f"{self.fragment}{event.character}")
            self.post_message(self.FragmentChanged(min(typed, MOST)))

    def action_undigit(self) -> None:
        """Take back the last digit; without any, all goes into one frame."""
        if self.kind in SPLIT:
            self.post_message(self.FragmentChanged(self.fragment // 10))

    def action_change(self, step: int) -> None:
        """The next or previous form."""
        if len(FORMS[self.kind]) == 1:
            return
        forms = FORMS[self.kind]
        index = forms.index(self.form) if self.form in forms else 0
        self.post_message(self.FormChanged(forms[(index + step) % len(forms)]))

    async def on_mouse_down(self, event: MouseDown) -> None:
        """Hints are buttons: those that were there before the row got the focus by this."""
        right = self._painted_right
        is_done = await press(self, event, right, ACTIONS)
        if not is_done and key_at(event.x, self.size.width, right) == shown("^F", "lay_out"):
            self.post_message(self.LayOut())

    def on_click(self, event: Click) -> None:
        """The form is a button."""
        if len(FORMS[self.kind]) > 1 and 3 <= event.x < 3 + len(self._chip()):
            self.action_change(1)

    def render(self) -> Content:
        """What it is left, keys right."""
        self._painted_right = self._right()
        return spread(self._left(), self._painted_right, self.size.width)

    def _right(self) -> list[Part]:
        keys = self._keys()
        room = self.size.width - BETWEEN - Content.assemble(*self._left()).cell_length
        if self.offered:
            room = self.size.width  # the list is cut, not its keys
        while len(keys) > 1 and Content.assemble(*hints(*keys)).cell_length > room:
            del keys[0]  # what the text amounts to is not cut for keys that stand in the help too
        return hints(*keys)

    def _offered(self) -> list[Part]:
        """`   type  channel  symbol`, from the suggested one on, so that it is in sight."""
        at = self.offered_at
        parts: list[Part] = [("   ", ""), (self.offered[at], "$foreground")]
        others = (*self.offered[at + 1 :], *self.offered[:at])
        parts += [(f"  {word}", "$foreground-muted") for word in others]
        return parts

    def _chip(self) -> str:
        name = "a file" if self.form == "file" else self.form
        return f" {name} {glyphs_of(self.app).unfolded} "

    def _left(self) -> list[Part]:
        glyphs, reading = glyphs_of(self.app), self.reading
        if self.offered and not self.said:
            return self._offered()
        problem = self.said or reading.problem
        has_forms = len(FORMS[self.kind]) > 1
        if problem:
            mark: Part = (f" {glyphs.violation} ", "$error")
        elif reading.is_checked:
            mark = (f" {glyphs.right} ", "$success")
        else:
            mark = ("   ", "")
        parts = [mark]
        if has_forms:
            ground = "$foreground on $primary 30%" if self.has_focus else "$foreground on $panel"
            parts.append((self._chip(), ground))
        elif not problem and self.kind not in ("close", "raw"):
            parts.append((reading.word, "$foreground"))
        if problem:
            # JSON that does not parse can be sent all the same: only what cannot be sent is red.
            colour = "$error" if self.said or not reading.sendable else "$foreground-muted"
            return [*parts, ("   " if has_forms else "", ""), (problem, colour)]
        lead = "" if self.kind in ("close", "raw") else "   "
        if self.kind in SPLIT:
            *facts, frames = reading.facts
            parts.append((lead + "   ".join([*facts, ""]), "$foreground-muted"))
            ground = "$foreground on $primary 30%" if self.has_focus else "$foreground-muted"
            return [*parts, (frames, ground)]
        return [*parts, (lead + "   ".join(reading.facts), "$foreground-muted")]

    def _keys(self) -> list[KeyHint]:
        glyphs = glyphs_of(self.app)
        if self.kind == "close":
            if self.in_reason:
                return [("shift+tab", "code"), ("F3", "kind")]
            return [(glyphs.up + glyphs.down, "choose"), ("tab", "reason"), ("F3", "kind")]
        if self.kind == "raw":
            return [("tab", "next field"), ("space", "change"), ("F3", "kind")]
        if self.offered:
            other: KeyHint = (key_words("alt+down", glyphs), "another", "next_suggestion")
            others = [other] if len(self.offered) > 1 else []
            return [("tab", "take it", "take_suggestion"), *others]
        has_forms = len(FORMS[self.kind]) > 1
        if self.has_focus:
            keys: list[KeyHint] = [("0-9", "bytes a frame")] if self.kind in SPLIT else []
            return [*keys, *([("space", "form")] if has_forms else []), ("F3", "kind")]
        keys = [("tab", "form" if has_forms else "split")] if self.can_focus else []
        if self.has_history:
            keys.append(("F7", "history"))
        if self.reading.is_json:
            keys.append(("^F", "to the mistake" if self.reading.problem else "lay out", "lay_out"))
        return [*keys, ("F3", "kind")]
