"""Answers paired with what they answer: pongs with pings, JSON messages by their id."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from typing import Any

import msgspec
from msgspec import UNSET

from wsdebug.log.histogram import Histogram
from wsdebug.log.json_each import decode_each

__all__ = ["ID_NAMES", "SLOWEST", "Answer", "Latency", "Pairs", "message_id", "message_ids"]

# Members of a JSON message that carry its id, the first that is there counts.
ID_NAMES = (
    *("id", "requestId", "request_id", "reqId", "req_id", "correlationId", "correlation_id"),
    *("messageId", "message_id", "msgId", "msg_id", "ref"),
)
WAITING = 20_000  # that may wait for an answer; the oldest are given up
SLOWEST = 20  # answers that are remembered
LONGEST = 1 << 20  # characters of a message whose id is looked for
LONGEST_ID = 1000  # characters: very many of them wait for an answer

Key = tuple[int, str | int | bytes]  # connection and id
Ids = msgspec.defstruct("Ids", [(name, Any, UNSET) for name in ID_NAMES], gc=False)
DECODER = msgspec.json.Decoder(Ids)
NO_IDS = Ids()
ENDS = [re.compile(end) for end in ('id"', 'Id"', '"ref"')]  # of all names; faster than `in`
QUOTED = tuple(f'"{name}"' for name in ID_NAMES)


def message_id(text: str) -> str | int | None:
    """The id of a message that is a JSON object, None where it has none that is text or number."""
    if not text.startswith("{") or len(text) > LONGEST:
        return None
    if not any(name in text for name in QUOTED):
        return None
    return _first(decode_each(DECODER.decode, [text], NO_IDS)[0])


def message_ids(texts: Sequence[str]) -> list[str | int | None] | None:
    """The same of many messages; None where none of them has any."""
    joined = "\n".join(texts)
    if not any(pattern.search(joined) for pattern in ENDS):
        return None
    if len(joined) > LONGEST or "\\" in joined:  # a name may be spelled otherwise
        return [message_id(text) for text in texts]
    found = decode_each(DECODER.decode, texts, NO_IDS)
    return [
        None if ids == NO_IDS or text[0] != "{" else _first(ids)
        for text, ids in zip(texts, found, strict=True)
    ]


def _first(ids: Any) -> str | int | None:
    for name in ID_NAMES:
        value = getattr(ids, name)
        if isinstance(value, str) and len(value) > LONGEST_ID:
            return None
        if isinstance(value, str | int) and not isinstance(value, bool):
            return value
    return None


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """A question and its answer: microseconds between them, their lines, and what joins them."""

    took_us: int
    line: int
    asked_line: int
    id: str | int | bytes = field(compare=False)  # the payload where it is a pong


class Latency:
    """Times from questions to answers, in microseconds. `unanswered` counts those that wait or
    were given up.
    """

    def __init__(self) -> None:
        self.times = Histogram()
        self.asked = 0
        self._waiting: OrderedDict[Key, tuple[int, int]] = OrderedDict()  # time and line
        self._slowest: list[Answer] = []  # a heap

    @property
    def unanswered(self) -> int:
        """Questions without an answer so far."""
        return self.asked - self.times.count

    @property
    def slowest(self) -> list[Answer]:
        """The answers that took longest, those first."""
        return sorted(self._slowest, reverse=True)

    def ask(self, key: Key, time_us: int, line: int) -> None:
        """A question; the same again goes on waiting from its first time."""
        if key in self._waiting:
            return
        self.asked += 1
        self._waiting[key] = time_us, line
        if len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)

    def answer(self, key: Key, time_us: int, line: int) -> Answer | None:
        """Something that may be the first answer to a question; None where it is none."""
        asked = self._waiting.pop(key, None)
        if asked is None:
            return None
        asked_us, asked_line = asked
        answer = Answer(max(0, time_us - asked_us), line, asked_line, key[1])
        self.times.add(answer.took_us)
        (heappush if len(self._slowest) < SLOWEST else heappushpop)(self._slowest, answer)
        return answer


class Pairs:
    """The latencies of a session: our pings, our requests, and those of the peer."""

    def __init__(self) -> None:
        self.pings = Latency()
        self.requests = Latency()
        self.peer_requests = Latency()

    def ping(self, connection: int, payload: bytes, time_us: int, line: int) -> None:
        """A ping of ours."""
        self.pings.ask((connection, payload), time_us, line)

    def pong(self, connection: int, payload: bytes, time_us: int, line: int) -> Answer | None:
        """A pong of the peer; it may leave out pings before the one that it names (5.5.3)."""
        return self.pings.answer((connection, payload), time_us, line)

    def message(
        self, connection: int, text: str, time_us: int, line: int, *, sent: bool
    ) -> Answer | None:
        """A data message of either side; what it says if it is an answer."""
        found = message_id(text)
        if found is None:
            return None
        return self.identified(connection, found, time_us, line, sent=sent)

    def identified(
        self, connection: int, found: str | int, time_us: int, line: int, *, sent: bool
    ) -> Answer | None:
        """The same of a message whose id is known."""
        key = (connection, found)
        answered, asking = self.requests, self.peer_requests
        if sent:
            answered, asking = asking, answered
        answer = answered.answer(key, time_us, line)
        if answer is None:
            asking.ask(key, time_us, line)
        return answer
