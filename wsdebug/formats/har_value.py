"""JSON of somebody else's, asked for by type: what is wrong is said with its place and line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Never

from wsdebug.errors import SessionUnreadable
from wsdebug.payload.json_scan import JsonError, position, scan
from wsdebug.session.checked import called, unreadable

__all__ = ["Document", "Value"]

LARGEST = 1e18  # of any number that an archive has a use for
Path = tuple[str | int, ...]
NAMES = {dict: "an object", list: "a list", str: "a string", float: "a number"}


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON file and its path, `-` for standard input."""

    text: str
    path: str

    def root(self) -> "Value":
        """Its value. Raises SessionUnreadable with line and column."""
        try:
            return Value(self, (), json.loads(self.text, parse_constant=_refuse))
        except RecursionError:
            words = f"{called(self.path)}: nested too deeply"
        except ValueError as error:
            words, at = str(error), getattr(error, "pos", 0)
            try:
                for _ in scan(self.text):
                    pass
            except JsonError as better:
                words, at = str(better), better.position
            line, column = position(self.text, at)
            words = f"{called(self.path)}, line {line}, column {column}: {words}"
            raise SessionUnreadable(words, path=self.path, line=line) from error
        raise SessionUnreadable(words, path=self.path)

    def wrong(self, path: Path, why: str) -> Never:
        """Raise SessionUnreadable for the value at a path, or where it is missing its parent."""
        raise unreadable(self.path, self._line_of(path), f"{_shown(path)} {why}")

    def _line_of(self, wanted: Path) -> int:
        """The line where the longest part of a path that is there begins."""
        best, found = 0, -1
        for path, at in _places(self.text):
            if len(path) > found and path == wanted[: len(path)]:
                best, found = at, len(path)
        return position(self.text, best)[0]


@dataclass(frozen=True, slots=True)
class Value:
    """A value and where it stands. What is missing is None; a wrong type raises
    SessionUnreadable.
    """

    document: Document
    path: Path
    value: Any

    def __getitem__(self, name: str) -> "Value":
        """A member of an object; of what is missing, nothing."""
        members = self._typed(dict) or {}
        return Value(self.document, (*self.path, name), members.get(name))

    def __iter__(self) -> Iterator["Value"]:
        """The items of a list; none where it is missing."""
        for index, item in enumerate(self._typed(list) or ()):
            yield Value(self.document, (*self.path, index), item)

    def __contains__(self, name: str) -> bool:
        """Whether it is an object with such a member."""
        return isinstance(self.value, dict) and self.value.get(name) is not None

    def text(self, default: str = "") -> str:
        """A string."""
        found: str | None = self._typed(str)
        return default if found is None else found

    def number(self) -> float | None:
        """A number, None where it is missing."""
        found = self.value
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            self.wrong("is not a number")
        if not -LARGEST < found < LARGEST:
            self.wrong("is not a number that can be")
        return float(found)

    def wrong(self, why: str) -> Never:
        """Raise SessionUnreadable: `PLACE WHY`."""
        self.document.wrong(self.path, why)

    def _typed(self, kind: type) -> Any:
        if self.value is not None and not isinstance(self.value, kind):
            self.wrong(f"is not {NAMES[kind]}")
        return self.value


def _refuse(constant: str) -> Never:
    """NaN and its like are not in JSON."""
    raise ValueError(constant)


def _shown(path: Path) -> str:
    """`log.entries[3]._webSocketMessages[0].time`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".") or "the document"


def _places(text: str) -> Iterator[tuple[Path, int]]:
    """Each value's path and where it begins, in order."""
    path: list[str | int] = []
    for kind, start, end in scan(text):
        if kind == "name":
            path[-1] = json.loads(text[start:end])
        elif kind in "]}":
            path.pop()
        elif kind in ":,":
            continue
        else:
            if path and isinstance(path[-1], int):
                path[-1] += 1
            yield tuple(path), start
            if kind in "[{":
                path.append(-1 if kind == "[" else "")
