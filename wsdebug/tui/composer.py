"""The composer: what is typed, of which kind, and whether it can be sent."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, DescendantBlur, DescendantFocus
from textual.message import Message
from textual.widgets import TextArea

from wsdebug.errors import UsageError
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.compose_close import CloseForm, CodeList
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_history import SentHistory
from wsdebug.tui.compose_model import (
    FORMS,
    KINDS,
    Draft,
    Reading,
    SendRequest,
    make_request,
    read_draft,
)
from wsdebug.tui.compose_raw import RawForm
from wsdebug.tui.compose_raw_model import RawDraft, make_frame
from wsdebug.tui.compose_rows import KindRow, LastRow
from wsdebug.tui.compose_view import FORM_ROWS, ComposerView
from wsdebug.tui.field import Field
from wsdebug.tui.pick import Pick
from wsdebug.tui.settings_form import Check

__all__ = ["Composer", "Draft", "SendRequest"]


class Composer(ComposerView):
    """Text, binary, ping, pong, close and raw frames; one draft of each is kept.

    The screen sets `density`, `is_connected`, `extensions` and `close_timeout`, gives the room that
    `rows` asks for, and answers `Send` with `sent` once the message is on its way.
    """

    BINDING_GROUP_TITLE = "Composer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,f8,ctrl+enter", "send", "Send", show=False),
        Binding("f3", "next_kind", "Next kind", show=False),
    ]

    class Send(Message):
        """Send this now; answer with `Composer.sent` or `Composer.refuse`."""

        def __init__(self, request: SendRequest) -> None:
            super().__init__()
            self.request = request

    def __init__(self, *, history: SentHistory | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self._history = history or SentHistory()
        self._drafts = {kind: Draft(kind, FORMS[kind][0]) for kind in KINDS}

    def on_mount(self) -> None:
        """Show what belongs to the kind and the room."""
        self._show_draft()
        self.lay_out()

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
        self.lay_out()
        if self.is_active:
            self.focus_input()

    def watch_density(self) -> None:
        """Another height of terminal."""
        self.lay_out()

    def watch_is_active(self) -> None:
        """The focus came or went."""
        self.lay_out()

    def watch_is_connected(self) -> None:
        """Another placeholder."""
        self.lay_out()

    def watch_extensions(self) -> None:
        """RSV1 means something else."""
        if self.is_mounted:
            deflate = self.extensions.startswith("permessage-deflate")
            self.query_one(RawForm).is_compressing = deflate

    def watch_fragment(self) -> None:
        """Another number of frames."""
        self.judge()

    def watch_close_timeout(self) -> None:
        """Another sentence under the close codes."""
        self.judge()

    def on_resize(self) -> None:
        """Another width."""
        self.lay_out()

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
        self.judge()

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
        self.lay_out()

    def on_last_row_fragment_changed(self, event: LastRow.FragmentChanged) -> None:
        """Split messages otherwise."""
        event.stop()
        self.fragment = event.fragment

    def _keep(self, draft: Draft) -> None:
        if draft != self.draft:
            self._drafts[self.kind] = draft
            self.query_one(LastRow).said = ""
        self.judge()
        self.fit()

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

    def judge(self) -> None:
        """Say in the last row what the draft amounts to."""
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
        self.judge()
        self.fit()

    def _follow_focus(self) -> None:
        if not self.is_mounted:
            return
        self.is_active = self.has_focus_within
        reason = self.query_one("#close-reason", Field)
        self.query_one(LastRow).in_reason = reason.has_focus
