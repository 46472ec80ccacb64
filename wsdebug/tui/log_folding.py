"""Rows of the frame log that stand for several: folded, unfolded, and gone into."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from wsdebug.log.filter_terms import Filter
from wsdebug.tui.folds import Folds
from wsdebug.tui.log_cursor import LogCursor

__all__ = ["LogFolding"]


class LogFolding(LogCursor):
    """Folds heartbeats where they follow one another, if that is wanted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right", "unfold", "Unfold", show=False, id="unfold", tooltip="The heartbeats of a row"
        ),
        Binding(
            "left",
            "fold_again",
            "Fold again",
            show=False,
            id="fold_again",
            tooltip="The heartbeats around a row",
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.folds = Folds(self)

    def look_anew(self) -> None:
        """Take the rows there are now, and stay on the line."""
        raise NotImplementedError

    def set_folds(self, query: Filter, *, is_on: bool) -> None:
        """Fold the lines that a filter takes where they follow one another, or none."""
        self.folds.use(query, is_on=is_on)
        self.look_anew()

    def show_line(self, line: int | None) -> None:
        """Go to a line, and unfold what hides it; nothing for None."""
        if line is None:
            return
        if self._window is not None and self._window.set_folded(line, folded=False):
            self.look_anew()
        self.go_to_line(line)

    def action_tick(self) -> None:
        """Tick or untick the row; a fold is unfolded."""
        if not self.action_unfold():
            super().action_tick()

    def action_unfold(self) -> bool:
        """Show what the row stands for; whether it is a fold."""
        return self._set_folded(folded=False)

    def action_fold_again(self) -> None:
        """Fold what was unfolded around the row."""
        self._set_folded(folded=True)

    def _set_folded(self, *, folded: bool) -> bool:
        window, line = self._window, self.line
        if window is None or line is None or not window.set_folded(line, folded=folded):
            return False
        self.go_to_line(line)
        self.look_anew()
        return True
