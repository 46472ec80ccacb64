"""What is wrong on the settings page, in words, at its field."""

import os.path
import re
from collections.abc import Callable, Iterator

from wsdebug.payload.escape import escape
from wsdebug.tui.settings_model import SettingsDraft, parse_size, parse_window

__all__ = ["TITLES", "problems", "summary"]

# RFC 9110 section 5.6.2: the characters of a header name and of a subprotocol.
NO_TOKEN = re.compile(r"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
BROKEN_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
LONGEST_WAIT = 1e9  # seconds
LONGEST_COUNT = 9  # digits

TITLES = {  # fields in the order of the page, as the status line calls them
    "user": "user",
    "token": "token",
    "cacert": "own CA",
    "cert": "client cert",
    "key": "key",
    "window_ours": "window ours",
    "window_theirs": "window theirs",
    "ping_interval": "send every",
    "max_redirs": "redirects",
    "max_size": "largest message",
    "connect_timeout": "connect timeout",
    "close_timeout": "close timeout",
    "ping_timeout": "pong timeout",
}


def problems(draft: SettingsDraft) -> dict[str, str]:
    """Words by field name, or by table and row from 1 (`header 4`), in the order of the page."""
    return dict(_problems(draft))


def summary(found: dict[str, str]) -> str:
    """`1 field needs a look: header 4`; empty for none."""
    if not found:
        return ""
    names = ", ".join(TITLES.get(name, name) for name in found)
    count = "1 field needs" if len(found) == 1 else f"{len(found)} fields need"
    return f"{count} a look: {names}"


def _problems(draft: SettingsDraft) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(draft.query, 1):
        if row.is_on and not row.name and not row.origin:
            yield f"query {number}", "a parameter needs a name"
    for number, row in enumerate(draft.header, 1):
        if row.is_on and (words := _header(row.name, row.value)):
            yield f"header {number}", words
    seen: set[str] = set()
    for number, row in enumerate(draft.subprotocol, 1):
        if row.is_on and (words := _subprotocol(row.name, seen)):
            yield f"subprotocol {number}", words
        seen.add(row.name)
    yield from _credentials(draft)
    for field in ("cacert", "cert", "key") if draft.cert else ("cacert",):
        path = os.path.expanduser(getattr(draft, field).strip())
        if path and not os.path.isfile(path):
            yield field, "there is no such file"
    if draft.compress:
        for field in ("window_ours", "window_theirs"):
            if not _reads(parse_window, getattr(draft, field)):
                yield field, "9 to 15, any, or nothing to leave it out"
    if draft.ping_interval.strip() and not _is_time(draft.ping_interval):
        yield "ping_interval", "seconds above 0, or nothing for no pings"
    if draft.location and not _is_count(draft.max_redirs):
        yield "max_redirs", "a whole number, 0 for none"
    if not _reads(parse_size, draft.max_size):
        yield "max_size", "a size such as 64 MiB, 64k or 65536"
    for field in ("connect_timeout", "close_timeout"):
        if not _is_time(getattr(draft, field)):
            yield field, "seconds above 0"
    if draft.ping_timeout.strip() and not _is_time(draft.ping_timeout):
        yield "ping_timeout", "seconds above 0, or nothing to wait for ever"


def _header(name: str, value: str) -> str:
    if not name:
        return "a header needs a name"
    if name != name.strip() or " " in name or "\t" in name:
        better = "-".join(name.split())
        return f"a header name cannot contain a space: {escape(better)}?"
    if found := NO_TOKEN.search(name):
        return f"a header name cannot contain {escape(found[0])}"
    if found := BROKEN_VALUE.search(value):
        return f"a header value cannot contain {escape(found[0])}"
    return ""


def _subprotocol(name: str, seen: set[str]) -> str:
    if not name:
        return "a subprotocol needs a name"
    if found := NO_TOKEN.search(name):
        sign = "a space" if found[0] == " " else escape(found[0])
        return f"a subprotocol cannot contain {sign}"
    # RFC 6455 section 4.1, 10: the values must all be unique.
    return "listed twice" if name in seen else ""


def _credentials(draft: SettingsDraft) -> Iterator[tuple[str, str]]:
    if draft.auth == "basic":
        # RFC 7617 section 2: the first colon ends the user name.
        if ":" in draft.user:
            yield "user", "a user name cannot contain a colon"
        elif not draft.user and not draft.password:
            yield "user", "type a user name, or choose none"
    if draft.auth == "bearer":
        if not draft.token:
            yield "token", "type a token, or choose none"
        elif BROKEN_VALUE.search(draft.token) or " " in draft.token:
            yield "token", "a token cannot contain a space"


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _is_count(text: str) -> bool:
    return text.isascii() and text.strip().isdecimal() and len(text) <= LONGEST_COUNT


def _is_time(text: str) -> bool:
    try:
        return 0 < float(text) < LONGEST_WAIT
    except ValueError:
        return False
