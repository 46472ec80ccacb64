"""Close codes and close payloads (RFC 6455 sections 5.5.1 and 7.4)."""

from dataclasses import dataclass

__all__ = [
    "CLOSE_CODES",
    "REASON_LIMIT",
    "CloseBody",
    "CloseCode",
    "close_code_allowed",
    "encode_close",
    "parse_close",
]

REASON_LIMIT = 123  # bytes of UTF-8: a control frame carries 125, the code takes two


@dataclass(frozen=True, slots=True)
class CloseCode:
    """A registered close code in words."""

    code: int
    name: str
    explanation: str


CLOSE_CODES: dict[int, CloseCode] = {
    entry.code: entry
    for entry in (
        CloseCode(1000, "normal", "finished, nothing wrong"),
        CloseCode(1001, "going away", "the page or process is ending"),
        CloseCode(1002, "protocol error", "the peer broke the rules"),
        CloseCode(1003, "unsupported data", "a kind of message we do not take"),
        CloseCode(1005, "no code", "the close frame was empty; never sent"),
        CloseCode(1006, "abnormal", "no close frame came; never sent"),
        CloseCode(1007, "invalid payload", "the data is not what its type says"),
        CloseCode(1008, "policy violation", "refused by a rule of ours"),
        CloseCode(1009, "too big", "a message over our limit"),
        CloseCode(1010, "extension needed", "the server agreed to none that we need"),
        CloseCode(1011, "internal error", "something failed on our side"),
        CloseCode(1012, "service restart", "the server is restarting"),
        CloseCode(1013, "try again later", "the server is overloaded"),
        CloseCode(1014, "bad gateway", "the server behind the gateway failed"),
        CloseCode(1015, "TLS failure", "no TLS connection; never sent"),
    )
}
NEVER_SENT = (1005, 1006, 1015)  # 7.4.1: reserved for the local side


@dataclass(frozen=True, slots=True)
class CloseBody:
    """What a well-formed close frame says; `code` is None for an empty one."""

    code: int | None
    reason: str = ""


def close_code_allowed(code: int) -> bool:
    """Whether a code may stand in a close frame (section 7.4, with IANA's later codes)."""
    return 3000 <= code <= 4999 or (code in CLOSE_CODES and code not in NEVER_SENT)


def parse_close(payload: bytes) -> CloseBody | None:
    """The body of a close frame; None where it is malformed: one byte, or not UTF-8."""
    if not payload:
        return CloseBody(None)
    if len(payload) == 1:
        return None
    try:
        reason = payload[2:].decode()
    except UnicodeDecodeError:
        return None
    return CloseBody(int.from_bytes(payload[:2], "big"), reason)


def encode_close(code: int | None, reason: str = "") -> bytes:
    """The payload for a code and a reason; ValueError for a reason without a code."""
    if code is None:
        if reason:
            raise ValueError("a close reason needs a code")
        return b""
    return code.to_bytes(2, "big") + reason.encode()
