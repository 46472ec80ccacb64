"""What a replay or a comparison found, as values."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from wsdebug.log.joined import Message
from wsdebug.payload.json_query import Location
from wsdebug.payload.json_text import json_path
from wsdebug.session.lines import MessageRun

__all__ = ["ABSENT", "Absent", "Difference", "Result", "ResultRun", "Totals", "Verdict"]

# `carried` is no judgement: an id or token of a live answer that later sends will use.
Verdict = Literal["ok", "differs", "missing", "extra", "carried"]


class Absent:
    """There is no value at this place."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that was expected and is not so.

    `what` is a place in JSON (a location), or a word: `payload`, `opcode`, `code`, `reason`,
    `fin`, `capture` … `expected` and `got` are JSON values, bytes for payloads, or ABSENT. `rule`
    says in words what was expected where that is no value: `a number`, `like ^ord-`.
    """

    what: Location | str
    expected: Any
    got: Any
    rule: str = ""

    @property
    def path(self) -> str:
        """The place as an RFC 9535 path, or the word."""
        return self.what if isinstance(self.what, str) else json_path(self.what)


@dataclass(frozen=True, slots=True)
class Result:
    """One line of what a replay found.

    `message` is what the script has (None for an extra one), `live` what came (None for a missing
    one); `after` is the last line of the script that was played before an extra one. `counts`
    says whether it makes the replay fail. `note` says in words what no difference does. `time_us`
    is when it was found, counted from the start of the replay; `ignored` are the places that were
    not compared.
    """

    verdict: Verdict
    message: Message | None = None
    live: Message | None = None
    differences: tuple[Difference, ...] = ()
    after: int = 0
    counts: bool = True
    note: str = ""
    time_us: int = 0
    ignored: frozenset[Location] = frozenset()

    @property
    def line(self) -> int | None:
        """The line of the script; None for an extra message."""
        return self.message.number if self.message is not None else None

    @property
    def live_line(self) -> int | None:
        """The line in the recording of the replay; None for a missing message."""
        return self.live.number if self.live is not None else None


@dataclass(frozen=True, slots=True)
class ResultRun:
    """Messages with one verdict, one after the other: the same as as many results.

    `lines` are those of the script, and `message` gives what it has of each, counted from 0.
    `run` is what came, where all is ok; where all is missing, what the script has. `time_us` is
    that of all.
    """

    lines: Sequence[int]
    run: MessageRun
    message: Callable[[int], Message]
    verdict: Literal["ok", "missing"] = "ok"
    note: str = ""
    time_us: int = 0

    def results(self) -> Iterator[Result]:
        """One by one."""
        for place in range(len(self.lines)):
            live = Message((self.run.line(place),)) if self.verdict == "ok" else None
            message = self.message(place)
            yield Result(self.verdict, message, live, note=self.note, time_us=self.time_us)


@dataclass(slots=True)
class Totals:
    """How many results there are of each kind; those that do not count are left out.

    `settled` is how many lines have a verdict; `differing` are those whose verdict may yet be
    another.
    """

    ok: int = 0
    differs: int = 0
    missing: int = 0
    extra: int = 0
    settled: int = 0
    differing: set[int] = field(default_factory=set)

    def add_run(self, run: ResultRun) -> None:
        """Count the results of lines that had none."""
        setattr(self, run.verdict, getattr(self, run.verdict) + len(run.lines))
        self.settled += len(run.lines)

    def add(self, result: Result) -> None:
        """Count a result; one for a line that differed is put in its place."""
        if result.verdict == "carried" or not result.counts:
            return
        if result.line in self.differing:
            self.differing.remove(result.line)
            self.differs -= 1
        elif result.line is not None:
            self.settled += 1
        if result.verdict == "differs" and result.line is not None:
            self.differing.add(result.line)
        setattr(self, result.verdict, getattr(self, result.verdict) + 1)

    def __add__(self, other: "Totals") -> "Totals":
        """The counts of both."""
        return Totals(
            self.ok + other.ok,
            self.differs + other.differs,
            self.missing + other.missing,
            self.extra + other.extra,
            self.settled + other.settled,
        )

    @property
    def is_good(self) -> bool:
        """Whether everything was as expected."""
        return not (self.differs or self.missing or self.extra)
