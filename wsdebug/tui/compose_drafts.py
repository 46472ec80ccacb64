"""The composer's drafts: one of each kind, kept, judged and shown in its fields."""

from dataclasses import replace

from textual.widgets import TextArea

from wsdebug.payload.numbers import with_commas
from wsdebug.tui.compose_close import CloseForm
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_history import SentHistory
from wsdebug.tui.compose_model import FORMS, KINDS, Draft, Kind, Reading, read_draft
from wsdebug.tui.compose_raw import RawForm
from wsdebug.tui.compose_raw_model import RawDraft
from wsdebug.tui.compose_rows import LastRow
from wsdebug.tui.compose_suggest import SuggestingArea
from wsdebug.tui.compose_view import FORM_ROWS, ComposerView

__all__ = ["ComposerDrafts"]


class ComposerDrafts(ComposerView):
    """What is typed, before it is sent."""

    def __init__(self, *, history: SentHistory | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self.history = history or SentHistory()
        self._drafts = {kind: Draft(kind, FORMS[kind][0]) for kind in KINDS}
        self._masks: dict[Kind, tuple[str, ...]] = {}

    @property
    def draft(self) -> Draft:
        """What stands in the composer now."""
        return self._drafts[self.kind]

    @property
    def kept(self) -> Draft | RawDraft:
        """What stands there now, as it can be kept: the frame of the raw form too."""
        return self.query_one(RawForm).draft if self.kind == "raw" else self.draft

    @property
    def text(self) -> str:
        """The text typed for the present kind, the reason for close."""
        return self.draft.reason if self.kind == "close" else self.draft.text

    @property
    def masks(self) -> tuple[str, ...]:
        """What stands behind the masks of a row that was loaded; kept until it is sent, for an
        undo may bring the row back.
        """
        return self._masks.get(self.kind, ())

    @property
    def has_unsent(self) -> bool:
        """Whether anything is typed that was not sent."""
        return any(draft.text or draft.reason for draft in self._drafts.values())

    def load(self, draft: Draft, masks: tuple[str, ...] = ()) -> None:
        """Put a draft in place of the one of its kind, and show it; undo brings that back.

        `masks` is what stands behind each `***` of it.
        """
        self.history.leave()
        self._drafts[draft.kind] = draft
        self._masks[draft.kind] = masks or self._masks.get(draft.kind, ())
        if self.kind == draft.kind:
            self._show_draft(as_edit=True)
        self.kind = draft.kind

    def load_raw(self, draft: RawDraft, masks: tuple[str, ...] = ()) -> None:
        """Put a raw frame in place of the one there is, and show it."""
        self._masks["raw"] = masks
        self.query_one(RawForm).load(draft)
        self.kind = "raw"

    def refuse(self, words: str) -> None:
        """Say in the last row why nothing was sent."""
        self.query_one(LastRow).said = words

    def on_editor_history(self, event: Editor.History) -> None:
        """An older or a newer message."""
        event.stop()
        draft = self.history.step(self.draft, event.step)
        if draft is not None:
            self._drafts[self.kind] = draft
            self._show_draft(on_first_line=event.step < 0)

    def on_editor_refused(self, event: Editor.Refused) -> None:
        """Say why."""
        event.stop()
        self.refuse(event.words)

    def on_suggesting_area_offered(self, event: SuggestingArea.Offered) -> None:
        """List the words in the last row."""
        event.stop()
        last = self.query_one(LastRow)
        last.offered, last.offered_at = event.words, event.at

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

    def on_last_row_form_changed(self, event: LastRow.FormChanged) -> None:
        """Read the same characters in another form."""
        event.stop()
        self._keep(replace(self.draft, form=event.form))
        self.lay_out()

    def on_last_row_lay_out(self, event: LastRow.LayOut) -> None:
        """In the text, with the focus there."""
        event.stop()
        editor = self.query_one(Editor)
        editor.focus()
        editor.action_lay_out()

    def on_last_row_fragment_changed(self, event: LastRow.FragmentChanged) -> None:
        """Split messages otherwise."""
        event.stop()
        self.fragment = event.fragment

    def judge(self) -> None:
        """Say in the last row what the draft amounts to."""
        if not self.is_mounted:
            return
        last = self.query_one(LastRow)
        last.kind, last.form, last.fragment = self.kind, self.draft.form, self.fragment
        last.reading = self._read()
        last.has_history = self.history.has(self.kind)

    def _read(self) -> Reading:
        if self.kind != "raw":
            return read_draft(
                self.draft,
                close_timeout=self.close_timeout,
                fragment=self.fragment,
                budget=self.budget,
            )
        reading = self.query_one(RawForm).reading
        size = "1 byte" if reading.size == 1 else f"{with_commas(reading.size)} bytes"
        facts = (f"{size}, once",) if reading.is_sendable else ()
        return Reading("raw", facts, reading.problem, sendable=reading.is_sendable)

    def _keep(self, draft: Draft) -> None:
        if draft != self.draft:
            self._drafts[self.kind] = draft
            self.query_one(LastRow).said = ""
        self.judge()
        self.fit()

    def _show_draft(self, *, on_first_line: bool = False, as_edit: bool = False) -> None:
        draft = self.draft
        if self.kind == "close":
            self.query_one(CloseForm).load(draft.code, draft.reason)
        elif self.kind != "raw":
            editor = self.query_one(Editor)
            editor.is_json = self.kind == "text"
            if editor.text != draft.text and as_edit:
                editor.put(draft.text)
            elif editor.text != draft.text:
                editor.replace_all(draft.text, on_first_line=on_first_line)
        self.query_one(LastRow).said = ""
        self.judge()
        self.fit()
