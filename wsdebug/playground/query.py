"""What a path may be asked for, as numbers and words, or why not."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from wsdebug.playground.broken import BROKEN_KINDS

__all__ = ["Query", "QueryRefused", "close_payload", "read_query"]

MAX_REASON = 123  # bytes; RFC 6455 section 5.5: a control frame carries at most 125

NUMBERS: dict[str, dict[str, tuple[float, float, float]]] = {  # default, least, most
    "/ticker": {
        "rate": (10, 0.01, 1_000_000),
        "count": (1 << 40, 0, 1 << 40),
        "seed": (1, 0, 1 << 31),
    },
    "/fragments": {"size": (8, 1, 1 << 20)},
    "/ping": {"every": (1, 0.01, 3600)},
    "/slow": {"delay": (1, 0, 60)},
}
REDIRECTS = ("301", "302", "303", "307", "308")


class QueryRefused(ValueError):
    """A query parameter that cannot be taken, in words."""


@dataclass(frozen=True, slots=True)
class Query:
    """The numbers of a path, defaults included, and every parameter as it was written."""

    numbers: Mapping[str, float]
    words: Mapping[str, str]


def read_query(path: str, text: str) -> Query:
    """The query of a path; what it does not know is left alone. Raises QueryRefused."""
    words = {name: values[-1] for name, values in parse_qs(text).items()}
    query = Query(
        {
            name: _number(name, words[name], least, most) if name in words else default
            for name, (default, least, most) in NUMBERS.get(path, {}).items()
        },
        words,
    )
    if path == "/close":
        close_payload(query)
    if path == "/broken" and words.get("kind") not in BROKEN_KINDS:
        raise QueryRefused(f"kind must be one of {', '.join(BROKEN_KINDS)}")
    if path == "/redirect":
        _check_redirect(words)
    return query


def close_payload(query: Query) -> bytes:
    """The close payload that is asked for, right or wrong. Raises QueryRefused."""
    if query.words.get("code") == "none":
        return b""
    code = int(_number("code", query.words.get("code", "1000"), 0, 65535))
    reason = query.words.get("reason", "").encode()
    if len(reason) > MAX_REASON:
        raise QueryRefused(f"reason must have at most {MAX_REASON} bytes, not {len(reason)}")
    return struct.pack(">H", code) + reason


def _check_redirect(words: Mapping[str, str]) -> None:
    if words.get("status", "302") not in REDIRECTS:
        raise QueryRefused(f"status must be one of {', '.join(REDIRECTS)}")
    target = words.get("to", "/echo")
    if not (target.isascii() and target.isprintable()):  # it goes into a header
        raise QueryRefused("to must be a URL or a path in printable ASCII")


def _number(name: str, text: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise QueryRefused(f"{name} must be a number from {least:.15g} to {most:.15g}")
    return value
