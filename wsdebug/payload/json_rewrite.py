"""JSON written anew, in lines or compact, with every number and string as it was spelled."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from wsdebug.payload.json_layout import INDENT, INLINE
from wsdebug.payload.json_scan import Scanned, scan

__all__ = ["Rewritten", "compact", "pretty"]

DEEPEST = 40  # levels that are indented: what is nested deeper would be mostly blanks


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new text, and where each token stood before and stands now (characters)."""

    text: str
    _before: Sequence[int]
    _now: Sequence[int]
    _lengths: Sequence[int]

    def place(self, index: int) -> int:
        """Where a place of the text before is now; between tokens, the end of the one before."""
        token = bisect_right(self._before, index) - 1
        if token < 0:
            return 0
        return self._now[token] + min(index - self._before[token], self._lengths[token])


def compact(text: str) -> Rewritten:
    """One line without blanks. Raises JsonError."""
    tokens = list(scan(text))
    return _rewritten(text, tokens, [""] * len(tokens))


def pretty(text: str) -> Rewritten:
    """A line for each member, as `json_layout.layout` shows it. Raises JsonError."""
    tokens = list(scan(text))
    blanks: list[str] = []
    depth, inline_until, opened = 0, -1, True
    for index, (kind, _, _) in enumerate(tokens):
        was_opened, opened = opened, False
        blank = ""
        if kind in "]}":
            if not was_opened and index != inline_until:
                depth -= 1
                blank = _line(depth)
        elif index and kind not in ",:":
            before = tokens[index - 1][0]
            is_member = before == "," or was_opened
            blank = " " if before == ":" or (index < inline_until and before == ",") else ""
            if is_member and index > inline_until:
                blank = _line(depth)
        blanks.append(blank)
        if kind in "[{":
            end = _inline_end(tokens, index)
            if end is None:
                opened = True
                depth += 1
            else:
                inline_until = end
    return _rewritten(text, tokens, blanks)


def _line(depth: int) -> str:
    return "\n" + " " * (INDENT * min(depth, DEEPEST))


def _inline_end(tokens: Sequence[Scanned], index: int) -> int | None:
    """The index of what closes a container that stays on its line; None for any other."""
    closing = index + 1
    if tokens[closing][0] in "]}":
        return closing
    if tokens[index][0] == "{":
        return None
    width = 0
    for at in range(closing, len(tokens)):
        kind, start, end = tokens[at]
        if kind == "]":
            return at
        width += 2 if kind == "," else end - start
        if kind in "[{" or width > INLINE:
            return None
    return None


def _rewritten(text: str, tokens: Sequence[Scanned], blanks: Sequence[str]) -> Rewritten:
    pieces: list[str] = []
    now: list[int] = []
    length = 0
    for (_, start, end), blank in zip(tokens, blanks, strict=True):
        pieces += [blank, text[start:end]]
        now.append(length + len(blank))
        length += len(blank) + end - start
    before = [start for _, start, _ in tokens]
    return Rewritten("".join(pieces), before, now, [end - start for _, start, end in tokens])
