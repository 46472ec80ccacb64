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
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.bars import hints
from wsdebug.tui.compose_close import CloseForm, CodeList
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_history import SentHistory
from wsdebug.tui.compose_model import (
    FORMS,
    KINDS,
    Draft,
    Kind,
    Reading,
    SendRequest,
    make_request,
    read_draft,
)
from wsdebug.tui.compose_raw import RawForm
from wsdebug.tui.compose_raw_model import RawDraft, make_frame
from wsdebug.tui.compose_rows import KindRow, LastRow
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.layout import Density
from wsdebug.tui.pick import Pick
from wsdebug.tui.separator import Separator
from wsdebug.tui.settings_form import Check

__all__ = ["Composer", "Draft", "SendRequest"]

PLACEHOLDERS = {
    "text": "type a message",
    "hex": "hex, such as 68 65 6c 6c 6f, or @ and the name of a file",
    "base64": "base64, such as aGVsbG8=, or @ and the name of a file",
    "file": "the name of a file",
}
UNCONNECTED = "Not connected. What you type here is kept until you are."
# kinds that are set in a form; its rows, where it does not cover the log
FORM_ROWS: dict[Kind, dict[Density, int]] = {
    "close": {"tall": 16, "medium": 16},
    "raw": {"tall": 17, "medium": 11},
}
NARROW = 120  # cells of the screen; below, the way back is shown


