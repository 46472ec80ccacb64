"""What a format cannot hold: counted while a session is converted, told afterwards."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from wsdebug.session.lines import Event, FrameLine, Header, Line, Note, Wait
from wsdebug.wire.frame import Opcode

__all__ = ["FACTS", "Losses", "is_compressed", "is_pattern"]

SAID = 3  # line numbers, or names, that are listed of a kind
HAND_WRITTEN = frozenset(("match", "ignore", "capture", "timeout", "optional", "skip"))
HEADER_KEYS = ("vars", "ignore", "replace", "replay", "title", "tags")
QUIET = frozenset(("end", "meta"))


def is_compressed(frame: FrameLine) -> bool:
    """Whether the payload on the wire was another one (RFC 7692)."""
    return frame.wire_length is not None or (frame.frame.payload != frame.payload)


def is_pattern(frame: FrameLine) -> bool:
    """Whether the payload was written by hand as something to match, not to read."""
    value = frame.raw.get("recv")
    return isinstance(value, dict) and ("regex" in value or "json" in value)


def _has_odd_bits(frame: FrameLine) -> bool:
    bits = frame.frame
    return bits.rsv2 or bits.rsv3 or (bits.rsv1 and not is_compressed(frame))


def _is_odd_length(frame: FrameLine) -> bool:
    return frame.frame.length_form is not None or frame.frame.declared_length is not None


# By name: (one, many, whether a frame has it). Formats say by these names what they hold.
FACTS: dict[str, tuple[str, str, Callable[[FrameLine], bool]]] = {
    "mask": ("masking key", "masking keys", lambda f: f.frame.mask is not None),
    "fragment": (
        "fragment, joined to its message",
        "fragments, joined to messages",
        lambda f: not f.frame.is_control and not (f.frame.fin and f.frame.opcode),
    ),
    "compression": (
        "compressed payload, written inflated",
        "compressed payloads, written inflated",
        lambda f: f.payload is not None and is_compressed(f),
    ),
    "bits": ("frame with a reserved bit", "frames with reserved bits", _has_odd_bits),
    "length": (
        "length that is not true or not in its shortest form",
        "lengths that are not true or not in their shortest form",
        _is_odd_length,
    ),
    "violation": ("violation", "violations", lambda f: bool(f.bad)),
    "cut": (
        "payload of which only the beginning was kept",
        "payloads of which only the beginning was kept",
        lambda f: f.cut is not None,
    ),
    "uninflated": (
        "payload that could not be inflated, left out",
        "payloads that could not be inflated, left out",
        lambda f: f.payload is None,
    ),
    "ping": ("ping", "pings", lambda f: f.frame.opcode == Opcode.PING),
    "pong": ("pong", "pongs", lambda f: f.frame.opcode == Opcode.PONG),
    "close": ("close frame", "close frames", lambda f: f.frame.opcode == Opcode.CLOSE),
    "reserved": (
        "frame with a reserved opcode, left out",
        "frames with a reserved opcode, left out",
        lambda f: 2 < f.frame.opcode < 8 or f.frame.opcode > 10,
    ),
    "pattern": (
        "pattern, written as it stands",
        "patterns, written as they stand",
        is_pattern,
    ),
    "rule": (
        "line with rules for a replay",
        "lines with rules for a replay",
        lambda f: not HAND_WRITTEN.isdisjoint(f.raw),
    ),
}


def _is_plain(frame: FrameLine) -> bool:
    """Whether it is as most frames are, and has none of the facts."""
    bits = frame.frame
    is_message = bits.fin and bits.opcode in (Opcode.TEXT, Opcode.BINARY) and bits.mask is None
    is_whole = bits.payload is frame.payload and frame.cut is None and frame.wire_length is None
    is_good = not (frame.bad or frame.raw or bits.rsv1 or bits.rsv2 or bits.rsv3)
    return is_message and is_whole and is_good and not _is_odd_length(frame)


@dataclass(slots=True)
class _Loss:
    one: str
    many: str
    count: int = 0
    lines: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        words = f"{self.count:,} {self.one if self.count == 1 else self.many}"
        if self.names:
            return f"{words} ({', '.join(self.names)})"
        if not self.lines:
            return words
        said = ", ".join(str(number) for number in self.lines)
        if self.count > len(self.lines):
            said += ", …"
        return f"{words} (line{'' if self.count == 1 else 's'} {said})"


class Losses:
    """Counts by kind. With `has_lines` a kind is told with its first lines."""

    def __init__(self, *, has_lines: bool = True) -> None:
        self._has_lines = has_lines
        self._kinds: dict[str, _Loss] = {}

    def add(self, one: str, many: str, *, line: int = 0, name: str = "", count: int = 1) -> None:
        """Count one, or so many: in words, with the line it stands in or its name, if any."""
        if not count:
            return
        loss = self._kinds.setdefault(one, _Loss(one, many))
        loss.count += count
        if name and name not in loss.names:
            loss.names.append(name)
        elif line and self._has_lines and len(loss.lines) < SAID:
            loss.lines.append(line)

    def look_at(self, line: Line, held: Collection[str]) -> None:
        """Count what a line says that is not among what the format holds: names of `FACTS`,
        `event:NAME`, `note`, `wait`, `setting:NAME`, and `connect` for all connection options.
        """
        match line:
            case FrameLine() if not _is_plain(line):
                for name, (one, many, is_so) in FACTS.items():
                    if name not in held and is_so(line):
                        self.add(one, many, line=line.number)
            case Event(name=name):
                if name not in QUIET and f"event:{name}" not in held:
                    self.add("event", "events", name=name)
            case Note() if "note" not in held:
                self.add("note", "notes", line=line.number)
            case Wait() if "wait" not in held:
                self.add("pause", "pauses", line=line.number)
            case Header():
                names = [name for name in HEADER_KEYS if name in line.raw]
                if "connect" not in held:
                    names += line.connect
                for name in names:
                    if f"setting:{name}" not in held:
                        self.add("setting", "settings", name=name)
            case _:
                pass

    def __iter__(self) -> Iterator[str]:
        """A few words for each kind: `3 pings (lines 8, 11, 15)`."""
        for loss in self._kinds.values():
            yield str(loss)
