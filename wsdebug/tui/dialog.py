"""What dialogs are made of: a panel over the screen, its heading with key hints, a long body."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.tui.bars import Hint
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.moves import EDGES, MOVES
from wsdebug.tui.paint import lacks_colour

__all__ = [
    "MARGIN",
    "ROOM",
    "WIDTH",
    "Dialog",
    "DialogBody",
    "Heading",
]

WIDTH = 72  # cells of a panel where the screen has them
MARGIN = 4  # cells of the screen that stay free beside a panel
ROOM = 6  # rows of the screen that a body never takes: two free, the panel's blank ones, heading
BACK = "leave"


class Heading(Horizontal):
    """`▌Title`, blue, with hints at the right; a long title goes on in the next row."""

    DEFAULT_CSS = """
    Heading { height: auto; margin: 0 0 1 0; padding: 0 2 0 0; }
    Heading > HintRow { width: auto; }
    Heading > .bar { width: 1; color: $primary; }
    Heading > .title { width: 1fr; color: $primary; text-style: bold; padding: 0 2 0 0; }
    """

    def __init__(self, title: str, row: Sequence[Hint] = ()) -> None:
        super().__init__()
        self._title = title
        self._row = row

    def compose(self) -> ComposeResult:
        """Bar, title, hints."""
        yield Static(Content(glyphs_of(self.app).cursor), classes="bar")
        yield Static(Content(self._title), classes="title")
        yield HintRow(self._row, edge=0)


class DialogBody(VerticalScroll):
    """Rows that may be more than the panel can show."""

    DEFAULT_CSS = """
    DialogBody > * { padding: 0 1 0 0; }
    DialogBody {
        height: auto; padding: 0 1; scrollbar-size-vertical: 1;
        scrollbar-background: $panel; scrollbar-background-hover: $panel;
        scrollbar-color: $border-blurred; scrollbar-color-hover: $border-blurred;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*MOVES, *EDGES]

    def action_move(self, rows: int) -> None:
        """Scroll, at once."""
        self.scroll_relative(y=rows, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by what is visible."""
        self.action_move(pages * max(1, self.size.height - 1))

    def action_edge(self, bottom: bool) -> None:
        """Scroll to the first or last row."""
        self.scroll_to(y=self.max_scroll_y if bottom else 0, animate=False)


class Dialog(ModalScreen[ScreenResultType]):
    """A panel in the middle of the screen; escape leaves with None.

    A subclass yields what stands under the heading from `parts`. Without colours a line frames
    the panel, which could not be told from the screen otherwise.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 45%; }
    Dialog > #dialog {
        height: auto; max-height: 100%; padding: 1 0; background: $panel; color: $foreground;
    }
    Dialog.-framed > #dialog { border: solid $foreground-muted; padding: 0; }
    Dialog.-framed Heading > .bar { visibility: hidden; }
    Dialog.-framed.-ascii > #dialog { border: ascii $foreground-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", BACK, "Back", show=False)]

    def __init__(self, title: str, row: Sequence[Hint] = (), *, width: int = WIDTH) -> None:
        """`width` is in cells; the panel is narrower on a screen that is."""
        super().__init__()
        self._title = title
        self._hints = row
        self._width = width

    def compose(self) -> ComposeResult:
        """The heading, and what stands under it."""
        with Vertical(id="dialog"):
            yield Heading(self._title, self._hints)
            yield from self.parts()

    def parts(self) -> Iterable[Widget]:
        """The widgets under the heading."""
        return ()

    def on_mount(self) -> None:
        """A frame where colours cannot do."""
        self.set_class(lacks_colour(self.app), "-framed")
        self.set_class(glyphs_of(self.app).is_ascii, "-ascii")

    def on_resize(self) -> None:
        """As wide and high as there is room for."""
        width, height = self.app.size
        self.query_one("#dialog").styles.width = max(1, min(self._width, width - MARGIN))
        for body in self.query(DialogBody):
            body.styles.max_height = max(1, height - ROOM)

    def action_leave(self) -> None:
        """Back, without an answer."""
        self.dismiss(None)
