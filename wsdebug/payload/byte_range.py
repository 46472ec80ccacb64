"""A range of a payload's bytes: picked, written down in other ways, found."""

import base64
import re
from dataclasses import dataclass

from wsdebug.errors import UsageError

__all__ = ["ByteRange", "find_bytes", "parse_needle", "parse_offset"]

HEX = re.compile(r"(?:0x|\\x)?[0-9a-f]{2}(?:[ ,:]*(?:0x|\\x)?[0-9a-f]{2})*+", re.IGNORECASE)
MARKS = re.compile(r"0x|\\x|[ ,:]", re.IGNORECASE)
DIGITS = r"[0-9a-f]{1,40}"
OFFSET = re.compile(rf"([+-]?)(?:0x({DIGITS})|({DIGITS})h|([0-9][0-9,_]{{0,40}}))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes from `anchor` to `head`, both included, in either order."""

    anchor: int
    head: int

    @property
    def start(self) -> int:
        """The first byte."""
        return min(self.anchor, self.head)

    @property
    def end(self) -> int:
        """The byte after the last."""
        return max(self.anchor, self.head) + 1

    def __len__(self) -> int:
        """How many bytes."""
        return self.end - self.start

    def of(self, data: bytes) -> bytes:
        """The bytes themselves."""
        return data[self.start : self.end]

    def as_hex(self, data: bytes) -> str:
        """`68 65 6c`."""
        return self.of(data).hex(" ")

    def as_text(self, data: bytes) -> str | None:
        """The text in UTF-8; None where they are none."""
        try:
            return self.of(data).decode()
        except UnicodeDecodeError:
            return None

    def as_base64(self, data: bytes) -> str:
        """`aGVs`."""
        return base64.b64encode(self.of(data)).decode()

    def as_python(self, data: bytes) -> str:
        """`b'hel'`, as Python writes bytes."""
        return repr(self.of(data))


def parse_needle(text: str) -> bytes:
    """What is to be found: pairs of hex digits are bytes, all else is text in UTF-8; in double
    quotes anything is text. UsageError where there is nothing.
    """
    stripped = text.strip()
    if len(stripped) > 2 and stripped[0] == stripped[-1] == '"':
        return stripped[1:-1].encode("utf-8", "surrogatepass")
    if HEX.fullmatch(stripped):
        return bytes.fromhex(MARKS.sub("", stripped))
    if not stripped:
        raise UsageError("type bytes as hex, or text")
    return text.encode("utf-8", "surrogatepass")


def parse_offset(text: str, *, at: int, size: int) -> int:
    """An offset into `size` bytes: `500`, `0x1f4`, `1f4h`, or from `at` on, `+16` and `-0x10`.

    UsageError says what is wrong with it.
    """
    found = OFFSET.fullmatch(text.strip())
    if found is None:
        raise UsageError("an offset is a number such as 500, 0x1f4, +16 or -16")
    sign, *digits = found.groups()
    digits = [each for each in digits if each]
    base = 10 if found[4] else 16
    value = int(re.sub("[,_]", "", digits[0]), base)
    offset = {"+": at + value, "-": at - value}.get(sign, value)
    if not 0 <= offset < size:
        raise UsageError(f"the last byte is {size - 1:,} (0x{size - 1:x})")
    return offset


def find_bytes(data: bytes, needle: bytes, at: int, *, backward: bool = False) -> int | None:
    """Where bytes stand next after `at`, or before it; around the end where there are none. None
    where they stand nowhere.
    """
    if backward:
        found = data.rfind(needle, 0, max(0, at + len(needle) - 1))
        found = data.rfind(needle) if found < 0 else found
    else:
        found = data.find(needle, at + 1)
        found = data.find(needle) if found < 0 else found
    return None if found < 0 else found
