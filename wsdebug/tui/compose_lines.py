"""A text in lines that end at line feeds only, so that every character of it is kept."""

from textual.document._document import Document, EditResult, Location

__all__ = ["LineDocument"]


class LineDocument(Document):
    """What is edited and sent keeps all of its other characters.

    Textual ends a line wherever `str.splitlines` does, and joins all with the same characters:
    U+2028, U+0085 or a lone carriage return in a message would be sent as another one.
    """

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._lines = text.split("\n")

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace what stands between two places, and say where that ends and what it was."""
        (top, left), (bottom, right) = sorted((start, end))
        replaced = self.get_text_range((top, left), (bottom, right))
        before, after = self._line(top)[:left], self._line(bottom)[right:]
        lines = text.split("\n")
        lines[0] = before + lines[0]
        column = len(lines[-1])
        lines[-1] += after
        self._lines[top : bottom + 1] = lines
        return EditResult((top + len(lines) - 1, column), replaced)

    def _line(self, row: int) -> str:
        return self._lines[row] if row < len(self._lines) else ""
