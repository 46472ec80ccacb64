"""The composer's rows: which of its parts are shown, by kind, focus and height of the terminal."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from wsdebug.tui.bars import hints
from wsdebug.tui.compose_close import CloseForm
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_model import Draft, Kind
from wsdebug.tui.compose_raw import RawForm
from wsdebug.tui.compose_rows import KindRow, LastRow
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.late import Late
from wsdebug.tui.layout import Density
from wsdebug.tui.separator import Separator

__all__ = ["FORM_OF", "FORM_ROWS", "ComposerView"]

PLACEHOLDERS = {
    "text": "type a message",
    "hex": "hex, such as 68 65 6c 6c 6f, or @ and the name of a file",
    "base64": "base64, such as aGVsbG8=, or @ and the name of a file",
    "file": "the name of a file",
}
UNCONNECTED = "Not connected. What you type here is kept until you are."
FORM_OF: dict[Kind, type[Late]] = {"close": CloseForm, "raw": RawForm}
# kinds that are set in a form; its rows, where it does not cover the log
FORM_ROWS: dict[Kind, dict[Density, int]] = {
    "close": {"tall": 16, "medium": 16},
    "raw": {"tall": 17, "medium": 11},
}
NARROW = 120  # cells of the screen; below, the way back is shown


class ComposerView(Vertical):
    """Lays the parts out; what stands in them is the composer's."""

    DEFAULT_CSS = """
    ComposerView { background: $surface; }
    ComposerView #compose-body { height: 1fr; margin: 1 0; }
    ComposerView #compose-prompt { width: 3; color: $primary; text-style: bold; }
    ComposerView.-unconnected #compose-prompt { color: $foreground-disabled; text-style: none; }
    ComposerView #compose-what { width: 1fr; color: $foreground-muted; }
    ComposerView #compose-hint { width: auto; padding: 0 2; }
    ComposerView #compose-bottom { height: 1; }
    ComposerView CloseForm, ComposerView RawForm { margin: 1 0 0 0; }
    ComposerView CloseForm.-dense, ComposerView RawForm.-dense { margin: 0; }
    ComposerView #compose-space { height: 1fr; }
    """
    density: reactive[Density] = reactive[Density]("tall")
    is_connected: reactive[bool] = reactive(True)
    close_timeout: reactive[float] = reactive(5.0)
    extensions: reactive[str] = reactive("")  # as agreed
    fragment: reactive[int] = reactive(0)  # bytes of a message in one frame; 0: all of them
    budget: reactive[int] = reactive(0)  # bytes that a message should have at most; 0: any number
    kind: reactive[Kind] = reactive[Kind]("text")
    is_active: reactive[bool] = reactive(False)  # the focus is inside

    class Rearranged(Message, namespace="composer"):
        """`rows` or `covers` changed: the screen gives another region."""

    def compose(self) -> ComposeResult:
        """First row, text or form, last row."""
        yield Separator(id="compose-top")
        yield KindRow(id="compose-kinds")
        with Horizontal(id="compose-body"):
            yield Static("", id="compose-prompt")
            yield Editor(id="compose-text")
            yield Static("", id="compose-what")
            yield Static("", id="compose-hint")
        yield CloseForm(id="compose-close")
        yield RawForm(id="compose-raw")
        yield Static("", id="compose-space")
        yield LastRow(id="compose-last")
        yield Static("", id="compose-bottom")

    @property
    def covers(self) -> bool:
        """Whether a form needs the room of the log too."""
        return self.kind in FORM_ROWS and self.density == "short" and self.is_active

    @property
    def rows(self) -> int:
        """The height wanted, in cells; meaningless where it `covers` the log."""
        if self.density == "short":
            return 7 if self.is_active else 1
        if self._is_idle:
            return 5 if self.density == "tall" else 3
        usual = 8 if self.density == "tall" else 6
        return FORM_ROWS.get(self.kind, {}).get(self.density, usual)

    @property
    def draft(self) -> Draft:
        """What stands in the composer now."""
        raise NotImplementedError

    @property
    def has_unsent(self) -> bool:
        """Whether anything is typed that was not sent."""
        raise NotImplementedError

    def judge(self) -> None:
        """Say in the last row what the draft amounts to."""
        raise NotImplementedError

    @property
    def _is_idle(self) -> bool:
        return not (self.is_active or self.is_connected or self.has_unsent)

    def fit(self) -> None:
        """A third line of text takes the blank row below it."""
        is_long = self.query_one(Editor).wrapped_document.height > 2
        is_row = self.density == "short" and not self.is_active
        bottom = 0 if is_row or self._is_idle or is_long else 1
        top = 0 if is_row or self._is_idle else 1
        self.query_one("#compose-body").styles.margin = (top, 0, bottom, 0)

    def lay_out(self) -> None:
        """Show the parts that the density, the kind and the focus call for."""
        if not self.is_mounted:
            return
        is_row = self.density == "short" and not self.is_active
        is_idle = not is_row and self._is_idle
        is_whole = not is_row and not is_idle
        has_form = self.kind in FORM_ROWS
        is_waiting = not (is_idle or has_form or self.is_active or self.has_unsent)
        kinds = self.query_one(KindRow)
        kinds.kind, kinds.is_focused = self.kind, self.is_active
        kinds.shows_back = self.density == "short" or self.screen.size.width < NARROW
        for selector, shown in (
            ("#compose-top", is_idle or self.density == "tall"),
            ("#compose-kinds", is_whole),
            ("#compose-body", not (is_whole and has_form)),
            ("#compose-text", not (is_row and has_form)),
            ("#compose-what", is_row and has_form),
            ("#compose-hint", is_row or is_waiting),
            ("#compose-close", is_whole and self.kind == "close"),
            ("#compose-raw", is_whole and self.kind == "raw"),
            ("#compose-space", is_whole and has_form),
            ("#compose-last", is_whole),
            ("#compose-bottom", is_whole and self.density != "medium" and not self.covers),
        ):
            self.query_one(selector).display = shown
        self.query_one(CloseForm).set_class(self.density == "short", "-dense")
        self.query_one(RawForm).set_class(self.density != "tall", "-dense")
        self.fit()
        self._show_words()
        self.judge()
        self.post_message(self.Rearranged())

    def _show_words(self) -> None:
        glyphs = glyphs_of(self.app)
        self.set_class(not self.is_connected, "-unconnected")
        self.query_one("#compose-prompt", Static).update(f" {glyphs.sent} ")
        editor = self.query_one(Editor)
        editor.set_class(not self.is_connected, "-quiet")
        words = PLACEHOLDERS[self.draft.form]
        if self.kind in ("ping", "pong"):
            words = f"what the {self.kind} carries, or nothing"
        editor.placeholder = words if self.is_connected else UNCONNECTED
        what = f"close {self.draft.code}" if self.kind == "close" else "raw frame"
        self.query_one("#compose-what", Static).update(Content(what))
        self.query_one("#compose-hint", Static).update(Content.assemble(*hints(("c", "compose"))))
