"""What `send` sends: the steps that its arguments and files make.

Named tuples, as they are made in a tenth of the time of a dataclass, and a send is soon over.
"""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from wsdebug.errors import SessionUnreadable, UsageError
from wsdebug.payload.variables import expand
from wsdebug.wire.frame import Frame

__all__ = [
    "BINARY",
    "TEXT",
    "Digits",
    "Encoding",
    "FrameStep",
    "Messages",
    "Pause",
    "PingStep",
    "Stdin",
    "StdinMode",
    "Step",
    "Wanted",
    "read_steps",
    "to_payload",
]

TEXT, BINARY = 1, 2  # opcodes
NO_VALUES: Mapping[str, str] = MappingProxyType({})

Digits = Literal["", "hex", "base64"]
StdinMode = Literal["lines", "null", "whole", "jsonl"]


class Encoding(NamedTuple):
    """How the bytes of an input become a message: as they are, or from `hex` or `base64`.

    `opcode` is 1 or 2. What is not spelled in digits must be UTF-8 for a text message, and then
    its placeholders are replaced by `values`.
    """

    opcode: int = TEXT
    digits: Digits = ""
    values: Mapping[str, str] = NO_VALUES

    def decode(self, data: bytes) -> bytes:
        """The payload. Raises ValueError in words."""
        if self.digits == "hex":
            try:
                return bytes.fromhex(data.decode("ascii"))
            except ValueError:
                raise ValueError("not pairs of hex digits") from None
        if self.digits == "base64":
            try:
                return b64decode(b"".join(data.split()), validate=True)
            except ValueError:
                raise ValueError("not base64") from None
        if self.opcode != TEXT:
            return data
        try:
            text = data.decode()
        except UnicodeDecodeError:
            raise ValueError("not UTF-8; -b sends it as binary") from None
        return expand(text, self.values).encode() if self.values and b"{{" in data else data

    def are_payloads(self, joined: bytes) -> bool:
        """Whether lines are payloads as they stand, by all of them with ASCII in between."""
        if self.digits or (self.values and b"{{" in joined):
            return False
        if self.opcode != TEXT or joined.isascii():
            return True
        try:
            joined.decode()
        except UnicodeDecodeError:
            return False
        return True


class Messages(NamedTuple):
    """Messages to be sent together; many only if they are short."""

    opcode: int
    payloads: list[bytes]


class PingStep(NamedTuple):
    """A ping to be sent."""

    data: bytes


class FrameStep(NamedTuple):
    """A frame to be sent as it is, with a fresh mask unless `is_unmasked`."""

    frame: Frame
    is_unmasked: bool


class Pause(NamedTuple):
    """A wait before the next step."""

    seconds: float


class Stdin(NamedTuple):
    """Standard input, read where it stands among the others."""

    mode: StdinMode


Step = Messages | PingStep | FrameStep | Pause | Stdin


class Wanted(NamedTuple):
    """An input as it was asked for; `text` is a message, a file's path, or TEXT or @FILE."""

    kind: Literal["word", "data", "file", "ping"]
    text: str = ""


def read_steps(
    wanted: Iterable[Wanted], encoding: Encoding, mode: StdinMode, ping_data: str
) -> list[Step]:
    """The steps in order, with every file read; standard input stands for `-`.

    Raises UsageError for a mistake in an argument, SessionUnreadable for one in a file.
    """
    return [_step(one, encoding, mode, ping_data) for one in wanted]


def _step(wanted: Wanted, encoding: Encoding, mode: StdinMode, ping_data: str) -> Step:
    text, is_file = wanted.text, wanted.kind == "file"
    if wanted.kind == "ping":
        return PingStep(to_payload(ping_data))
    if wanted.kind == "word" and text == "-":
        return Stdin(mode)
    if wanted.kind == "data" and text.startswith("@"):
        text, is_file = text[1:], True
    if is_file and text == "-":
        return Stdin("whole")
    data = _read_file(text) if is_file else to_payload(text)
    try:
        return Messages(encoding.opcode, [encoding.decode(data)])
    except ValueError as error:
        if is_file:
            raise SessionUnreadable(f"{text}: {error}", path=text) from None
        raise UsageError(f"{text!r} is {error}", field="data") from None


def to_payload(text: str) -> bytes:
    """An argument as the shell gave it."""
    return text.encode("utf-8", "surrogateescape")


def _read_file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise SessionUnreadable(f"cannot read {path}: {why}", path=path) from error
