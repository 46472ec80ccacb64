"""permessage-deflate's compression of payloads (RFC 7692 section 7.2)."""

import contextlib
import zlib

__all__ = ["Deflater", "InflateFailed", "InflateTooBig", "Inflater"]

TAIL = b"\x00\x00\xff\xff"  # 7.2.1: the end of an empty stored block, left off on the wire
LAST_BLOCK = b"\x03\x00"  # empty, and marked as the last
PIECE = 1 << 14  # bytes inflated at a time: what follows a last block is copied
DROPPED = 1 << 26  # bytes made of the rest of a message that is too big
DROPPED_AT_ONCE = 1 << 20
RESTARTS = 1 << 10  # last blocks in one frame; each costs a new stream


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
        self._has_ended = False  # by a block marked as the last, with nothing after it

    def inflate(self, payload: bytes, *, final: bool, limit: int) -> bytes:
        """What one frame's payload yields; at most `limit` bytes are ever kept.

        `final` is true for the last frame of a message. Raises InflateFailed, after which the
        stream cannot go on, and InflateTooBig, after which it can: what is over the limit was made
        and dropped. After 64 MiB of that, it is begun anew.
        """
        try:
            data = self._take(payload, limit)
        except zlib.error as error:
            raise InflateFailed(str(error)) from error
        except InflateTooBig:
            if final:
                with contextlib.suppress(InflateFailed):  # too big it is all the same
                    self._end_message()
            raise
        if final:
            self._end_message()
        return data

    def reset(self) -> None:
        """Forget what came before."""
        self._stream = zlib.decompressobj(-self._bits)
        self._has_ended = False

    def _take(self, payload: bytes, limit: int) -> bytes:
        made: list[bytes] = []
        size, restarts = 0, 0
        for start in range(0, len(payload), PIECE):
            piece = payload[start : start + PIECE]
            while piece:
                self._has_ended = False
                room = limit - size + 1 if size <= limit else DROPPED_AT_ONCE
                part = self._stream.decompress(piece, room)
                if size <= limit:
                    made.append(part)
                size += len(part)
                piece = self._stream.unused_data or self._stream.unconsumed_tail
                is_enough = size > limit + DROPPED
                if self._stream.eof or is_enough:
                    # 7.2.3.4: a block with BFINAL set ends the stream; the next goes on after it
                    self.reset()
                    self._has_ended = True
                    restarts += 1
                if is_enough:
                    raise InflateTooBig(b"".join(made)[:limit])
                if restarts > RESTARTS:
                    raise InflateFailed(f"more than {RESTARTS} blocks are marked as the last")
        if size > limit:
            while self._stream.decompress(b"", DROPPED_AT_ONCE):
                continue  # what the last piece has still made
            raise InflateTooBig(b"".join(made)[:limit])
        return made[0] if len(made) == 1 else b"".join(made)

    def _end_message(self) -> None:
        """7.2.2: what ends a message is the beginning of an empty block, its tail left off.

        Of a message that was cut off the tail is taken for data, or leaves a block unfinished: then
        an empty last block would not be the end.
        """
        if not self._has_ended and not self._is_at_an_end():
            raise InflateFailed("the stream ends in the middle of a block")
        self._has_ended = False
        if not self._takeover:
            self.reset()

    def _is_at_an_end(self) -> bool:
        try:
            made = self._stream.decompress(TAIL)
            probe = self._stream.copy()
            return not made and not probe.decompress(LAST_BLOCK) and probe.eof
        except zlib.error:
            return False


class Deflater:
    """Compresses the messages of one direction; arguments as for `Inflater`, bits from 9."""

    def __init__(self, *, window_bits: int = 15, context_takeover: bool = True) -> None:
        if not 9 <= window_bits <= 15:  # zlib writes no raw stream with 8
            raise ValueError(f"a window of {window_bits} bits cannot be compressed with")
        self._bits = window_bits
        self._takeover = context_takeover
        self._stream: zlib._Compress | None = None  # 256 KiB, which who only listens needs not

    def deflate(self, payload: bytes, *, final: bool = True) -> bytes:
        """One frame's payload; on the `final` one the empty block's tail is left off."""
        if self._stream is None:
            self._stream = zlib.compressobj(wbits=-self._bits)
        data = self._stream.compress(payload) + self._stream.flush(zlib.Z_SYNC_FLUSH)
        if not final:
            return data
        if not self._takeover:
            self._stream = None
        return data[:-4] if data.endswith(TAIL) else data
