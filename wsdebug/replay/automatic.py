"""Control frames of a recording that nobody sent by hand."""

from wsdebug.log.joined import Message
from wsdebug.replay.script import Script
from wsdebug.wire.frame import Opcode

__all__ = ["Automatic"]


class Automatic:
    """Knows the control frames that the engine sends by itself; fed with all of them in order."""

    def __init__(self, script: Script, *, auto_pong: bool) -> None:
        connect = script.header.connect if script.header is not None else {}
        self._pings = "ping-interval" in connect
        self._pongs = auto_pong
        self._waiting: list[bytes] = []
        self._count = 1

    def takes(self, message: Message) -> bool:
        """Whether this pong answers a ping of the script, or this ping keeps the line alive."""
        if not message.is_control:
            return False
        payload = message.payload or b""
        if message.opcode == Opcode.PING and not message.sent:
            self._waiting.append(payload)
        elif message.opcode == Opcode.PONG and message.sent:
            if self._pongs and payload in self._waiting:
                self._waiting.remove(payload)
                return True
        elif message.opcode == Opcode.PING and self._pings and payload == self._next_ping:
            self._count += 1
            return True
        return False

    @property
    def _next_ping(self) -> bytes:
        """The payload of the next ping that keeps the line alive."""
        return f"{self._count:08x}".encode()
