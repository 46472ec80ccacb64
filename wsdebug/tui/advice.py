"""Advice under the rows of a failed connection, with a form where credentials are wanted."""

from dataclasses import dataclass
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from wsdebug.engine.advice import AdviceText, advice_of
from wsdebug.tui.advice_keys import KEYS, AdviceKeys
from wsdebug.tui.bars import Part
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.late import Late
from wsdebug.tui.settings_form import Check

__all__ = ["Advice", "AdviceText", "advice_of"]

WIDE = 84  # cells from which the text stands under the log's columns
STRAIGHT = str.maketrans("“”", '""')
TONES = {"plain": "$foreground", "muted": "$foreground-muted", "warning": "$warning"}
# Where on the settings page it is done what an advice says; the headers for what is not here.
PLACES = {
    "change the TLS settings": "verify",
    "change the compression": "compress",
    "change the subprotocols": "subprotocol",
    "follow redirects": "location",
    "give a client certificate": "cert",
    "go on regardless, or trust another certificate": "verify",
    "set a user, token, cookie or header": "auth",
    "use a token, cookie or header instead": "auth",
    "wait longer": "connect_timeout",
}
Air = Literal["full", "some", "none"]


@dataclass(frozen=True, slots=True)
class Room:
    """How the advice is laid out, and how many blank rows stand above it."""

    air: Air
    above: int


def room_for(height: int, *, lines: int, fields: int, keys: int) -> Room:
    """As much air as fits in `height` rows, for so many rows of text, fields and keys."""
    form = 2 * fields + 3 if fields else 0  # blank rows between, the tick, and two blank rows
    full = 4 + lines + form + keys
    if full <= height:
        return Room("full", min(3, height - full))
    some = 3 + lines + (fields + 2 if fields else 0)
    if some <= height:
        return Room("some", min(1, height - some))
    return Room("none", 0)


