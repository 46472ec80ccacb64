"""Messages that come, matched with those that are expected; without I/O and clocks."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from wsdebug.log.joined import Message
from wsdebug.replay.awaited import Awaited
from wsdebug.replay.came import Live, Rules
from wsdebug.replay.correlation import Correlation
from wsdebug.replay.expected import Expected
from wsdebug.replay.judge import Emit, Judge
from wsdebug.replay.results import ResultRun
from wsdebug.session.lines import MessageRun
from wsdebug.wire.frame import Opcode

__all__ = ["HELD", "Matcher"]

LOOK_AHEAD = 64  # expected messages: what came may be a later one, and those before it missing
HELD = 64  # messages that nothing expected, kept until it is clear what they are


class Matcher:
    """In order: each message is compared with the next that is expected.

    One that differs counts as the answer, until a later one shows that it was an extra message;
    one that is expected later leaves those before it missing. `emit` takes each result; the same
    line may come again, in place of what was said before. Captures go into `variables`. Time is
    linear in the messages.
    """

    def __init__(
        self,
        expected: Sequence[Expected],
        rules: Rules,
        emit: Emit,
        *,
        variables: dict[str, Any],
        extra_allowed: bool = False,
        cut_at: int | None = None,
        correlation: Correlation | None = None,
        line: Callable[[], int] = lambda: 0,
        emit_run: Callable[[ResultRun], None] | None = None,
    ) -> None:
        """`line` gives the line of the script that was played last, for extra messages;
        `emit_run` takes many results at once, which else come one by one.
        """
        self._expected = expected
        self._rules = rules
        self._judge = Judge(
            rules,
            emit,
            variables=variables,
            extra_allowed=extra_allowed,
            correlation=correlation,
            emit_run=emit_run,
        )
        self._extra_allowed = extra_allowed
        self._cut_at = cut_at
        self._correlation = correlation
        self._line = line
        self._open = bytearray(b"\1") * len(expected)
        self._head = 0  # all before it are settled, or optional and passed
        self._unlocked = 0
        self._passed: deque[int] = deque(maxlen=HELD)  # optional ones that may still come
        self._held: deque[Live] = deque()  # came while another was awaited
        self._wrong: tuple[Expected, Live] | None = None  # the last pair that differs

    @property
    def latest(self) -> Expected | None:
        """The last one that came, None before."""
        return self._judge.latest

    @property
    def awaited(self) -> Expected | None:
        """The next that is expected, None after the last."""
        return self._expected[self._head] if self._head < len(self._expected) else None

    def is_settled(self, index: int) -> bool:
        """Whether this one has come, or is known not to."""
        return not self._open[index]

    def are_settled(self, before: int) -> bool:
        """Whether all before an index are settled; nobody waits for one that is optional, unless
        it says how long.
        """
        return not any(
            self._open[index]
            and not (self._expected[index].optional and self._expected[index].timeout is None)
            for index in range(self._head, before)
        )

    def unlock(self, before: int) -> None:
        """What is asked for up to here was sent: a message may be any of these, not only the
        one that is awaited.
        """
        self._unlocked = max(self._unlocked, before)

    def feed(self, message: Message) -> None:
        """Take a message that came."""
        is_late = self._cut_at is not None and self.are_settled(self._cut_at)
        after = max(self._judge.last_line, self._line())
        live = Live(message, self._rules, after=after, is_late=is_late)
        if self._wrong is not None:
            expected, earlier = self._wrong
            if self._judge.fits(expected, live):
                self._wrong = None
                self._judge.extra(earlier)
                self._judge.right(expected, live)
                return
        index = self._find(live)
        if index is not None:
            self._take(index, live)
        elif not self._may_pass():
            self._unexpected(live)

    def feed_run(self, run: MessageRun) -> None:
        """Take messages that came one after the other, many at once where they are awaited."""
        at = 0
        while at < len(run.payloads):
            same = self._same(run, at)
            if same:
                self._take_run(run.part(at, at + same))
            else:
                self.feed(Message((run.line(at),)))
            at += same or 1

    def _same(self, run: MessageRun, at: int) -> int:
        """How many from a place on are, byte for byte, those of a stretch that come next."""
        if self._wrong is not None or self._held or self._correlation is not None:
            return 0
        answers = self._expected.plain(self._head) if isinstance(self._expected, Awaited) else None
        if answers is None or answers.is_text != run.is_text:
            return 0
        first = self._head - answers.first
        size = min(len(run.payloads) - at, len(answers.payloads) - first)
        came, wanted = run.payloads[at : at + size], answers.payloads[first : first + size]
        if came == wanted:
            return size
        return next(i for i, (a, b) in enumerate(zip(came, wanted, strict=True)) if a != b)

    def _take_run(self, run: MessageRun) -> None:
        """They are the next that are awaited."""
        assert isinstance(self._expected, Awaited)
        first, end = self._head, self._head + len(run.payloads)
        answers = self._expected.plain(first)
        assert answers is not None
        self._open[first:end] = bytes(end - first)
        self._head = end
        self._judge.right_run(answers.results(first, end, came=run), self._expected[end - 1])

    def give_up(self, before: int, is_late: Callable[[Expected], bool]) -> None:
        """Wait no longer for those before an index that are late."""
        index = self._head
        while index < before and (not self._open[index] or is_late(self._expected[index])):
            index += 1
        self._miss(index)

    def finish(self) -> None:
        """Nothing more comes."""
        self._miss(len(self._expected))
        self._let_go()

    def _find(self, live: Live) -> int | None:
        """The first expected message that this is."""
        for index in self._candidates():
            if self._judge.fits(self._expected[index], live):
                return index
        if live.message.opcode == Opcode.CLOSE:
            return self._next_close()
        return next((i for i in self._passed if self._judge.fits(self._expected[i], live)), None)

    def _candidates(self) -> Iterator[int]:
        """The one that is awaited, and some that may come in its place."""
        end = min(len(self._expected), self._head + LOOK_AHEAD)
        for index in range(self._head, end):
            if self._open[index]:
                yield index
                expected = self._expected[index]
                may_lack = expected.optional or not expected.is_judged
                if expected.skip or (not may_lack and index + 1 >= self._unlocked):
                    return

    def _next_close(self) -> int | None:
        """A close ends everything: it stands for the one that is expected, whatever its code."""
        index, expected = self._head, self._expected
        while index < len(expected):
            if isinstance(expected, Awaited) and (after := expected.after_stretch(index)) > index:
                index = after
                continue
            if self._open[index] and expected[index].opcode == Opcode.CLOSE:
                return index
            index += 1
        return None

    def _may_pass(self) -> bool:
        """Whether the awaited one lets others pass."""
        awaited = self.awaited
        return awaited is not None and awaited.skip

    def _take(self, index: int, live: Live) -> None:
        """It is the one at this index; what is open before it is missing."""
        if index >= self._head:
            self._miss(index)
            self._let_go()
            self._head = index + 1
        else:
            self._passed.remove(index)
        self._wrong = None
        self._open[index] = False
        self._judge.right(self._expected[index], live)

    def _miss(self, before: int) -> None:
        """Those that are open before an index did not come; one that is optional still may."""
        while self._head < before:
            if self._miss_many(before):
                continue
            index, self._head = self._head, self._head + 1
            if not self._open[index]:
                continue
            expected = self._expected[index]
            if expected.optional:
                self._passed.append(index)
                continue
            self._open[index] = False
            if not expected.is_judged:
                continue
            if self._held and expected.opcode != Opcode.CLOSE:
                self._differs(expected, self._held.popleft())  # it did come, but otherwise
            else:
                self._judge.missing(expected)

    def _miss_many(self, before: int) -> bool:
        """Whether those of a stretch did not come, up to its end or an index."""
        answers = self._expected.plain(self._head) if isinstance(self._expected, Awaited) else None
        if answers is None or self._held:
            return False
        first, end = self._head, min(before, answers.end)
        if self._open.find(0, first, end) >= 0:
            return False
        self._open[first:end] = bytes(end - first)
        self._head = end
        self._judge.missing_run(answers.results(first, end))
        return True

    def _unexpected(self, live: Live) -> None:
        """Not what is awaited, nor anything that may come in its place."""
        if live.message.is_control:
            self._judge.extra(live)
        elif self._extra_allowed:
            self._hold(live)
        else:
            index = self._answered()
            if index is None:
                self._judge.extra(live)
                return
            self._miss(index)
            self._head = index + 1
            self._open[index] = False
            self._differs(self._expected[index], live)

    def _answered(self) -> int | None:
        """The expected message in whose place another came."""
        asked_for = range(self._head, self._unlocked)
        return next((index for index in asked_for if self._is_due(index)), None)

    def _is_due(self, index: int) -> bool:
        """Whether this one must still come, and anything may have come in its place."""
        return bool(self._open[index]) and self._expected[index].is_answer

    def _differs(self, expected: Expected, live: Live) -> None:
        self._wrong = (expected, live)
        self._judge.differs(expected, live)

    def _hold(self, live: Live) -> None:
        self._held.append(live)
        if len(self._held) > HELD or self._head == len(self._expected):
            self._judge.extra(self._held.popleft())

    def _let_go(self) -> None:
        while self._held:
            self._judge.extra(self._held.popleft())
