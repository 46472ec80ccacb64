"""What the main screen does with the row under the cursor: copy, send again, edit."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from wsdebug.errors import WsdebugError
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.clipboard import Clipboard, Way
from wsdebug.tui.compare_dialog import CompareDialog
from wsdebug.tui.compose_masked import filled_in, masks_of, secrets_in
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.compose_raw_model import RawDraft
from wsdebug.tui.composer import Composer
from wsdebug.tui.copy_dialog import CopyDialog
from wsdebug.tui.inspect_find import ByteFinder
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keymap import shown
from wsdebug.tui.line_dialog import LineDialog
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_advice import MainAdvice
from wsdebug.tui.question import Question
from wsdebug.tui.row_copies import Copy, copies_of, draft_of, request_of
from wsdebug.tui.ticked_rows import TickedRows
from wsdebug.tui.values_dialog import ValuesDialog
from wsdebug.workspace.save import free_name

__all__ = ["MainRows"]

EDITED = 256 * 1024  # characters; with more, each key typed would take seconds
SECRET = "*** stands for a secret in this message. This is sent in its place."
WAYS: dict[Way, str] = {
    "tmux": "by tmux",
    "native": "to the clipboard",
    "terminal": "through the terminal, if it lets programs copy",
    "browser": "by the browser, if it lets pages copy",
}


class MainRows(MainAdvice):
    """Acts upon one line of the session's log."""

    def when_filled(self, request: SendRequest, then: Callable[[SendRequest], None]) -> None:
        """Do something with what stands in the composer, once the person has given the secrets
        that are masked there.
        """
        masks = self.query_one(Composer).masks
        asked = secrets_in(request, masks)
        if not asked:
            then(request)
            return

        def fill(values: Mapping[str, str] | None) -> None:
            if values is not None:
                then(filled_in(request, masks, values))

        self.app.push_screen(ValuesDialog(asked, SECRET, known=asked), fill)

    def send_request(self, request: SendRequest) -> bool:
        """Send; whether there was a connection to send on."""
        raise NotImplementedError

    def action_copy(self) -> None:
        """Copy what is most wanted of the row, or what the inspector's cursor is on."""
        inspector = self.query_one(Inspector)
        copies = inspector.copies_at_cursor() if inspector.has_focus else []
        if not copies and inspector.has_focus and inspector.picked is not None:
            words = f"{with_commas(len(inspector.picked))} bytes are too many to be copied"
            self.say(f"{words}; {shown('w')} writes the payload to a file")
            return
        copies = copies or self._copies()
        if copies:
            self.copy(copies[0])

    def action_copy_as(self) -> None:
        """Choose what to copy of the row; in the inspector, of its cursor too."""
        copies = self._copies()
        inspector = self.query_one(Inspector)
        if inspector.has_focus:
            copies = [*inspector.copies_at_cursor(), *copies]
        if copies:
            self.app.push_screen(CopyDialog(copies), self._copy_chosen)

    def action_send_again(self) -> None:
        """Send the message of the row once more."""
        # as it was, not as it is shown: secrets are masked there
        log, line = self.session.whole_log, self.query_one(LogRegion).view.line
        request = request_of(log, line) if log is not None and line is not None else None
        if request is None:
            self.say("this row is no frame that could be sent")
        elif not self.send_request(request):
            self.say(f"not connected; {shown('F5')} connects", wrong=True)

    def action_edit_again(self) -> None:
        """Put the message of the row into the composer."""
        log, line = self.session.log, self.query_one(LogRegion).view.line
        draft = draft_of(log, line) if log is not None and line is not None else None
        composer = self.query_one(Composer)
        if log is None or line is None or draft is None:
            self.say("this row is no frame that could be sent")
            return
        typed = len(draft.payload if isinstance(draft, RawDraft) else draft.text)
        if typed > EDITED:
            keys = shown("s"), shown("w")
            words = f"{with_commas(typed)} characters are too many to be edited here"
            self.say(f"{words}; {keys[0]} sends them as they are, {keys[1]} makes a file")
            return
        masks = masks_of(log, self.session.whole_log or log, line)
        if isinstance(draft, RawDraft):
            composer.load_raw(draft, masks)
        else:
            composer.load(draft, masks)
        composer.focus_input()
        if masks:
            self.say("*** stands for a secret; it is asked for when you send")

    def action_note(self) -> None:
        """Write a remark on the row."""
        log, line = self.session.log, self.query_one(LogRegion).view.line
        if log is None:
            self.say("nothing to write a note on yet")
            return

        def write(text: str | None) -> None:
            if text is not None:
                self.when_done(self.session.note(text, line), self._was_noted)

        title = f"Note on line {line:,}" if line is not None else "Note"
        dialog = LineDialog(title, "note", placeholder="what there is to know")
        self.app.push_screen(dialog, write)

    def on_ticked_rows_compare(self, event: TickedRows.Compare) -> None:
        """Show what differs."""
        if self.session.log is not None:
            self.app.push_screen(CompareDialog(self.session.log, event.lines, self.copy))

    def on_byte_finder_said(self, event: ByteFinder.Said) -> None:
        """Say it in the status line."""
        self.say(event.words, wrong=event.wrong)

    def on_ticked_rows_said(self, event: TickedRows.Said) -> None:
        """Say it in the status line."""
        self.say(event.words)

    def _was_noted(self, error: WsdebugError | None) -> None:
        if error is None:
            try:
                self.session.reload()
            except WsdebugError as gone:
                error = gone
        if error is not None:
            self.say(str(error), wrong=True)
        else:
            self.say("note written")

    def copy(self, chosen: Copy) -> None:
        """Copy in a thread, since tools and displays may take their time, and say how."""
        clipboard = Clipboard(partial(self.app.call_from_thread, self.app.copy_to_clipboard))
        self.run_worker(partial(self._copy, clipboard, chosen), thread=True, group="copy")

    def _copies(self) -> list[Copy]:
        log, line = self.session.log, self.query_one(LogRegion).view.line
        return copies_of(log, line) if log is not None and line is not None else []

    def _copy_chosen(self, chosen: Copy | None) -> None:
        if chosen is not None:
            self.copy(chosen)

    def _copy(self, clipboard: Clipboard, chosen: Copy) -> None:
        way = clipboard.copy(chosen.text)
        self.app.call_from_thread(self._was_copied, chosen, way)

    def _was_copied(self, chosen: Copy, way: Way) -> None:
        if way != "none":
            lacks = f"; it cannot hold {chosen.lacks}" if chosen.lacks else ""
            self.say(f"{chosen.name} copied {WAYS[way]}: {chosen.size}{lacks}")
            return
        size = with_commas(len(chosen.text.encode("utf-8", "surrogatepass")))
        question = Question(
            f"No clipboard here takes {size} bytes. Write a file?",
            "There is neither tmux nor a display, and a terminal takes less at once.",
            answers=(("f", "write a file here"), ("escape", "back")),
        )

        def write(answer: str | None) -> None:
            if answer == "f":
                self._write(chosen)

        self.app.push_screen(question, write)

    def _write(self, chosen: Copy) -> None:
        path = free_name(Path(), "copied", ".txt")
        try:
            path.write_text(chosen.text, "utf-8", "backslashreplace", newline="")
        except OSError as error:
            self.say(f"{path} cannot be written: {(error.strerror or '').lower()}", wrong=True)
        else:
            self.say(f"{chosen.name} written to ./{path}")
