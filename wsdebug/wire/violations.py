"""The names of broken rules, each with its RFC section, its close code and its words."""

from dataclasses import dataclass

__all__ = ["VIOLATIONS", "Violation"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a peer can break. `close_code` is what a strict endpoint fails with."""

    name: str  # as in a session file's `bad`
    title: str  # a few words for a row: "invalid UTF-8"
    rule: str  # one sentence, ends with a full stop
    section: str  # "RFC 6455 §8.1"
    close_code: int


VIOLATIONS: dict[str, Violation] = {
    violation.name: violation
    for violation in (
        Violation(
            "invalid-utf8",
            "invalid UTF-8",
            "A text message must be UTF-8.",
            "RFC 6455 §8.1",
            1007,
        ),
        Violation(
            "masked-by-server",
            "masked by the server",
            "A server never masks its frames.",
            "RFC 6455 §5.1",
            1002,
        ),
        Violation(
            "unmasked-by-client",
            "not masked by the client",
            "A client masks every frame it sends.",
            "RFC 6455 §5.1",
            1002,
        ),
        Violation(
            "reserved-bit",
            "reserved bit set",
            "An RSV bit is 0 unless an agreed extension gives it a meaning.",
            "RFC 6455 §5.2",
            1002,
        ),
        Violation(
            "reserved-opcode",
            "reserved opcode",
            "Opcodes 3-7 and 11-15 have no meaning yet.",
            "RFC 6455 §5.2",
            1002,
        ),
        Violation(
            "fragmented-control",
            "fragmented control frame",
            "A control frame is never fragmented: FIN must be set.",
            "RFC 6455 §5.5",
            1002,
        ),
        Violation(
            "long-control",
            "control frame over 125 bytes",
            "A control frame carries at most 125 bytes.",
            "RFC 6455 §5.5",
            1002,
        ),
        Violation(
            "unexpected-cont",
            "continuation of nothing",
            "A continuation frame needs an unfinished message before it.",
            "RFC 6455 §5.4",
            1002,
        ),
        Violation(
            "missing-cont",
            "new message inside another",
            "A fragmented message must end before the next one begins.",
            "RFC 6455 §5.4",
            1002,
        ),
        Violation(
            "long-length",
            "length not in its shortest form",
            "The payload length must use the fewest bytes, and its top bit must be 0.",
            "RFC 6455 §5.2",
            1002,
        ),
        Violation(
            "bad-close-code",
            "close code not allowed",
            "Only 1000-1003, 1007-1014 and 3000-4999 may stand in a close frame.",
            "RFC 6455 §7.4",
            1002,
        ),
        Violation(
            "bad-close-payload",
            "malformed close payload",
            "A close payload is empty, or a two-byte code and a reason in UTF-8.",
            "RFC 6455 §5.5.1",
            1002,
        ),
        Violation(
            "inflate-failed",
            "cannot be inflated",
            "A compressed message must be a valid DEFLATE stream within the agreed window.",
            "RFC 7692 §7.2.2",
            1007,
        ),
        Violation(
            "too-big",
            "over the size limit",
            "The message is larger than the limit set here.",
            "RFC 6455 §7.4.1",
            1009,
        ),
        Violation(
            "data-after-close",
            "frame after close",
            "Nothing may follow a close frame.",
            "RFC 6455 §5.5.1",
            1002,
        ),
        Violation(
            "truncated",
            "cut off",
            "The connection ended inside this frame.",
            "RFC 6455 §7.1.7",
            1006,
        ),
    )
}
