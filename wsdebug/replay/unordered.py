"""Messages that come in any order, matched with those that are expected."""

from collections import defaultdict, deque
from collections.abc import Hashable, Sequence
from typing import Any

from wsdebug.replay.came import Live, key_of
from wsdebug.replay.expected import Expected
from wsdebug.replay.matcher import HELD, Matcher
from wsdebug.wire.frame import Opcode

__all__ = ["UnorderedMatcher"]


class UnorderedMatcher(Matcher):
    """In any order. What nothing expected is held until as many came as were asked for."""

    def __init__(self, expected: Sequence[Expected], *arguments: Any, **options: Any) -> None:
        super().__init__(expected, *arguments, **options)
        self._by_key: dict[Hashable, deque[int]] = defaultdict(deque)
        self._others: list[int] = []  # those that only comparing finds
        self._due = 0  # open ones that were asked for
        for index, one in enumerate(expected):
            key = one.key if self._correlation is None else None
            if key is None:
                self._others.append(index)
            else:
                self._by_key[key].append(index)

    def unlock(self, before: int) -> None:
        """Count what is due."""
        for index in range(self._unlocked, before):
            self._due += self._is_due(index)
        super().unlock(before)

    def _find(self, live: Live) -> int | None:
        found = self._by_key.get(key_of(live))
        if found:
            return found[0]
        if live.message.opcode == Opcode.CLOSE:
            return self._next_close()
        return next((i for i in self._others if self._judge.fits(self._expected[i], live)), None)

    def _take(self, index: int, live: Live) -> None:
        self._settle(index)
        self._judge.right(self._expected[index], live)

    def _settle(self, index: int) -> None:
        expected = self._expected[index]
        self._due -= index < self._unlocked and self._is_due(index)
        self._open[index] = False
        key = expected.key if self._correlation is None else None
        if key is None:
            self._others.remove(index)
        else:
            self._by_key[key].remove(index)
        while self._head < len(self._expected) and not self._open[self._head]:
            self._head += 1

    def _may_pass(self) -> bool:
        return any(self._expected[index].skip for index in self._others)

    def _unexpected(self, live: Live) -> None:
        if live.message.is_control:
            self._judge.extra(live)
            return
        self._held.append(live)
        if self._extra_allowed:
            if len(self._held) > HELD:
                self._judge.extra(self._held.popleft())
        elif not self._due:
            self._let_go()
        elif len(self._held) >= self._due:
            self._miss(self._unlocked)

    def _miss(self, before: int) -> None:
        """In the order of the script, those that are open are paired with what was held."""
        for index in range(self._head, before):
            if not self._open[index]:
                continue
            expected, is_due = self._expected[index], self._is_due(index)
            self._settle(index)
            if is_due and self._held:
                self._judge.differs(expected, self._held.popleft())
            elif expected.is_judged and not expected.optional:
                self._judge.missing(expected)
