"""The composer: what is typed, of which kind, and whether it can be sent."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, DescendantBlur, DescendantFocus, Paste
from textual.message import Message
from textual.widgets import TextArea

from wsdebug.errors import UsageError
from wsdebug.tui.compose_close import CodeList
from wsdebug.tui.compose_drafts import ComposerDrafts
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_model import (
    KINDS,
    Draft,
    SendRequest,
    make_request,
)
from wsdebug.tui.compose_raw import RawForm
from wsdebug.tui.compose_raw_model import make_frame
from wsdebug.tui.compose_rows import KindRow, LastRow
from wsdebug.tui.compose_view import FORM_OF, FORM_ROWS
from wsdebug.tui.field import Field
from wsdebug.tui.one_of import Pick
from wsdebug.tui.settings_form import Check

__all__ = ["Composer", "Draft", "SendRequest"]


class Composer(ComposerDrafts):
    """Text, binary, ping, pong, close and raw frames; one draft of each is kept.

    The screen sets `density`, `is_connected`, `extensions` and `close_timeout`, gives the room that
    `rows` asks for, and answers `Send` with `sent` once the message is on its way.
    """

    BINDING_GROUP_TITLE = "Composer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,f8,ctrl+enter", "send", "Send", show=False, id="send"),
        Binding("f3", "next_kind", "Next kind", show=False, id="next_kind"),
    ]

    class Send(Message):
        """Send this now; answer with `Composer.sent` or `Composer.refuse`."""

        def __init__(self, request: SendRequest) -> None:
            super().__init__()
            self.request = request

    async def on_mount(self) -> None:
        """Show what belongs to the kind and the room."""
        await self._show_kind()

    def focus_input(self) -> None:
        """Take the focus to where one types."""
        self.is_active = True
        if self.kind in FORM_OF:  # one that is not there yet is gone to when it is
            self.query_one(FORM_OF[self.kind]).focus_first()
        else:
            self.query_one(Editor).focus()

    def paste(self, text: str) -> None:
        """Go to where one types, and put in what was pasted where there is nothing to type in."""
        if self.is_active:  # it has taken it itself
            return
        if self.kind in FORM_ROWS:
            self.kind = "text"
        self.focus_input()
        self.query_one(Editor).post_message(Paste(text))

    def sent(self, request: SendRequest, *, as_typed: bool = True) -> None:
        """The screen sent it: remember it, and make room for the next; a raw frame stays.

        What was not sent `as_typed` had secrets in it, and is not remembered.
        """
        if request.kind == "raw":
            return
        draft = self._drafts[request.kind]
        self._masks.pop(request.kind, None)
        if request.kind != "close" and as_typed:
            self.history.add(draft)
        self._drafts[request.kind] = replace(draft, text="", reason="")
        if request.kind == self.kind:
            self._show_draft()
            if self.is_active:
                self.focus_input()  # from the row of options too

    def action_send(self) -> None:
        """Hand what is typed to the screen, or say what is wrong with it."""
        try:
            request = self.request()
        except UsageError as error:
            self.refuse(str(error))
            return
        self.post_message(self.Send(request))

    def action_next_kind(self) -> None:
        """Text, binary, ping, pong, close, raw, and text again."""
        self.kind = KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)]
        self.focus_input()

    async def watch_kind(self) -> None:
        """Show the draft of that kind."""
        if self.is_mounted:
            self.history.leave()
            await self._show_kind()
            if self.is_active:
                self.focus_input()

    async def _show_kind(self) -> None:
        if self.kind in FORM_OF:
            await self.query_one(FORM_OF[self.kind]).make()
        self._show_draft()
        self.lay_out()

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

    def watch_budget(self) -> None:
        """Another number of bytes that a message should have."""
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

    def on_kind_row_picked(self, event: KindRow.Picked) -> None:
        """Another kind by mouse."""
        event.stop()
        self.kind = event.kind
        self.focus_input()

    def on_kind_row_pressed(self, event: KindRow.Pressed) -> None:
        """Send by mouse."""
        event.stop()
        self.action_send()

    def request(self) -> SendRequest:
        """What is typed, as a message to send. UsageError says what keeps it from being sent."""
        if self.kind != "raw":
            return make_request(self.draft, fragment=self.fragment)
        form = self.query_one(RawForm)
        if form.reading.is_sendable:
            key = form.take_key()
            return SendRequest("raw", frame=make_frame(form.draft, random=lambda _: key))
        return SendRequest("raw", frame=make_frame(form.draft))

    def _follow_focus(self) -> None:
        if not self.is_mounted:
            return
        self.is_active = self.has_focus_within
        self.query_one(LastRow).in_reason = any(self.query("#close-reason:focus"))
