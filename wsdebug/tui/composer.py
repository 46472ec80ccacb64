"""The composer: what is typed, of which kind, and whether it can be sent."""

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click, DescendantBlur, DescendantFocus
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static, TextArea

from wsdebug.errors import UsageError
from wsdebug.tui.bars import hints
from wsdebug.tui.compose_close import CloseForm, CodeList
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_history import SentHistory
from wsdebug.tui.compose_model import (
    FORMS,
    KINDS,
    Draft,
    Kind,
    SendRequest,
    make_request,
    read_draft,
)
from wsdebug.tui.compose_rows import KindRow, LastRow
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.layout import Density
from wsdebug.tui.separator import Separator

__all__ = ["Composer", "Draft", "SendRequest"]

PLACEHOLDERS = {
    "text": "type a message",
    "hex": "hex, such as 68 65 6c 6c 6f, or @ and the name of a file",
    "base64": "base64, such as aGVsbG8=, or @ and the name of a file",
    "file": "the name of a file",
}
UNCONNECTED = "Not connected. What you type here is kept until you are."
NARROW = 120  # cells of the screen; below, the way back is shown


class Composer(Vertical):
    """Text, binary, ping, pong and close; one draft of each is kept.

    The screen sets `density`, `is_connected` and `close_timeout`, gives the room that
    `rows` asks for, and answers `Send` with `sent` once the message is on its way.
    """

    DEFAULT_CSS = """
    Composer { background: $surface; }
    Composer #compose-body { height: 1fr; margin: 1 0; }
    Composer #compose-prompt { width: 3; color: $primary; text-style: bold; }
    Composer.-unconnected #compose-prompt { color: $foreground-disabled; text-style: none; }
    Composer #compose-hint { width: auto; padding: 0 1 0 2; }
    Composer #compose-bottom { height: 1; }
    Composer CloseForm { margin: 1 0 0 0; }
    Composer CloseForm.-dense { margin: 0; }
    Composer #compose-space { height: 1fr; }
    """
    BINDING_GROUP_TITLE = "Composer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,f8,ctrl+enter", "send", "Send", show=False),
        Binding("f3", "next_kind", "Next kind", show=False),
    ]

    density: reactive[Density] = reactive[Density]("tall")
    is_connected: reactive[bool] = reactive(True)
    close_timeout: reactive[float] = reactive(5.0)
    kind: reactive[Kind] = reactive[Kind]("text")
    is_active: reactive[bool] = reactive(False)  # the focus is inside

    class Send(Message):
        """Send this now; answer with `Composer.sent` or `Composer.refuse`."""

        def __init__(self, request: SendRequest) -> None:
            super().__init__()
            self.request = request

    class Rearranged(Message):
        """`rows` or `covers` changed: the screen gives another region."""

    def __init__(self, *, history: SentHistory | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self._history = history or SentHistory()
        self._drafts = {kind: Draft(kind, FORMS[kind][0]) for kind in KINDS}

    def compose(self) -> ComposeResult:
        """First row, text or close form, last row."""
        yield Separator(id="compose-top")
        yield KindRow(id="compose-kinds")
        with Horizontal(id="compose-body"):
            yield Static("", id="compose-prompt")
            yield Editor(id="compose-text")
            yield Static("", id="compose-hint")
        yield CloseForm(id="compose-close")
        yield Static("", id="compose-space")
        yield LastRow(id="compose-last")
        yield Static("", id="compose-bottom")

    def on_mount(self) -> None:
        """Show what belongs to the kind and the room."""
        self._show_draft()
        self._arrange()

    @property
    def draft(self) -> Draft:
        """What stands in the composer now."""
        return self._drafts[self.kind]

    @property
    def text(self) -> str:
        """The text typed for the present kind, the reason for close."""
        return self.draft.reason if self.kind == "close" else self.draft.text

    @property
    def has_unsent(self) -> bool:
        """Whether anything is typed that was not sent."""
        return any(draft.text or draft.reason for draft in self._drafts.values())

    @property
    def covers(self) -> bool:
        """Whether the close form needs the room of the log too."""
        return self.kind == "close" and self.density == "short" and self.is_active

    @property
    def rows(self) -> int:
        """The height wanted, in cells; meaningless where it `covers` the log."""
        if self.density == "short":
            return 7 if self.is_active else 1
        if self._is_idle:
            return 5 if self.density == "tall" else 3
        return 16 if self.kind == "close" else 8 if self.density == "tall" else 6

    def focus_input(self) -> None:
        """Take the focus to where one types."""
        self.is_active = True
        if self.kind == "close":
            self.query_one(CodeList).focus()
        else:
            self.query_one(Editor).focus()

    def load(self, draft: Draft) -> None:
        """Put a draft in place of the one of its kind, and show it."""
        self._drafts[draft.kind] = draft
        if self.kind == draft.kind:
            self._show_draft()
        self.kind = draft.kind

    def sent(self, request: SendRequest) -> None:
        """The screen sent it: remember it, and make room for the next."""
        draft = self._drafts[request.kind]
        if request.kind != "close":
            self._history.add(draft)
        self._drafts[request.kind] = replace(draft, text="", reason="")
        if request.kind == self.kind:
            self._show_draft()

    def refuse(self, words: str) -> None:
        """Say in the last row why nothing was sent."""
        self.query_one(LastRow).said = words

    def action_send(self) -> None:
        """Hand what is typed to the screen, or say what is wrong with it."""
        try:
            request = make_request(self.draft)
        except UsageError as error:
            self.refuse(str(error))
            return
        self.post_message(self.Send(request))

    def action_next_kind(self) -> None:
        """Text, binary, ping, pong, close, and text again."""
        self.kind = KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)]
        self.focus_input()

    def watch_kind(self) -> None:
        """Show the draft of that kind."""
        if not self.is_mounted:
            return
        self._history.leave()
        self._show_draft()
        self._arrange()
        if self.is_active:
            self.focus_input()

    def watch_density(self) -> None:
        """Another height of terminal."""
        self._arrange()

    def watch_is_active(self) -> None:
        """The focus came or went."""
        self._arrange()

    def watch_is_connected(self) -> None:
        """Another placeholder."""
        self._arrange()

    def watch_close_timeout(self) -> None:
        """Another sentence under the close codes."""
        self._judge()

    def on_resize(self) -> None:
        """Another width."""
        self._arrange()

    def on_descendant_focus(self, _: DescendantFocus) -> None:
        """Blue bar, blue kind."""
        self.is_active = True
        self._follow_focus()

    def on_descendant_blur(self, _: DescendantBlur) -> None:
        """Let go, unless the focus only moved within."""
        self.call_later(self._follow_focus)

    def on_click(self, event: Click) -> None:
        """A click anywhere else in the composer is a click into its field."""
        if not isinstance(event.widget, KindRow | LastRow | CodeList | Field | TextArea):
            self.focus_input()

    def on_editor_history(self, event: Editor.History) -> None:
        """An older or a newer message."""
        event.stop()
        draft = self._history.step(self.draft, event.step)
        if draft is not None:
            self._drafts[self.kind] = draft
            self._show_draft(on_first_line=event.step < 0)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep and judge what is typed."""
        event.stop()
        if self.kind != "close":
            self._keep(replace(self.draft, text=event.text_area.text))

    def on_close_form_changed(self, event: CloseForm.Changed) -> None:
        """Keep and judge the code and reason."""
        event.stop()
        if self.kind == "close":
            form = self.query_one(CloseForm)
            self._keep(replace(self.draft, code=form.code, reason=form.reason))

    def on_kind_row_picked(self, event: KindRow.Picked) -> None:
        """Another kind by mouse."""
        event.stop()
        self.kind = event.kind
        self.focus_input()

    def on_kind_row_pressed(self, event: KindRow.Pressed) -> None:
        """Send by mouse."""
        event.stop()
        self.action_send()

    def on_last_row_form_changed(self, event: LastRow.FormChanged) -> None:
        """Read the same characters in another form."""
        event.stop()
        self._keep(replace(self.draft, form=event.form))
        self._arrange()

    @property
    def _is_idle(self) -> bool:
        return not (self.is_active or self.is_connected or self.has_unsent)

    def _keep(self, draft: Draft) -> None:
        if draft != self.draft:
            self._drafts[self.kind] = draft
            self.query_one(LastRow).said = ""
        self._judge()
        self._fit()

    def _judge(self) -> None:
        if not self.is_mounted:
            return
        last = self.query_one(LastRow)
        last.kind, last.form = self.kind, self.draft.form
        last.reading = read_draft(self.draft, close_timeout=self.close_timeout)
        last.has_history = self._history.has(self.kind)

    def _show_draft(self, *, on_first_line: bool = False) -> None:
        draft = self.draft
        if self.kind == "close":
            self.query_one(CloseForm).load(draft.code, draft.reason)
        else:
            editor = self.query_one(Editor)
            editor.is_json = self.kind == "text"
            if editor.text != draft.text:
                editor.replace_all(draft.text, on_first_line=on_first_line)
        self.query_one(LastRow).said = ""
        self._judge()
        self._fit()

    def _follow_focus(self) -> None:
        if not self.is_mounted:
            return
        self.is_active = self.has_focus_within
        reason = self.query_one("#close-reason", Field)
        self.query_one(LastRow).in_reason = reason.has_focus

    def _fit(self) -> None:
        """A third line of text takes the blank row below it."""
        is_long = self.query_one(Editor).wrapped_document.height > 2
        is_row = self.density == "short" and not self.is_active
        bottom = 0 if is_row or self._is_idle or is_long else 1
        top = 0 if is_row or self._is_idle else 1
        self.query_one("#compose-body").styles.margin = (top, 0, bottom, 0)

    def _arrange(self) -> None:
        """Show the parts that the density, the kind and the focus call for."""
        if not self.is_mounted:
            return
        is_row = self.density == "short" and not self.is_active
        is_idle = not is_row and self._is_idle
        is_whole = not is_row and not is_idle
        is_close = self.kind == "close"
        kinds = self.query_one(KindRow)
        kinds.kind, kinds.is_focused = self.kind, self.is_active
        kinds.shows_back = self.density == "short" or self.screen.size.width < NARROW
        for selector, shown in (
            ("#compose-top", is_idle or self.density == "tall"),
            ("#compose-kinds", is_whole),
            ("#compose-body", not (is_whole and is_close)),
            ("#compose-text", not (is_row and is_close)),
            ("#compose-hint", is_row),
            ("#compose-close", is_whole and is_close),
            ("#compose-space", is_whole and is_close),
            ("#compose-last", is_whole),
            ("#compose-bottom", is_whole and self.density != "medium" and not self.covers),
        ):
            self.query_one(selector).display = shown
        self.query_one(CloseForm).set_class(self.density == "short", "-dense")
        self._fit()
        self._show_words()
        self._judge()
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
        hint = Content.assemble(*hints(("c", "compose")))
        if self.kind == "close":
            hint = Content.assemble((f"close {self.draft.code}   ", "$foreground-muted"), hint)
        self.query_one("#compose-hint", Static).update(hint)
