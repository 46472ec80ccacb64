"""The block in the middle of the start screen: URL, demo, interrupted and recent recordings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.bars import Hint
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.recording_rows import RecordingRows
from wsdebug.tui.start_layout import BLOCK, plan
from wsdebug.tui.start_url import Complete, UrlField
from wsdebug.workspace.library import RecordingInfo

__all__ = ["StartBlock"]

DEMO = "A small server inside wsdebug: echo, ticker, fragments, compression. No network."
DEMO_NARROW = "A small server inside: echo, ticker, fragments, compression. No network."


class StartBlock(Vertical):
    """Shows what there is; the screen hears of clicks, enter and `del`."""

    DEFAULT_CSS = """
    StartBlock { width: 100%; max-width: 84; height: auto; }
    StartBlock .text { height: auto; margin: 0 2; }
    StartBlock .section { height: auto; margin: 1 0 0 0; }
    StartBlock #start-panel { height: auto; }
    StartBlock #start-url { height: 1; background: $surface; }
    StartBlock #start-bar { width: 2; color: $primary; }
    StartBlock UrlField { width: 1fr; }
    StartBlock #start-url-keys { width: auto; }
    StartBlock #start-problem { height: 1; padding: 0 2; color: $error; }
    StartBlock #start-demo { margin: 0; }
    StartBlock TourStrip { margin: 1 0 0 0; }
    StartBlock TourStrip Heading { padding: 0 2 0 1; }
    StartBlock TourStrip > #tour-words { padding: 0 2; }
    StartBlock.-airy .section { margin: 2 0 0 0; }
    StartBlock.-airy #start-panel { margin: 1 0 0 0; padding: 1 0 0 0; background: $surface; }
    StartBlock.-airy #start-demo { margin: 2 0 0 0; }
    StartBlock.-airy RecordingRows { margin: 1 0 0 0; }
    StartBlock.-airy #start-more { margin: 1 0 0 0; }
    """

    def __init__(self, complete: Complete, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._complete = complete

    def compose(self) -> ComposeResult:
        """From the name to what is more."""
        yield Static(_title(), classes="text")
        yield HintRow(id="start-connect", classes="section")
        with Vertical(id="start-panel"):
            with Horizontal(id="start-url"):
                yield Static(id="start-bar")
                yield UrlField(self._complete, id="start-field")
                keys = (Hint("enter", "connect", "connect"), Hint("F2", "settings", "settings"))
                yield HintRow(keys, id="start-url-keys")
            yield Static(id="start-problem")
        with Vertical(id="start-demo", classes="section"):
            question = ("  No server at hand?", "bold $foreground")
            yield HintRow([Hint("F4", "open the demo", "demo")], left=[question])
            yield Static(id="start-demo-words", classes="text")
        with Vertical(id="start-interrupted", classes="section"):
            keys = (
                Hint("enter", "open", "open_row('interrupted')"),
                Hint("del", "discard", "discard_row"),
            )
            yield HintRow(keys, left=[("  Interrupted", "bold $warning")])
            yield RecordingRows(interrupted=True, id="start-interrupted-rows")
        with Vertical(id="start-recent", classes="section"):
            yield HintRow(id="start-recent-heading")
            yield RecordingRows(interrupted=False, id="start-recent-rows")
        yield HintRow([Hint("^O", "library", "library")], id="start-more")

    @property
    def field(self) -> UrlField:
        """Where the URL is typed."""
        return self.query_one(UrlField)

    def rows(self, name: Literal["interrupted", "recent"]) -> RecordingRows:
        """One of the lists."""
        return self.query_one(f"#start-{name}-rows", RecordingRows)

    def show(
        self,
        recent: Sequence[RecordingInfo],
        interrupted: Sequence[RecordingInfo],
        saved: int,
        *,
        now: datetime,
        size: Size,
    ) -> None:
        """Show as many recordings as there is room for in `size`, of `saved` only the number."""
        crashed = {info.path for info in interrupted}
        others = [info for info in recent if info.path not in crashed]
        has_more = bool(others or interrupted or saved)
        wanted = plan(
            size.height, interrupted=len(interrupted), recent=len(others), has_more=has_more
        )
        self.rows("interrupted").show(interrupted[: wanted.interrupted], now)
        self.rows("recent").show(others[: wanted.recent], now)
        self.query_one("#start-interrupted").display = wanted.interrupted > 0
        self.query_one("#start-recent").display = wanted.recent > 0
        self.set_class(wanted.is_airy, "-airy")
        self.styles.margin = (wanted.top, 0, 0, 0)
        words = DEMO if size.width >= BLOCK else DEMO_NARROW
        self.query_one("#start-demo-words", Static).update(_muted(words))
        hidden = len(others) - wanted.recent + len(interrupted) - wanted.interrupted
        more = self.query_one("#start-more", HintRow)
        more.left = ((f"  {_more(hidden, saved)}", "$foreground-muted"),)
        more.display = has_more
        self.show_focus()

    def show_focus(self) -> None:
        """One heading is blue; a bar stands at the URL or in a row."""
        in_field, in_recent = self.field.has_focus, self.rows("recent").has_focus
        bar = glyphs_of(self.app).cursor if in_field else ""
        self.query_one("#start-bar", Static).update(bar)
        colour = "bold $primary" if in_field else "bold $foreground"
        self.query_one("#start-connect", HintRow).left = (("  Connect to", colour),)
        colour = "bold $primary" if in_recent else "bold $foreground"
        heading = self.query_one("#start-recent-heading", HintRow)
        heading.left = (("  Recent", colour),)
        heading.keys = (
            Hint("enter", "open", "open_row('recent')"),
            Hint("^R", "connect again", "again"),
        )

    def on_descendant_focus(self) -> None:
        """Headings follow the focus."""
        self.show_focus()

    def on_descendant_blur(self) -> None:
        """Headings follow the focus."""
        self.call_later(self.show_focus)

    def say(self, words: str) -> None:
        self.query_one("#start-problem", Static).update(Content(escape(words)))
        self.field.set_class(bool(words), "-wrong")

    def move_on(self, rows: RecordingRows, step: int) -> None:
        """From a list down to the next one, or up to the one before or the URL."""
        above, below = self.rows("interrupted"), self.rows("recent")
        if step > 0:
            if rows is above and below.rows:
                below.cursor = 0
                below.focus()
        elif rows is below and above.rows:
            above.cursor = len(above.rows) - 1
            above.focus()
        else:
            self.field.focus()


def _title() -> Content:
    name: tuple[str, str] = ("wsdebug", "bold $foreground")
    return Content.assemble(name, "\n", ("See every frame. Send any frame.", "$foreground-muted"))


def _muted(words: str) -> Content:
    return Content.assemble((words, "$foreground-muted"))


def _more(hidden: int, saved: int) -> str:
    """`18 more, and 3 saved sessions`."""
    words = [f"{with_commas(hidden)} more"] if hidden else []
    if saved:
        words.append(f"{with_commas(saved)} saved session{'s' if saved > 1 else ''}")
    return ", and ".join(words)
