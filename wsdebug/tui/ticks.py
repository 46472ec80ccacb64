"""The rows that are ticked to be compared."""

from wsdebug.tui.keymap import shown

__all__ = ["KEPT", "Ticks"]

KEPT = 2  # as many as are compared; a further one takes the place of the first


class Ticks:
    """Line numbers in the order in which they were ticked; a filter does not change them."""

    def __init__(self) -> None:
        self._lines: list[int] = []

    def __contains__(self, line: int) -> bool:
        return line in self._lines

    def has_any(self, first: int, last: int) -> bool:
        """Whether a line from one to another is ticked."""
        return any(first <= line <= last for line in self._lines)

    def toggle(self, line: int) -> None:
        """Tick a line, or untick it."""
        if line in self._lines:
            self._lines.remove(line)
        else:
            self._lines = [*self._lines, line][-KEPT:]

    def clear(self) -> None:
        """Untick all."""
        self._lines.clear()

    def pair(self, cursor: int | None) -> tuple[int, int] | None:
        """What is to be compared: both that are ticked, or the one and the line under the cursor.

        The smaller first; None where these are not two.
        """
        lines = {*self._lines}
        if len(lines) == 1 and cursor is not None:
            lines.add(cursor)
        if len(lines) != KEPT:
            return None
        first, second = sorted(lines)
        return first, second

    @property
    def words(self) -> str:
        """What is ticked, and how to go on."""
        numbers = [f"{line:,}" for line in sorted(self._lines)]
        if not numbers:
            return "no row is ticked"
        key = shown("=", "compare")
        if len(numbers) == 1:
            return f"line {numbers[0]} ticked; {key} compares it with the row under the cursor"
        return f"lines {numbers[0]} and {numbers[1]} ticked; {key} compares them"
