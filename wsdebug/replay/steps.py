"""What a replay does: messages that are sent, with their values filled in, and pauses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wsdebug.log.joined import Message
from wsdebug.payload.json_text import json_text
from wsdebug.replay.templates import expand, expand_text
from wsdebug.wire.frame import Opcode

__all__ = ["SECOND", "Pause", "Send"]

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


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause written by hand."""

    line: int
    seconds: float
    before: int
    at_us: int