class Advice(Late):
    """Shows an AdviceText in the room it is given; nothing for None."""

    DEFAULT_CSS = """
    Advice { height: 1fr; background: $background; overflow: hidden; display: none; }
    Advice > * { height: auto; }
    Advice #advice-heading { color: $error; text-style: bold; }
    Advice .text { padding: 0 2 0 2; }
    Advice Horizontal { height: 1; }
    Advice .bar { width: 2; color: $primary; }
    Advice .label { width: 10; color: $foreground-muted; }
    Advice Field { width: 36; max-width: 1fr; }
    Advice #advice-form { height: auto; }
    Advice #advice-problem { height: 1; padding: 0 0 0 12; color: $error; display: none; }
    Advice #advice-problem.-shown { display: block; }
    Advice.-none #advice-problem { display: none; }
    Advice.-wide .text { padding: 0 2 0 3; }
    Advice.-wide .bar { width: 3; }
    Advice.-wide #advice-problem { padding: 0 0 0 13; }
    Advice.-some #advice-form, Advice.-some AdviceKeys { margin-top: 1; }
    Advice.-full #advice-lines { margin-top: 1; }
    Advice.-full #advice-form { margin-top: 2; }
    Advice.-full #advice-password, Advice.-full #advice-ticks { margin-top: 1; }
    Advice.-full AdviceKeys { margin-top: 2; }
    Advice.-none #advice-lines { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Advice.-none #advice-form { layout: horizontal; height: 1; }
    Advice.-none #advice-form Horizontal { width: auto; }
    Advice.-none #advice-ticks .label { display: none; }
    Advice.-none Field { width: 18; }
    Advice.-bearer #advice-user { display: none; }
    Advice.-bearer #advice-password { margin-top: 0; }
    """

    class Retry(Message):
        """Connect with this user name and password."""

        def __init__(self, user: str, password: str) -> None:
            super().__init__()
            self.user = user
            self.password = password

    class RetryBearer(Message):
        """Connect with this token."""

        def __init__(self, token: str) -> None:
            super().__init__()
            self.token = token

    class Pressed(Message):
        """A key was clicked: `F5`, `F2` or `^L`."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text: AdviceText | None = None
        self._problem = ""

    def parts(self) -> ComposeResult:
        """Heading, sentences, form, keys."""
        yield Static(id="advice-heading", classes="text")
        yield Static(id="advice-lines", classes="text")
        with Vertical(id="advice-form"):
            for name, is_hidden in (("user", False), ("password", True)):
                with Horizontal(id=f"advice-{name}"):
                    yield Static(classes="bar")
                    yield Static(classes="label")
                    yield Field(password=is_hidden, id=f"advice-{name}-field")
            yield Static(id="advice-problem")
            with Horizontal(id="advice-ticks"):
                yield Static(classes="bar")
                yield Static(classes="label")
                yield Check("show", False, id="advice-show")
        yield AdviceKeys(classes="text")

    # Showing

    def show(self, text: AdviceText | None) -> None:
        """Show this from now on; cheap if it is what is shown already."""
        if text == self._text:
            return
        self._text = text
        self.display = text is not None
        if self.is_made:
            self.fill()
        else:
            self.call_next(self.make)

    def fill(self) -> None:
        """Begin anew with the text of now."""
        text = self._text
        self._field("password").value = ""
        if text is None:
            return
        self._say("")
        if text.user:
            self._field("user").value = text.user
        self.query_one("#advice-show", Check).value = False
        self._field("password").password = True
        self.query_one("#advice-heading", Static).update(Content(text.heading))
        self.query_one("#advice-form").display = text.form is not None
        self.set_class(text.form == "bearer", "-bearer")
        self.query_one(AdviceKeys).keys = tuple((KEYS[way], verb) for way, verb in text.ways)
        self.call_after_refresh(self._arrange)

    @property
    def text(self) -> AdviceText | None:
        """What is shown."""
        return self._text

    @property
    def place(self) -> str:
        """The field of the settings page that is to be looked at first."""
        verbs = dict(self._text.ways) if self._text is not None else {}
        return PLACES.get(verbs.get("settings", ""), "header")

    @property
    def has_form(self) -> bool:
        """Whether there is something to fill in."""
        return self._text is not None and self._text.form is not None

    def focus_form(self) -> None:
        """To the first field that is empty, if there is a form."""
        if self.has_form:
            user = self._field("user")
            is_wanted = self._text is not None and self._text.form == "basic" and not user.value
            (user if is_wanted else self._field("password")).focus()

    def on_resize(self) -> None:
        """More air or less."""
        self._arrange()

    def _field(self, name: Literal["user", "password"]) -> Field:
        return self.query_one(f"#advice-{name}-field", Field)

    def _arrange(self) -> None:
        text, (width, height) = self._text, self.outer_size
        if text is None or not width or not self.is_made:
            return
        is_wide = width >= WIDE
        room = max(1, width - (16 + 3 if is_wide else 2) - 2)
        rows = sum(max(1, -(-len(words) // room)) for words, _ in text.lines)
        fields = {"basic": 2, "bearer": 1, None: 0}[text.form]
        layout = room_for(height, lines=rows, fields=fields, keys=len(text.ways))
        self.set_class(is_wide, "-wide")
        for air in ("full", "some", "none"):
            self.set_class(layout.air == air, f"-{air}")
        self.styles.padding = (layout.above, 0, 0, 16 if is_wide else 0)
        lines = tuple((words, TONES[tone]) for words, tone in text.lines)
        if layout.air == "none":
            lines = ((self._problem, "$error"),) if self._problem else lines[:1]
        if glyphs_of(self.app).is_ascii:
            lines = tuple((words.translate(STRAIGHT), style) for words, style in lines)
        content = Content("\n").join(Content.assemble(line) for line in lines)
        self.query_one("#advice-lines", Static).update(content)
        self.query_one(AdviceKeys).is_tall = layout.air == "full"
        self._show_labels(layout.air == "none")

    def _show_labels(self, is_tight: bool) -> None:
        """The labels, and the bar at the field with the focus."""
        is_token = self._text is not None and self._text.form == "bearer"
        for name in ("user", "password"):
            row = self.query_one(f"#advice-{name}")
            words = "token" if is_token and name == "password" else name
            label = row.query_one(".label", Static)
            label.update(words)
            label.styles.width = len(words) + 1 if is_tight else 10
            bar: Part = (glyphs_of(self.app).cursor if row.has_focus_within else "", "$primary")
            row.query_one(".bar", Static).update(Content.assemble(bar))

    def on_descendant_focus(self) -> None:
        """The bar follows."""
        self._show_labels(self.has_class("-none"))

    def on_descendant_blur(self) -> None:
        """The bar follows."""
        self.call_later(lambda: self._show_labels(self.has_class("-none")))

    def _say(self, words: str) -> None:
        """At the fields; in the place of the sentence where there is no room for both."""
        if words == self._problem:
            return
        self._problem = words
        problem = self.query_one("#advice-problem", Static)
        problem.update(Content(words))
        problem.set_class(bool(words), "-shown")
        self._arrange()

    # What is asked for

    def on_check_changed(self, event: Check.Changed) -> None:
        """Show the password, or hide it."""
        event.stop()
        self._field("password").password = not event.check.value

    def on_input_changed(self, event: Input.Changed) -> None:
        """A change takes the complaint away."""
        event.stop()
        self._say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the password, and from there connects."""
        event.stop()
        password = self._field("password")
        if event.input is not password and not password.value:
            password.focus()
        else:
            self._submit()

    def on_advice_keys_pressed(self, event: AdviceKeys.Pressed) -> None:
        """`enter` is for the form; the screen hears of the others."""
        event.stop()
        if event.key == "enter":
            self._submit()
        else:
            self.post_message(self.Pressed(event.key))

    def _submit(self) -> None:
        user, password = self._field("user").value, self._field("password").value
        if self._text is None or self._text.form is None:
            return
        if self._text.form == "bearer":
            if password.strip():
                self.post_message(self.RetryBearer(password.strip()))
            else:
                self._say("type or paste a token")
        elif not user and not password:
            self._field("user").focus()
            self._say("type a user name and a password")
        elif ":" in user:
            # RFC 7617 section 2: the first colon ends the name
            self._field("user").focus()
            self._say("a user name has no colon in it")
        else:
            self.post_message(self.Retry(user, password))
