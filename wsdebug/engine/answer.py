"""An HTTP answer as it comes: the raw head, leniently read, and the first bytes of the body."""

import re

from wsdebug.engine.body import BODY_LIMIT, read_body

__all__ = ["TOKEN", "Answer", "NotHttp", "begins_as_tls", "header_pairs", "status_of"]

HEAD_LIMIT = 1 << 20  # bytes
INTERIM_LIMIT = 100
STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: ([^\r\n]*))?\r?\n")
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
TLS_RECORDS = (b"\x15\x03", b"\x16\x03")  # alert and handshake, RFC 8446 section 5.1


class NotHttp(ValueError):
    """The answer has no head; its words say how, `section` by which rule."""

    def __init__(self, words: str, section: str) -> None:
        super().__init__(words)
        self.section = section


class Answer:
    """Grows by what is received; `raw` is all of it, less the heads of `interim` answers."""

    def __init__(self) -> None:
        self.raw = bytearray()
        self.interim: list[bytes] = []
        self._room = HEAD_LIMIT  # bytes that all heads together may have

    @property
    def head(self) -> bytes:
        """The head as received, whole or not."""
        end = self.raw.find(b"\r\n\r\n")
        return bytes(self.raw[: end + 4] if end >= 0 else self.raw)

    @property
    def has_head(self) -> bool:
        """Whether the head is whole."""
        return b"\r\n\r\n" in self.raw

    @property
    def status(self) -> int:
        """The HTTP status, 0 where the answer is not HTTP/1."""
        return status_of(self.raw)

    @property
    def reason(self) -> str:
        """The reason phrase, read as Latin-1."""
        match = STATUS.match(self.raw)
        return (match[2] or b"").decode("latin-1") if match else ""

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The pairs of the head."""
        return header_pairs(self.head)[1] if self.status else []

    @property
    def body(self) -> bytes:
        """The first 64 KiB of the body, chunks joined; nothing of what is not HTTP."""
        head = self.head
        return read_body(self.status, head, bytes(self.raw[len(head) :]))[0]

    @property
    def beginning(self) -> bytes:
        """The first 64 KiB of all, for what is not HTTP."""
        return bytes(self.raw[:BODY_LIMIT])

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the body is missing that would be kept."""
        head = self.head
        return not self.status or read_body(self.status, head, bytes(self.raw[len(head) :]))[1]

    def take(self, data: bytes, *, eof: bool) -> bool:
        """Add received bytes; whether the head is whole. Raises NotHttp."""
        self.raw += data
        while self.has_head and 100 <= self.status < 200 and self.status != 101:
            # RFC 9110 section 15.2: the answer is yet to come
            self.interim.append(self.head)
            self._room -= len(self.head)
            del self.raw[: len(self.head)]
            if len(self.interim) > INTERIM_LIMIT:
                words = f"more than {INTERIM_LIMIT} interim answers came"
                raise NotHttp(words, "RFC 9110 §15.2")
        if self.has_head:
            return True
        if eof:
            raise NotHttp("the answer ended before its head did", "RFC 9112 §2.1")
        if len(self.raw) > self._room:
            raise NotHttp("the head of the answer is over 1 MiB", "RFC 9110 §5.4")
        return False


def begins_as_tls(data: bytes | bytearray) -> bool:
    """Whether an answer comes from a server that speaks TLS."""
    return data.startswith(TLS_RECORDS)


def status_of(head: bytes | bytearray) -> int:
    """The HTTP status at the start of a head, 0 where it is not HTTP/1."""
    match = STATUS.match(head)
    return int(match[1]) if match else 0


def header_pairs(head: bytes) -> tuple[str, list[tuple[str, str]]]:
    """First line and headers of a raw head, leniently; what is not UTF-8 is read as Latin-1."""
    first, *rest = (_decoded(line) for line in head.split(b"\r\n"))
    pairs = [line.partition(":") for line in rest if ":" in line]
    return first, [(name.strip(), value.strip()) for name, _, value in pairs]


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")  # RFC 9110 section 5.5: as HTTP once did
