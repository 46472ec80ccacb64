"""UTF-8 of a message, checked as its fragments come (RFC 6455 section 8.1)."""

from codecs import getincrementaldecoder

__all__ = ["Utf8Checker"]


class Utf8Checker:
    """Tells where a message stops being UTF-8, at the earliest byte that makes it certain."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")()
        self._before = 0  # bytes of the message before the next piece

    def feed(self, data: bytes, *, final: bool) -> int | None:
        """Check the next piece; the offset in the message of the first invalid byte, else None.

        After an offset was given, the checker is spent.
        """
        held = len(self._decoder.getstate()[0])
        try:
            self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            return self._before - held + error.start
        self._before += len(data)
        return None
