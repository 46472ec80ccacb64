"""The top rows: state, URL, facts, and the keys that change them."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Click, DescendantBlur
from textual.message import Message
from textual.reactive import reactive
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Part, hints, key_at, spread
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.hint_row import press
from wsdebug.tui.keymap import shown
from wsdebug.tui.layout import Density
from wsdebug.tui.words import StateWords

__all__ = ["ConnectionBar", "url_parts"]

URL_COLUMN = 19  # where the URL begins with two rows or more


class ConnectionBar(Widget):
    """Shows a connection's state; asks for a URL with `edit`."""

    DEFAULT_CSS = """
    ConnectionBar { background: $panel; }
    ConnectionBar Field { position: absolute; display: none; }
    """

    words: reactive[StateWords | None] = reactive(None)
    url: reactive[str] = reactive("")
    density: reactive[Density] = reactive[Density]("tall")
    read_only: reactive[bool] = reactive(False)  # a file is shown, nothing was connected yet

    class Submitted(Message):
        """A URL was entered; the screen validates it and answers with `problem` or `done`."""

        def __init__(self, url: str) -> None:
            super().__init__()
            self.url = url

    class Pressed(Message):
        """A hint or the URL was clicked: `url`, `settings` or `connection`."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._input = Field(placeholder="paste or type a URL")
        self._problem = ""

    def compose(self) -> ComposeResult:
        """The URL field, shown while it is edited."""
        yield self._input

    def edit(self, history: Iterable[str] = ()) -> None:
        """Let the person change the URL; `history` completes what is typed."""
        self._problem = ""
        self._input.suggester = SuggestFromList(list(history), case_sensitive=False)
        self._input.value = self.url
        self._place_field()
        self._input.display = True
        self._input.focus()
        self._input.action_select_all()
        self.refresh()

    def on_resize(self) -> None:
        """The field where the URL stands."""
        self._place_field()

    def watch_density(self) -> None:
        """In the first row of those there are, or in the second."""
        self._place_field()

    def _place_field(self) -> None:
        row = 1 if self.density == "tall" else 0
        self._input.styles.offset = (URL_COLUMN - 1, row)
        self._input.styles.width = max(30, self.size.width - URL_COLUMN - 34)

    def problem(self, words: str) -> None:
        """Say at the field why the URL cannot be taken."""
        self._problem = words
        self.refresh()

    def done(self) -> None:
        """Leave the field."""
        self._problem = ""
        self._input.display = False
        self.refresh()

    @property
    def is_editing(self) -> bool:
        """Whether the URL is being changed."""
        return bool(self._input.display)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand the URL to the screen."""
        event.stop()
        self.post_message(self.Submitted(event.value.strip()))

    def on_input_changed(self, event: Input.Changed) -> None:
        """A change takes the complaint away."""
        event.stop()
        if self._problem:
            self._problem = ""
            self.refresh()

    def on_descendant_blur(self, _: DescendantBlur) -> None:
        """Leaving the field leaves the URL as it was."""
        self.done()

    async def on_click(self, event: Click) -> None:
        """The hints and the URL are buttons."""
        if self.is_editing and key_at(event.x, self.size.width, self._hints()) == "enter":
            await self._input.action_submit()
        elif self.is_editing:
            await press(self, event, self._hints(), {"esc": "back"})
        if event.widget is self._input or self.is_editing or self.words is None:
            return
        right = sum(len(text) for text, _ in self._hints()) + 2
        x = event.x - (self.size.width - right)
        if x >= 0:
            is_first = x <= len(f"{shown('F2')} settings") + 1
            self.post_message(self.Pressed("settings" if is_first else "connection"))
        elif event.x >= 16:
            self.post_message(self.Pressed("url"))

    def _hints(self) -> list[Part]:
        if self.is_editing:
            return hints(("enter", "connect"), ("esc", "back"))
        action = self.words.action if self.words else "connect"
        return hints(("F2", "settings"), ("F5", action))

    def render(self) -> Content:
        """One, two or four rows."""
        if self.words is None:
            return Content("")
        width = self.size.width
        state = self._state(self.words)
        if self.density == "short":
            return spread([*state, ("   ", ""), *self._short_side()], self._hints(), width)
        gap = URL_COLUMN - sum(len(text) for text, _ in state)
        first = [*state, (" " * max(1, gap), ""), *self._url_side()]
        second: list[Part] = [(" " * URL_COLUMN, ""), *self._reason()]
        rows = [spread(first, self._hints(), width), spread(second, [], width)]
        if self.density == "tall":
            rows = [Content(""), *rows, Content("")]
        return Content("\n").join(rows)

    def _state(self, words: StateWords) -> list[Part]:
        glyph = getattr(glyphs_of(self.app), words.glyph)
        number = "$foreground" if words.colour != "foreground-muted" else "$foreground-muted"
        parts: list[Part] = [
            (f" {glyph} ", f"${words.colour}"),
            (words.word, f"bold ${words.colour}"),
        ]
        return [*parts, (f" {words.number}", number)] if words.number else parts

    def _short_side(self) -> list[Part]:
        assert self.words is not None
        if self._problem:
            return [(escape(self._problem), "$error")]
        is_plain = self.words.word in ("open", "not connected")
        if self.is_editing or is_plain or not self.words.reason:
            return self._url_side()
        return [(self.words.reason, "$foreground-muted")]

    def _url_side(self) -> list[Part]:
        if self.is_editing:
            return []
        before, host, after = url_parts(self.url)
        return [
            (escape(before), "$foreground-muted"),
            (escape(host), "bold $foreground"),
            (escape(after), "$foreground"),
        ]

    def _reason(self) -> list[Part]:
        if self._problem:
            return [(escape(self._problem), "$error")]
        return [(self.words.reason if self.words else "", "$foreground-muted")]


def url_parts(url: str) -> tuple[str, str, str]:
    """A URL as what stands before the host, the host with its port, and the rest.

    User info belongs to none of them: it is shown as `***@` before the host.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url, ""
    if not parts.netloc:
        return "", "", url
    user, at, host = parts.netloc.rpartition("@")
    before = f"{parts.scheme}://" + ("***@" if user and at else "")
    return before, host, url[url.index(parts.netloc) + len(parts.netloc) :]
