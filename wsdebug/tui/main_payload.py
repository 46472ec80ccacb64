"""What the main screen does with a payload outside of it: into a file, a pager, an editor."""

import tempfile
from functools import partial
from pathlib import Path

from wsdebug.errors import RecordingFailed
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.keymap import shown
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_rows import MainRows
from wsdebug.tui.outside import Tool, readable, show_file
from wsdebug.tui.row_copies import Payload, payload_of
from wsdebug.workspace.folders import display_name
from wsdebug.workspace.save import beside, shown_path, write_new

__all__ = ["MainPayload"]


class MainPayload(MainRows):
    """Takes the whole message of the row under the cursor, fragments joined."""

    def action_payload_file(self) -> None:
        """Write it to a file of a new name, beside a saved session, else here."""
        payload = self._payload()
        if payload is not None:
            stem = f"{self._payload_stem()} line {payload.line}"
            write = partial(self._write_payload, payload, beside(self.session.path), stem)
            self.run_worker(write, thread=True, group="payload")

    def action_payload_pager(self) -> None:
        """Read it in `$PAGER`, with every control character spelled out."""
        self._open_payload("pager")

    def action_payload_editor(self) -> None:
        """Open a copy of it, byte for byte, in `$VISUAL` or `$EDITOR`."""
        self._open_payload("editor")

    def _payload_stem(self) -> str:
        path = self.session.path
        return display_name(path) if path is not None else "session"

    def _payload(self) -> Payload | None:
        log, number = self.session.log, self.query_one(LogRegion).view.line
        payload = payload_of(log, number) if log is not None and number is not None else None
        if payload is None:
            self.say("this row has no payload")
        return payload

    def _write_payload(self, payload: Payload, folder: Path, stem: str) -> None:
        try:
            path = write_new(folder, stem, payload.suffix, payload.data)
        except RecordingFailed as error:
            self.app.call_from_thread(self.say, str(error), wrong=True)
            return
        size = with_commas(len(payload.data))
        words = f"payload written to {shown_path(path)}: {size} bytes"
        self.app.call_from_thread(self.say, words)

    def _open_payload(self, tool: Tool) -> None:
        payload = self._payload()
        if payload is None:
            return
        # The terminal gets nothing from us that a peer wrote: a pager may pass all of it on.
        data = readable(payload) if tool == "pager" else payload.data
        suffix = payload.suffix if tool == "editor" else ".txt"
        try:
            with tempfile.TemporaryDirectory(prefix="wsdebug-") as folder:
                path = write_new(Path(folder), f"line {payload.line}", suffix, data)
                problem = show_file(self.app, tool, path)
        except RecordingFailed as error:
            problem = str(error)
        except OSError as error:  # there is no folder for it
            problem = f"cannot make a temporary folder: {(error.strerror or str(error)).lower()}"
        if problem:
            self.say(f"{problem}; {shown('w')} writes the payload to a file", wrong=True)
