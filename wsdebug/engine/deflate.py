"""permessage-deflate as it was agreed, and the two streams that it means."""

from dataclasses import dataclass

from wsdebug.wire.deflate import Deflater, Inflater

__all__ = ["Deflate"]


@dataclass(frozen=True, slots=True)
class Deflate:
    """permessage-deflate as agreed, seen from our side (RFC 7692 section 7.1)."""

    our_window_bits: int = 15
    our_context_takeover: bool = True
    peer_window_bits: int = 15
    peer_context_takeover: bool = True

    def deflater(self) -> Deflater:
        """What compresses our messages."""
        return Deflater(
            window_bits=self.our_window_bits, context_takeover=self.our_context_takeover
        )

    def inflater(self) -> Inflater:
        """What inflates the peer's."""
        return Inflater(
            window_bits=self.peer_window_bits, context_takeover=self.peer_context_takeover
        )