class Composer(Vertical):
    """Text, binary, ping, pong, close and raw frames; one draft of each is kept.

    The screen sets `density`, `is_connected`, `extensions` and `close_timeout`, gives the room that
    `rows` asks for, and answers `Send` with `sent` once the message is on its way.
    """

    DEFAULT_CSS = """
    Composer { background: $surface; }
    Composer #compose-body { height: 1fr; margin: 1 0; }
    Composer #compose-prompt { width: 3; color: $primary; text-style: bold; }
    Composer.-unconnected #compose-prompt { color: $foreground-disabled; text-style: none; }
    Composer #compose-hint { width: auto; padding: 0 1 0 2; }
    Composer #compose-bottom { height: 1; }
    Composer CloseForm, Composer RawForm { margin: 1 0 0 0; }
    Composer CloseForm.-dense, Composer RawForm.-dense { margin: 0; }
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
    extensions: reactive[str] = reactive("")  # as agreed
    fragment: reactive[int] = reactive(0)  # bytes of a message in one frame; 0: all of them
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
        """First row, text or form, last row."""
        yield Separator(id="compose-top")
        yield KindRow(id="compose-kinds")
        with Horizontal(id="compose-body"):
            yield Static("", id="compose-prompt")
            yield Editor(id="compose-text")
            yield Static("", id="compose-hint")
        yield CloseForm(id="compose-close")
        yield RawForm(id="compose-raw")
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

    def focus_input(self) -> None:
        """Take the focus to where one types."""
        self.is_active = True
        if self.kind == "close":
            self.query_one(CodeList).focus()
        elif self.kind == "raw":
            self.query_one(RawForm).focus_first()
        else:
            self.query_one(Editor).focus()

    def load(self, draft: Draft) -> None:
        """Put a draft in place of the one of its kind, and show it."""
        self._drafts[draft.kind] = draft
        if self.kind == draft.kind:
            self._show_draft()
        self.kind = draft.kind

    def load_raw(self, draft: RawDraft) -> None:
        """Put a raw frame in place of the one there is, and show it."""
        self.query_one(RawForm).load(draft)
        self.kind = "raw"

    def sent(self, request: SendRequest) -> None:
        """The screen sent it: remember it, and make room for the next; a raw frame stays."""
        if request.kind == "raw":
            return
        draft = self._drafts[request.kind]
        if request.kind != "close":
            self._history.add(draft)
        self._drafts[request.kind] = replace(draft, text="", reason="")
        if request.kind == self.kind:
            self._show_draft()
            if self.is_active:
                self.focus_input()  # from the row of options too

    def refuse(self, words: str) -> None:
        """Say in the last row why nothing was sent."""
        self.query_one(LastRow).said = words

    def action_send(self) -> None:
        """Hand what is typed to the screen, or say what is wrong with it."""
        try:
            request = self._request()
        except UsageError as error:
            self.refuse(str(error))
            return
        self.post_message(self.Send(request))

    def action_next_kind(self) -> None:
        """Text, binary, ping, pong, close, raw, and text again."""
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

    def watch_extensions(self) -> None:
        """RSV1 means something else."""
        if self.is_mounted:
            deflate = self.extensions.startswith("permessage-deflate")
            self.query_one(RawForm).is_compressing = deflate

    def watch_fragment(self) -> None:
        """Another number of frames."""
        self._judge()

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
        if not isinstance(
            event.widget, KindRow | LastRow | CodeList | Field | TextArea | Check | Pick
        ):
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
        if self.kind not in FORM_ROWS:
            self._keep(replace(self.draft, text=event.text_area.text))

    def on_close_form_changed(self, event: CloseForm.Changed) -> None:
        """Keep and judge the code and reason."""
        event.stop()
        if self.kind == "close":
            form = self.query_one(CloseForm)
            self._keep(replace(self.draft, code=form.code, reason=form.reason))

    def on_raw_form_changed(self, event: RawForm.Changed) -> None:
        """Say what the frame amounts to."""
        event.stop()
        self.query_one(LastRow).said = ""
        self._judge()

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

    def on_last_row_fragment_changed(self, event: LastRow.FragmentChanged) -> None:
        """Split messages otherwise."""
        event.stop()
        self.fragment = event.fragment

    @property
    def _is_idle(self) -> bool:
        return not (self.is_active or self.is_connected or self.has_unsent)

    def _keep(self, draft: Draft) -> None:
        if draft != self.draft:
            self._drafts[self.kind] = draft
            self.query_one(LastRow).said = ""
        self._judge()
        self._fit()

    def _request(self) -> SendRequest:
        if self.kind != "raw":
            return make_request(self.draft, fragment=self.fragment)
        form = self.query_one(RawForm)
        if form.reading.is_sendable:
            key = form.take_key()
            return SendRequest("raw", frame=make_frame(form.draft, random=lambda _: key))
        return SendRequest("raw", frame=make_frame(form.draft))

    def _read(self) -> Reading:
        if self.kind != "raw":
            timeout = self.close_timeout
            return read_draft(self.draft, close_timeout=timeout, fragment=self.fragment)
        reading = self.query_one(RawForm).reading
        size = "1 byte" if reading.size == 1 else f"{with_commas(reading.size)} bytes"
        facts = (f"{size}, once",) if reading.is_sendable else ()
        return Reading("raw", facts, reading.problem, sendable=reading.is_sendable)

    def _judge(self) -> None:
        if not self.is_mounted:
            return
        last = self.query_one(LastRow)
        last.kind, last.form, last.fragment = self.kind, self.draft.form, self.fragment
        last.reading = self._read()
        last.has_history = self._history.has(self.kind)

    def _show_draft(self, *, on_first_line: bool = False) -> None:
        draft = self.draft
        if self.kind == "close":
            self.query_one(CloseForm).load(draft.code, draft.reason)
        elif self.kind != "raw":
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
        has_form = self.kind in FORM_ROWS
        kinds = self.query_one(KindRow)
        kinds.kind, kinds.is_focused = self.kind, self.is_active
        kinds.shows_back = self.density == "short" or self.screen.size.width < NARROW
        for selector, shown in (
            ("#compose-top", is_idle or self.density == "tall"),
            ("#compose-kinds", is_whole),
            ("#compose-body", not (is_whole and has_form)),
            ("#compose-text", not (is_row and has_form)),
            ("#compose-hint", is_row),
            ("#compose-close", is_whole and self.kind == "close"),
            ("#compose-raw", is_whole and self.kind == "raw"),
            ("#compose-space", is_whole and has_form),
            ("#compose-last", is_whole),
            ("#compose-bottom", is_whole and self.density != "medium" and not self.covers),
        ):
            self.query_one(selector).display = shown
        self.query_one(CloseForm).set_class(self.density == "short", "-dense")
        self.query_one(RawForm).set_class(self.density != "tall", "-dense")
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
        if self.kind in FORM_ROWS:
            what = f"close {self.draft.code}" if self.kind == "close" else "raw frame"
            hint = Content.assemble((f"{what}   ", "$foreground-muted"), hint)
        self.query_one("#compose-hint", Static).update(hint)
