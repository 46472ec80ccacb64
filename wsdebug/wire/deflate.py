"""permessage-deflate's compression of payloads (RFC 7692 section 7.2)."""

import zlib

__all__ = ["Deflater", "InflateFailed", "InflateTooBig", "Inflater"]

TAIL = b"\x00\x00\xff\xff"  # 7.2.1: the end of an empty stored block, left off on the wire


class InflateFailed(ValueError):
    """The data is not a DEFLATE stream, or reaches behind the agreed window."""


class InflateTooBig(ValueError):
    """Inflating would give more than the limit; `partial` is what was made up to it."""

    def __init__(self, partial: bytes) -> None:
        super().__init__(f"inflates to more than {len(partial)} bytes")
        self.partial = partial


class Inflater:
    """Inflates the frames of one direction, in order.

    `window_bits` is 8 to 15; without `context_takeover` each message starts afresh.
    """

    def __init__(self, *, window_bits: int = 15, context_takeover: bool = True) -> None:
        self._bits = window_bits
        self._takeover = context_takeover
        self._stream = zlib.decompressobj(-window_bits)

    def inflate(self, payload: bytes, *, final: bool, limit: int) -> bytes:
        """What one frame's payload yields; at most `limit` bytes are ever made.

        `final` is true for the last frame of a message. Raises InflateFailed and InflateTooBig;
        the message cannot go on after either.
        """
        data = self._take(payload + TAIL if final else payload, limit)
        if final and not self._takeover:
            self.reset()
        return data

    def reset(self) -> None:
        """Forget what came before."""
        self._stream = zlib.decompressobj(-self._bits)

    def _take(self, payload: bytes, limit: int) -> bytes:
        made = b""
        try:
            while True:
                made += self._stream.decompress(payload, limit - len(made) + 1)
                if len(made) > limit:
                    raise InflateTooBig(made[:limit])
                if not self._stream.eof:
                    return made
                # 7.2.3.4: a block with BFINAL set ends the stream; the next goes on after it
                payload = self._stream.unused_data
                if payload in (b"", TAIL, TAIL[:1] + TAIL):
                    self.reset()
                    return made
                self.reset()
        except zlib.error as error:
            raise InflateFailed(str(error)) from error


class Deflater:
    """Compresses the messages of one direction; arguments as for `Inflater`, bits from 9."""

    def __init__(self, *, window_bits: int = 15, context_takeover: bool = True) -> None:
        if not 9 <= window_bits <= 15:  # zlib writes no raw stream with 8
            raise ValueError(f"a window of {window_bits} bits cannot be compressed with")
        self._bits = window_bits
        self._takeover = context_takeover
        self._stream = self._fresh()

    def deflate(self, payload: bytes, *, final: bool = True) -> bytes:
        """One frame's payload; on the `final` one the empty block's tail is left off."""
        data = self._stream.compress(payload) + self._stream.flush(zlib.Z_SYNC_FLUSH)
        if not final:
            return data
        if not self._takeover:
            self._stream = self._fresh()
        return data[:-4] if data.endswith(TAIL) else data

    def _fresh(self) -> "zlib._Compress":
        return zlib.compressobj(wbits=-self._bits)
