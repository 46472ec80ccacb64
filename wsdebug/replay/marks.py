"""What a replay found, by line: bounded, in words, to be looked at from another thread."""

from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, NamedTuple

from wsdebug.log.joined import Message
from wsdebug.payload.escape import cut_cells
from wsdebug.replay.report import Reporter
from wsdebug.replay.results import Result

__all__ = ["Found", "Marks", "Place", "ReplayMarks"]

KEPT = 1000  # lines of which is kept how they differ
PLACES = 32  # that are kept of one line
SHORT = 28  # cells of a value beside a payload
NONE, RIGHT, WRONG = b"\0", b"\1", b"\2"


class Place(NamedTuple):
    """Where an answer differs, what was expected there and what came; escaped and bounded."""

    where: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one line, in escaped words.

    `words` stand beside the payload: what is wrong, and where. `title` says it in full, and of
    which line of the other session; `more` places are not among `places`.
    """

    is_right: bool
    words: tuple[str, str] = ("", "")
    title: str = ""
    places: tuple[Place, ...] = ()
    more: int = 0


FOUND_RIGHT: Final = Found(True)
FOUND_WRONG: Final = Found(False, ("differs", ""), f"differs; only the first {KEPT:,} say how")


class Marks:
    """Which lines of one log are right and which are not; `version` counts the changes.

    One thread writes, any may read. Takes a byte for each line, and words for the first `KEPT`
    that are wrong.
    """

    def __init__(self) -> None:
        self.version = 0
        self._lines = bytearray()
        self._kept: dict[int, Found] = {}

    def put(self, line: int, found: Found) -> None:
        """Mark a line; what was said of it before is gone."""
        if line >= len(self._lines):
            self._lines.extend(bytes(line + 1 - len(self._lines)))
        self._kept.pop(line, None)
        if found is not FOUND_RIGHT and len(self._kept) < KEPT:
            self._kept[line] = found
        self._lines[line] = (RIGHT if found.is_right else WRONG)[0]
        self.version += 1

    def found(self, line: int) -> Found | None:
        """What was found of a line; None for nothing."""
        mark = self._lines[line : line + 1]
        if mark in (b"", NONE):
            return None
        return self._kept.get(line, FOUND_RIGHT if mark == RIGHT else FOUND_WRONG)

    def next_wrong(self, line: int, *, backward: bool = False) -> int | None:
        """The next line after this one, or before it, that is not right."""
        if backward:
            at = self._lines.rfind(WRONG, 0, max(0, line))
        else:
            at = self._lines.find(WRONG, line + 1)
        return at if at >= 0 else None


class ReplayMarks:
    """The marks of both sides: the recording that a replay makes, and what is replayed.

    `name` is what a person calls the latter. `live` has those of earlier replays in the same
    recording.
    """

    def __init__(self, name: str, reporter: Reporter, live: Marks | None = None) -> None:
        self.live = live if live is not None else Marks()
        self.replayed = Marks()
        self._name = cut_cells(reporter.text(name), SHORT)
        self._reporter = reporter
        self._carried: Found | None = None  # of the answer whose verdict comes next

    def take(self, result: Result) -> None:
        """Mark the lines of a result, in place of what was said of them before."""
        if not result.counts:
            return
        carried, self._carried = self._carried, None
        match result.verdict:
            case "carried":
                title = "later messages carry what is new in it"
                self._carried = Found(True, title=title, places=self._places(result))
            case "ok":
                _put_all(self.live, result.live, carried or FOUND_RIGHT)
                _put_all(self.replayed, result.message, FOUND_RIGHT)
            case "differs":
                self._differs(result)
            case "missing":
                found = Found(False, (result.note or "did not come", ""), "there is no answer")
                if result.message is not None and result.message.sent:
                    found = Found(False, (result.note, ""), result.note)
                _put_all(self.replayed, result.message, found)
            case "extra":
                words = "nobody expected this"
                title = f"{words}, after line {result.after:,} of {self._name}"
                _put_all(self.live, result.live, Found(False, (words, ""), title))

    def _differs(self, result: Result) -> None:
        places, count = self._places(result), len(result.differences)
        first, more = places[0], count - len(places)
        _put_all(
            self.live,
            result.live,
            Found(
                False,
                _words(first.where, f"expected {_short(first.expected)}", count),
                f"differs from line {result.line or 0:,} of {self._name}",
                places,
                more,
            ),
        )
        _put_all(
            self.replayed,
            result.message,
            Found(
                False,
                _words(first.where, f"came {_short(first.got)}", count),
                f"differs from line {result.live_line or 0:,} of the replay",
                places,
                more,
            ),
        )

    def _places(self, result: Result) -> tuple[Place, ...]:
        some = islice(result.differences, PLACES)
        return tuple(Place(*self._reporter.place(one)) for one in some)


def _put_all(marks: Marks, message: Message | None, found: Found) -> None:
    """Mark the frames of a message; only its first says in words what is wrong."""
    for frame in message.frames if message is not None else ():
        marks.put(frame.number, found)
        if found.words != ("", ""):
            found = replace(found, words=("", ""))


def _words(where: str, what: str, count: int) -> tuple[str, str]:
    """What is wrong, and where: a place in JSON stands behind, the name of all else before."""
    more = f", and {count - 1:,} more" if count > 1 else ""
    if where.startswith("$"):
        return what, f" at {where}{more}"
    return (what if where == "payload" else f"{where}: {what}"), more


def _short(value: str) -> str:
    return cut_cells(value, SHORT)
