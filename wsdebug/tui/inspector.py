"""The selected row from near: its payload, its bits, its message, its connection's handshake."""

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspect_lines import (
    Document,
    StaticDocument,
    TextLine,
    line,
    plain,
    with_separator,
)
from wsdebug.tui.inspect_make import HANDSHAKE, PAYLOAD, Made, Request, is_big, make
from wsdebug.tui.inspect_panel import Panel
from wsdebug.tui.inspect_subject import InspectLog, Subject
from wsdebug.tui.layout import Density, density_of
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter, lacks_colour

__all__ = ["Inspector"]

ROOMY = 24  # rows that the inspector needs for blank ones between its parts


class Inspector(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows one line of a log; asks for everything else by messages.

    `narrow`: it stands below the log, and its heading names the keys to leave it. `whole`: it has
    the whole screen. `separated`: a line is drawn at its left, for screens without colour.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = (
        """
    Inspector {
        background: $surface; color: $foreground; overflow-x: hidden; overflow-y: auto;
        scrollbar-size: 0 0;
    """
        + STYLES_CSS
        + "\n}"
    )
    BINDING_GROUP_TITLE = "Inspector"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "tab(1)", "payload"),
        Binding("2", "tab(2)", "frame"),
        Binding("3", "tab(3)", "message"),
        Binding("4", "tab(4)", "handshake"),
        Binding("v", "view", "next view"),
        Binding("space,enter", "fold", "fold or unfold"),
        Binding("z", "whole", "whole screen"),
        Binding("escape", "back", "back"),
        Binding("b", "violation(False)", "next violation"),
        Binding("B", "violation(True)", "previous violation"),
        Binding("j,down", "move(1)", "down", show=False),
        Binding("k,up", "move(-1)", "up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("g,home", "end(False)", "to the top", show=False),
        Binding("G,end", "end(True)", "to the bottom", show=False),
    ]

    narrow: reactive[bool] = reactive(False)
    whole: reactive[bool] = reactive(False)
    separated: reactive[bool] = reactive(False)

    class WholeScreen(Message):
        """The inspector wants the whole screen, or to give it back."""

    class Back(Message):
        """The person is done here."""

    class NextViolation(Message):
        """The row to be shown is the next (or previous) one with a broken rule."""

        def __init__(self, backward: bool) -> None:
            super().__init__()
            self.backward = backward

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._log: InspectLog | None = None
        self._number: int | None = None
        self._made: Made | None = None
        self._document: Document = StaticDocument(())
        self._chosen = PAYLOAD  # the tab asked for
        self._tab = PAYLOAD  # the tab shown: events have their own
        self._is_new = False  # no tab was asked for since the row was chosen
        self._choices: dict[str, str] = {}
        self._steps_seen = 0
        self._cursor = -1
        self._is_moved = False  # an untouched cursor is shown only with the focus
        self._turn = 0  # counts layouts asked for: a thread's late answer is dropped
        self._painter = Painter(self)
        self._kept_panel: tuple[object, Panel] | None = None

    # What is shown

    def show(self, log: InspectLog | None, line: int | None) -> None:
        """Look at a line of a log; None for nothing. Cheap if it is what is shown already."""
        if log is self._log and line == self._number:
            self._follow_handshake()
            return
        self._log, self._number, self._made = log, line, None
        self._is_new = True
        self._lay_out()

    def _follow_handshake(self) -> None:
        """Steps of a handshake under way come one by one."""
        if self._tab != HANDSHAKE or self._log is None or self._made is None:
            return
        if len(self._log.handshake(self._made.subject.connection)) != self._steps_seen:
            self._lay_out()

    @property
    def tab(self) -> int:
        """The tab on the screen, from 1."""
        return self._tab

    @property
    def text(self) -> str:
        """All of the document on the screen as text, the part out of sight included."""
        lines = (self._document.line(row) for row in range(len(self._document)))
        return "\n".join([*plain(self._document.head), *plain(lines)])

    @property
    def density(self) -> Density:
        """How much air there is on the screen."""
        return density_of(self.app.size.height)

    @property
    def _is_roomy(self) -> bool:
        return self.density == "tall" and self.size.height >= ROOMY

    def _request(self, number: int) -> Request:
        return Request(
            number,
            self._chosen,
            self.size.width,
            glyphs_of(self.app),
            choices=dict(self._choices),
            height=max(1, self.size.height - (9 if self._is_roomy else 4)),
            roomy=self._is_roomy,
            fitting_tab=self._is_new,
        )

    def _lay_out(self) -> None:
        """Make the document anew, in a thread if that can take long."""
        self._turn += 1
        if self._log is None or self._number is None or not self.size.width:
            self._take(StaticDocument([line(("select a row to see what is in it", "muted"))]))
            return
        known = self._made.subject if self._made is not None else None
        request = self._request(self._number)
        if not is_big(self._log, request):
            self._install(make(self._log, request, known), self._turn)
            return
        self._take(StaticDocument([line(("reading it", "muted"))]))
        work = partial(self._in_thread, self._log, request, known, self._turn)
        self.run_worker(work, thread=True, group="inspector")

    def _in_thread(
        self, log: InspectLog, request: Request, known: Subject | None, turn: int
    ) -> None:
        if turn != self._turn:
            return
        try:
            made = make(log, request, known)
        except (OSError, ValueError):  # the log was closed meanwhile
            return
        self.app.call_later(self._install, made, turn)

    def _install(self, made: Made, turn: int) -> None:
        if turn != self._turn:
            return
        self._made, self._tab = made, made.request.tab
        self._steps_seen = len(made.handshake)
        self._take(made.document)

    def _take(self, document: Document) -> None:
        self._document = document
        self._cursor = document.start
        self._is_moved = False
        self._resize_document()
        self.scroll_to(y=0, animate=False, immediate=True)
        if self._cursor > 0:
            self._reveal()

    def _resize_document(self) -> None:
        panel = self._panel()
        rows = len(panel.top) + panel.bottom + len(self._document)
        self.virtual_size = Size(self.size.width, rows)
        self.refresh()

    # Rows

    def _panel(self) -> Panel:
        """The fixed rows as they must be now, made anew only where something changed."""
        state = (self.size, self.has_focus, self.narrow, self.whole, self._is_roomy)
        glyphs = glyphs_of(self.app)
        key = (id(self._document), id(self._made), self._number, self._tab, state, glyphs)
        if self._kept_panel is None or self._kept_panel[0] != key:
            panel = Panel(
                number=self._number,
                made=self._made,
                document=self._document,
                tab=self._tab,
                width=self.size.width,
                height=self.size.height,
                glyphs=glyphs,
                focused=self.has_focus,
                narrow=self.narrow,
                whole=self.whole,
                roomy=self._is_roomy,
            )
            self._kept_panel = (key, panel)
        return self._kept_panel[1]

    def render_line(self, y: int) -> Strip:
        """One row: fixed ones above and below, the document between them."""
        panel = self._panel()
        row, ground = self._row(panel, y)
        if self.separated:
            row = with_separator(row, panel.glyphs)
        return self._painter.strip(row, panel.width, ground)

    def _row(self, panel: Panel, y: int) -> tuple[TextLine, str]:
        first = self.scroll_offset.y
        if y < len(panel.top):
            return panel.top[y], ""
        if y == panel.footer_at:
            return panel.footer(self._cursor), ""
        if y >= panel.height - panel.bottom:
            return (panel.more(first) if y < panel.footer_at else TextLine()), ""
        index = y - len(panel.top) + first
        if index >= len(self._document):
            return TextLine(), ""
        ground = self._cursor_ground() if index == self._cursor else ""
        return self._document.line(index), ground

    def _cursor_ground(self) -> str:
        if self.has_focus:
            return "cursor"
        return "idle" if self._is_moved else ""

    # Acts

    def action_tab(self, number: int) -> None:
        """Show another tab."""
        self._tab = self._chosen = number
        self._is_new = False
        self._lay_out()

    def action_view(self) -> None:
        """The next way to look at this payload."""
        made = self._made
        if made is not None and len(made.views) > 1:
            at = made.views.index(made.view)
            self._choices[made.views[0]] = made.views[(at + 1) % len(made.views)]
            self._lay_out()

    def action_fold(self) -> None:
        """Fold or unfold what is at the cursor, or what encloses it."""
        if self._document.folds and self._cursor >= 0:
            self._document, row = self._document.toggle(self._cursor)
            self._move_to(row)
            self._resize_document()

    def action_whole(self) -> None:
        """Ask for the whole screen, or give it back."""
        if self.narrow:
            self.post_message(self.WholeScreen())

    def action_back(self) -> None:
        """Leave the inspector."""
        self.post_message(self.Back())

    def action_violation(self, backward: bool) -> None:
        """Ask for the next row with a broken rule."""
        self.post_message(self.NextViolation(backward))

    def action_move(self, rows: int) -> None:
        """Move the cursor, or scroll where there is none."""
        if self._cursor < 0:
            self.scroll_relative(y=rows, animate=False)
        else:
            self._move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move by what is visible."""
        self.action_move(pages * max(1, self._panel().visible - 1))

    def action_end(self, bottom: bool) -> None:
        """Move to the first or last row."""
        if self._cursor < 0:
            self.scroll_to(y=self.max_scroll_y if bottom else 0, animate=False)
        else:
            self._move_to(len(self._document) - 1 if bottom else 0)

    def _move_to(self, row: int) -> None:
        self._cursor = max(0, min(row, len(self._document) - 1))
        self._is_moved = True
        self._reveal()
        self.refresh()

    def _reveal(self) -> None:
        """Scroll no more than needed to have the cursor in sight."""
        first = self.scroll_offset.y
        if self._cursor < first:
            first = self._cursor
        elif self._cursor >= first + self._panel().visible:
            first = self._cursor - self._panel().visible + 1
        self.scroll_to(y=first, animate=False, immediate=True, force=True)

    # Events

    def on_mount(self) -> None:
        """Without colours a line takes the place of the ground."""
        self.separated = self._painter.is_plain = lacks_colour(self.app)

    def on_resize(self, event: Resize) -> None:
        """Another width or height is another layout."""
        self._painter.forget()
        self._lay_out()

    def notify_style_update(self) -> None:
        """The theme or the focus changed."""
        super().notify_style_update()
        self._painter.forget()

    def watch_narrow(self) -> None:
        """The heading has other words."""
        self._resize_document()

    async def on_click(self, event: Click) -> None:
        """Tabs, hints, fold marks and rows are there to be clicked."""
        panel = self._panel()
        row = event.y - len(panel.top) + self.scroll_offset.y
        if not len(panel.top) <= event.y < panel.height - panel.bottom:
            action = panel.action_at(event.x, event.y)
            if action:
                await self.run_action(action)
        elif self._cursor >= 0 and row < len(self._document):
            self._move_to(row)
            if self._document.line(row).fold_at == event.x:
                self.action_fold()
