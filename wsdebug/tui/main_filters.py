"""What the main screen does with filters: typed, remembered, kept by a name."""

from collections.abc import Iterator
from functools import partial

from wsdebug.errors import WsdebugError
from wsdebug.log.filter_parse import parse_filter
from wsdebug.payload.escape import escape
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keymap import shown
from wsdebug.tui.line_dialog import LineDialog
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_replay import MainReplay
from wsdebug.tui.palette import Command

__all__ = ["MainFilters"]


class MainFilters(MainReplay):
    """Asks the log's region for filters, and the desk to remember them."""

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one(LogRegion).edit_filter(self.desk.filters.known())

    def on_log_region_filter_wanted(self) -> None:
        """Type a filter."""
        self.action_filter()

    def on_inspector_filter_by(self, event: Inspector.FilterBy) -> None:
        """Rows with the same value; escape shows all again."""
        self.query_one(LogRegion).use_filter(event.text)
        self.desk.filters.add(event.text)

    def on_log_region_filter_used(self, event: LogRegion.FilterUsed) -> None:
        """Remember it, to complete the next."""
        self.desk.filters.add(event.text)

    def on_log_region_filter_kept(self, event: LogRegion.FilterKept) -> None:
        """Ask for a name, and keep it."""

        def keep(name: str | None) -> None:
            if name is not None:
                self._change(
                    f"the palette shows the rows of “{name}” from now on", name, event.text
                )

        dialog = LineDialog("Keep the filter", "name", placeholder="as in the palette")
        self.app.push_screen(dialog, keep)

    def action_fold_heartbeats(self) -> None:
        """Fold heartbeats, or no more."""
        view = self.query_one(LogRegion).view
        view.set_folds(view.folds.query, is_on=not view.folds.is_on)
        text = escape(view.folds.query.text)
        what = f"{text} is folded; {shown('→')} unfolds a row, {shown('H')} folds something else"
        self.say(what if view.folds.is_on else "nothing is folded")

    def action_heartbeats(self) -> None:
        """Say what heartbeats are, in the language of filters; they are folded then."""
        view = self.query_one(LogRegion).view

        def take(text: str | None) -> None:
            if text is not None:
                view.set_folds(parse_filter(text), is_on=True)

        before = view.folds.query.text
        dialog = LineDialog(
            "What is folded", "filter", value=before, verb="fold", check=parse_filter
        )
        self.app.push_screen(dialog, take)

    def own_commands(self) -> Iterator[Command]:
        """The kept filters, for the palette."""
        for name, text in self.desk.filters.named().items():
            use = partial(self.query_one(LogRegion).use_filter, text)
            yield Command(f"Filter: {name}", text, (), use)
            forget = partial(self._change, f"“{name}” is no longer kept", name, None)
            yield Command(f"Forget the filter {name}", text, (), forget)

    def _change(self, words: str, name: str, text: str | None) -> None:
        try:
            if text is None:
                self.desk.filters.forget(name)
            else:
                self.desk.filters.keep(name, text)
        except WsdebugError as error:
            self.say(str(error), wrong=True)
        else:
            self.say(words)
