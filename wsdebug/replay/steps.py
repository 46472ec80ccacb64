"""What a replay does: messages that are sent, with their values filled in, and pauses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, compress
from typing import Any

from wsdebug.log.joined import Message
from wsdebug.payload.json_text import json_text
from wsdebug.replay.results import ResultRun
from wsdebug.replay.templates import expand, expand_text
from wsdebug.session.lines import MessageRun
from wsdebug.session.parse_many import OTHER_WAY
from wsdebug.session.stretch import Stretch
from wsdebug.wire.frame import Opcode

__all__ = ["SECOND", "Pause", "Send", "SendRun"]

SECOND = 1_000_000  # µs


@dataclass(frozen=True, eq=False)
class Send:
    """A message, or a frame, that is sent.

    `before` is the number of expected messages that stand before it, `after` the indices of
    those whose values it carries; `at_us` its time on the timeline. `keys` are those of its
    line where it was written by hand.
    """

    message: Message
    keys: Mapping[str, Any]
    before: int
    at_us: int
    names: frozenset[str] = frozenset()
    after: tuple[int, ...] = ()

    def payload(self, variables: Mapping[str, Any]) -> str | bytes:
        """What is sent: str for text, bytes for all else and for text that is not UTF-8."""
        written = self.keys.get("send")
        used = {name: variables[name] for name in self.names if name in variables}
        if isinstance(written, dict) and "json" in written:
            data = json_text(expand(written["json"], used))
        else:
            try:
                data = (self.message.payload or b"").decode()
            except UnicodeDecodeError:
                return self.message.payload or b""
            data = expand_text(data, used)
        return data if self.message.opcode == Opcode.TEXT else data.encode()

    def filled(self, variables: Mapping[str, Any]) -> Message:
        """The message as it is sent; `{{name}}` stands where there is no value yet."""
        payload = self.payload(variables)
        data = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else payload
        return Message((replace(self.message.first, payload=data),))


@dataclass(frozen=True, eq=False)
class SendRun:
    """The messages of a stretch that are sent, at least one; they wait for no time.

    `first` expected messages stand before the stretch.
    """

    stretch: Stretch
    first: int

    @property
    def befores(self) -> list[int]:
        """For each of them the number of expected messages that stand before it."""
        ways = self.stretch.ways
        if not self.stretch.received:
            return [self.first] * len(ways)
        received = ways.translate(OTHER_WAY)
        return [*compress(accumulate(received, initial=self.first), ways)]

    def unsent(self, sent: int, note: str) -> ResultRun:
        """What is said of them after so many were sent. Raises as `sends` does."""
        stretch = self.stretch
        places = [*compress(range(len(stretch.ways)), stretch.ways)][sent:]
        payloads = stretch.read().payloads
        return ResultRun(
            [stretch.number + place for place in places],
            MessageRun([payloads[place] for place in places], stretch.kind.is_text),
            lambda number: Message((stretch.frame(places[number]),)),
            "missing",
            note,
        )

    def sends(self) -> Iterator[Send]:
        """The same one by one. Raises SessionUnreadable where the file is no longer the same."""
        frames = compress(self.stretch.frames(), self.stretch.ways)
        for line, before in zip(frames, self.befores, strict=True):
            yield Send(Message((line,)), {}, before, 0)


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause written by hand."""

    line: int
    seconds: float
    before: int
    at_us: int
