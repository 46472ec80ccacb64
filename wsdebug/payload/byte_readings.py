"""What bytes mean as numbers, text and bits."""

import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from wsdebug.payload.escape import escape

__all__ = ["Reading", "ascii_words", "bits", "number_readings", "utf8_words"]

NUMBERS = (
    ("uint8", "B"),
    ("int8", "b"),
    ("uint16", "H"),
    ("int16", "h"),
    ("uint32", "I"),
    ("int32", "i"),
    ("uint64", "Q"),
    ("int64", "q"),
    ("float32", "f"),
    ("float64", "d"),
)
# RFC 20 section 4.1
# fmt: off
CONTROLS = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR",
    "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC",
    "FS", "GS", "RS", "US", "SP",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Reading:
    """The first `width` bytes as a number, in little- and in big-endian order.

    Both are empty where there are fewer bytes; `big` too, where the order makes no difference.
    """

    name: str
    width: int
    little: str = ""
    big: str = ""


def number_readings(data: bytes, *, room: int = 24) -> list[Reading]:
    """The beginning of some bytes as every kind of number.

    A fraction takes at most `room` characters, at least 14; 24 are enough for all of its digits.
    """
    found = []
    for name, code in NUMBERS:
        width = struct.calcsize(f"<{code}")
        if len(data) < width:
            found.append(Reading(name, width))
            continue
        little, big = (
            _number(struct.unpack(order + code, data[:width])[0], code, room) for order in "<>"
        )
        found.append(Reading(name, width, little, big if width > 1 else ""))
    return found


def _number(value: float, code: str, room: int) -> str:
    if code not in "fd":
        return str(value)
    digits = 9 if code == "f" else 17
    words = f"{value:.{digits}g}" if code == "f" else repr(value)
    while len(words) > room and digits > 6:
        digits -= 1
        words = f"{value:.{digits}g}"
    return words


def utf8_words(data: bytes, *, is_one: bool) -> str:
    """The text of some bytes, escaped; with `is_one` the character that begins there, and what it
    is called. In words where it is no UTF-8.
    """
    if not is_one:
        try:
            return escape(data.decode())
        except UnicodeDecodeError as error:
            return f"not UTF-8 from byte {error.start} on"
    for count in range(1, 5):
        try:
            character = data[:count].decode()
        except UnicodeDecodeError:
            continue
        name = unicodedata.name(character, "").capitalize() if character else ""
        return f"{escape(character)}  U+{ord(character):04X}" + (f"  {name}" if name else "")
    return "no character begins here" if 0x80 <= data[0] < 0xC0 else "not UTF-8"


def ascii_words(data: bytes, *, dot: str = "·") -> str:
    """Bytes as ASCII, with a dot for what cannot be seen; the name of one control character."""
    if len(data) == 1 and (data[0] <= 0x20 or data[0] == 0x7F):
        return "DEL" if data[0] == 0x7F else CONTROLS[data[0]]
    if len(data) == 1 and data[0] > 0x7F:
        return "not ASCII"
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else dot for byte in data)


def bits(data: Sequence[int]) -> str:
    """`01101000 01100101`."""
    return " ".join(f"{byte:08b}" for byte in data)
