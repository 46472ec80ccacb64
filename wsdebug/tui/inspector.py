"""The selected row from near: its payload, its bits, its message, its connection's handshake."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from wsdebug.log.log import FrameLog
from wsdebug.tui.dragged_edge import DraggedEdge
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspect_copy import copies_of, copies_of_bytes, filter_of
from wsdebug.tui.inspect_find import ByteFinder
from wsdebug.tui.inspect_lines import StaticDocument, line, plain
from wsdebug.tui.inspect_make import HANDSHAKE, PAYLOAD, Made, Request, is_big, make
from wsdebug.tui.inspect_panel import Panel
from wsdebug.tui.inspect_subject import Subject
from wsdebug.tui.inspect_together import put_together
from wsdebug.tui.layout import Density, density_of
from wsdebug.tui.row_copies import Copy

if TYPE_CHECKING:
    from wsdebug.replay.marks import Found

__all__ = ["Inspector"]

ROOMY = 24  # rows that the inspector needs for blank ones between its parts


class Inspector(ByteFinder, DraggedEdge):
    """Shows one line of a log; asks for everything else by messages.

    `narrow`: it stands below the log, and its heading names the keys to leave it. `whole`: it has
    the whole screen.
    """

    BINDING_GROUP_TITLE = "Inspector"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "tab(1)", "payload", id="tab_1"),
        Binding("2", "tab(2)", "frame", id="tab_2"),
        Binding("3", "tab(3)", "message", id="tab_3"),
        Binding("4", "tab(4)", "handshake", id="tab_4"),
        Binding("v", "view", "next view", id="view"),
        Binding("f", "filter_value", "filter by this value", id="filter_value"),
        Binding("z", "whole", "whole screen", id="whole_screen"),
        Binding("escape", "back", "back"),
        Binding("b", "violation(False)", "next violation", id="next_violation"),
        Binding("B", "violation(True)", "previous violation", id="previous_violation"),
    ]

    narrow: reactive[bool] = reactive(False)
    whole: reactive[bool] = reactive(False)

    class WholeScreen(Message):
        """The inspector wants the whole screen, or to give it back."""

    class Back(Message):
        """The person is done here."""

    class FilterBy(Message):
        """Only rows with the value at the cursor are wanted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class NextViolation(Message):
        """The row to be shown is the next (or previous) one with a broken rule."""

        def __init__(self, backward: bool) -> None:
            super().__init__()
            self.backward = backward

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._log: FrameLog | None = None
        self._number: int | None = None
        self._found: Found | None = None
        self._made: Made | None = None
        self._chosen = PAYLOAD  # the tab asked for
        self._tab = PAYLOAD  # the tab shown: events have their own
        self._is_new = False  # no tab was asked for since the row was chosen
        self._choices: dict[str, str] = {}
        self._steps_seen = 0
        self._turn = 0  # counts layouts asked for: a thread's late answer is dropped
        self._kept_panel: tuple[object, Panel] | None = None

    # What is shown

    def show(self, log: FrameLog | None, line: int | None, found: "Found | None" = None) -> None:
        """Look at a line of a log, of which a replay says what it `found`; None for nothing.
        Cheap if it is what is shown already.
        """
        if log is self._log and line == self._number:
            if found == self._found:
                self._follow_handshake()
            else:
                self._found = found
                self._lay_out()
            return
        self._log, self._number, self._found, self._made = log, line, found, None
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
        lines = (self.document.line(row) for row in range(len(self.document)))
        return "\n".join([*plain(self.document.head), *plain(lines)])

    @property
    def density(self) -> Density:
        """How much air there is on the screen."""
        return density_of(self.app.size.height)

    @property
    def has_edge(self) -> bool:
        """Beside the log the first column is the edge that can be dragged."""
        return not (self.narrow or self.whole)

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
            found=self._found,
        )

    def _lay_out(self) -> None:
        """Make the document anew, in a thread if that can take long."""
        self._turn += 1
        if self._log is None or self._number is None or not self.size.width:
            self.take(StaticDocument([line(("select a row to see what is in it", "muted"))]))
            return
        known = self._made.subject if self._made is not None else None
        request = self._request(self._number)
        if not is_big(self._log, request):
            self._install(make(self._log, request, known), self._turn)
            return
        self._tell(self._turn, "reading it")
        work = partial(self._in_thread, self._log, request, known, self._turn)
        self.run_worker(work, thread=True, group="inspector")

    def _in_thread(self, log: FrameLog, request: Request, known: Subject | None, turn: int) -> None:
        if turn != self._turn:
            return
        tell = partial(self.app.call_from_thread, self._tell, turn)
        together = partial(put_together, is_over=lambda: turn != self._turn, tell=tell)
        try:
            made = make(log, request, known, together)
        except (OSError, ValueError):  # the log was closed meanwhile
            return
        self.app.call_from_thread(self._install, made, turn)

    def _tell(self, turn: int, words: str) -> None:
        if turn == self._turn:
            self.take(StaticDocument([line((words, "muted"))]))

    def _install(self, made: Made, turn: int) -> None:
        if turn != self._turn:
            return
        self._made, self._tab = made, made.request.tab
        self._steps_seen = len(made.handshake)
        self.take(made.document)

    def panel(self) -> Panel:
        """The fixed rows as they must be now, made anew only where something changed."""
        state = (self.size, self.has_focus, self.narrow, self.whole, self._is_roomy)
        glyphs = glyphs_of(self.app)
        key = (id(self.document), id(self._made), self._number, self._tab, state, glyphs)
        if self._kept_panel is None or self._kept_panel[0] != key:
            panel = Panel(
                number=self._number,
                made=self._made,
                document=self.document,
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

    def copies_at_cursor(self) -> list[Copy]:
        """What there is to copy here, the most wanted first; empty where it is the row itself."""
        if self._made is None:
            return []
        if self.picked is not None and self.bytes_shown is not None:
            return copies_of_bytes(self.bytes_shown, self.picked)
        return copies_of(self._made, self.position)

    # Acts

    def action_filter_value(self) -> None:
        """Ask for the rows with the value at the cursor."""
        text = filter_of(self._made, self.position) if self._made is not None else ""
        if text:
            self.post_message(self.FilterBy(text))

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

    def action_whole(self) -> None:
        """Ask for the whole screen, or give it back."""
        self.post_message(self.WholeScreen())

    def action_back(self) -> None:
        """Leave the inspector."""
        self.post_message(self.Back())

    def action_violation(self, backward: bool) -> None:
        """Ask for the next row with a broken rule."""
        self.post_message(self.NextViolation(backward))

    # Events

    def on_resize(self, event: events.Resize) -> None:
        """Another width or height is another layout."""
        self._painter.forget()
        self._lay_out()

    def watch_narrow(self) -> None:
        """The heading has other words."""
        self.resize_document()

    watch_whole = watch_narrow

    async def on_click(self, event: events.Click) -> None:
        """Tabs, hints, fold marks and rows are there to be clicked."""
        if self.was_dragged:
            return
        panel = self.panel()
        if len(panel.top) <= event.y < panel.height - panel.bottom:
            self.click_document(event.x, event.y)
        elif action := panel.action_at(event.x, event.y):
            await self.run_action(action)
