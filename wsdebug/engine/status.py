"""The state of a live session, as snapshots that any thread may read."""

from dataclasses import dataclass
from typing import Literal

from wsdebug.engine.happened import messages_in
from wsdebug.errors import WsdebugError
from wsdebug.session.frames import Happened, MessageRun

__all__ = ["Counters", "State", "Status"]

State = Literal["idle", "connecting", "open", "closing", "waiting", "closed", "failed"]


@dataclass(frozen=True, slots=True)
class Status:
    """One moment; replaced as a whole at each change, never mutated.

    `failed` means that no connection came to be, with `failure` saying why (`HandshakeRefused`,
    `CannotConnect`); `closed` that one was open and ended; `waiting` that the next attempt is
    due at `due_ns`.
    """

    state: State = "idle"
    since_ns: int = 0  # monotonic, when this state began
    connection: int = 0  # number inside the recording, from 1
    step: str = ""  # connecting: DNS, TCP, TLS or upgrade
    host: str = ""  # connecting: with whom that step is
    code: int | None = None  # closed: received close code, 1005, 1006
    reason: str = ""  # closed: the close reason as received
    by: str = ""  # closed: client, server or network
    clean: bool = False
    violation: str = ""  # closed: name of the broken rule that it was failed for
    due_ns: int = 0  # waiting: next attempt; closing: end of the wait for the peer's close
    attempt: int = 0  # waiting, connecting: number of the attempt since it last stayed open
    failure: WsdebugError | None = None
    subprotocol: str | None = None
    extensions: str = ""  # as agreed, "" for none
    tls: str = ""  # "TLS 1.3", "" without
    notices: tuple[str, ...] = ()  # "no scheme given: took wss://", in words
    recording_problem: str = ""  # why frames are not being recorded, "" if they are


@dataclass(slots=True)
class Counters:
    """Totals over a live session; written by the engine only."""

    frames_in: int = 0
    frames_out: int = 0
    bytes_in: int = 0  # of frame payloads on the wire
    bytes_out: int = 0
    buffered: int = 0  # bytes waiting because the peer does not read
    round_trip_ns: int | None = None  # of the last answered ping
    messages_in: int = 0  # that have come whole

    def count(self, happened: Happened) -> None:
        """Add a frame, or a run of them."""
        if isinstance(happened, MessageRun):
            self.frames_in += len(happened.payloads)
            self.messages_in += len(happened.payloads)
            self.bytes_in += happened.wire_size
        elif happened.sent:
            self.frames_out += 1
            self.bytes_out += len(happened.frame.payload)
        else:
            self.frames_in += 1
            self.bytes_in += len(happened.frame.payload)
            self.messages_in += messages_in(happened)
