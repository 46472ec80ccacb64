"""What is typed into the composer, as a message to send or as words about what is wrong."""

import base64
import contextlib
import re
from dataclasses import dataclass
from typing import Literal

from wsdebug.errors import UsageError
from wsdebug.payload import json_layout
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.compose_file import file_bytes, file_size
from wsdebug.wire.close import CLOSE_CODES, REASON_LIMIT, close_code_allowed
from wsdebug.wire.frame import Frame

__all__ = [
    "CONTROL_LIMIT",
    "FORMS",
    "KINDS",
    "Draft",
    "Form",
    "Kind",
    "Reading",
    "SendRequest",
    "make_request",
    "parse_base64",
    "parse_hex",
    "read_draft",
]

Kind = Literal["text", "binary", "ping", "pong", "close", "raw"]
Form = Literal["text", "hex", "base64", "file"]

KINDS: tuple[Kind, ...] = ("text", "binary", "ping", "pong", "close", "raw")
FORMS: dict[Kind, tuple[Form, ...]] = {
    "text": ("text",),
    "binary": ("hex", "base64", "file"),
    "ping": ("text", "hex", "base64"),
    "pong": ("text", "hex", "base64"),
    "close": ("text",),
    "raw": ("text",),
}
CONTROL_LIMIT = 125  # bytes: RFC 6455 section 5.5
CHECK_LIMIT = 1024 * 1024  # characters of text that are checked for JSON at each key

OVER_BUDGET = "over the budget; it is sent all the same"

HEX_SKIPPED = " \t\r\n,:-_"
HEX_LEFT_OUT = str.maketrans("", "", HEX_SKIPPED)
NO_HEX = re.compile(rf"[^0-9A-Fa-f{re.escape(HEX_SKIPPED)}]")
HEX_PREFIX = re.compile(r"(?:0x|\\x)(?=[0-9A-Fa-f])", re.IGNORECASE)
NO_BASE64 = re.compile(r"[^0-9A-Za-z+/\-_= \t\r\n]|=[= \t\r\n]*+[0-9A-Za-z+/\-_]")
BASE64_DIGITS = str.maketrans("-_", "+/", "= \t\r\n")


@dataclass(frozen=True, slots=True)
class SendRequest:
    """One message to send. `payload` is a str for `text`, bytes else; `close` uses code, reason.

    `frame` is the frame of kind `raw`, sent exactly as it is set. With `fragment` a message is sent
    in frames of so many bytes.
    """

    kind: Kind
    payload: str | bytes = b""
    code: int | None = None
    reason: str = ""
    frame: Frame | None = None
    fragment: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the composer: `text` in the given form, or a close code (digits typed)."""

    kind: Kind = "text"
    form: Form = "text"
    text: str = ""
    code: str = "1000"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a draft amounts to, for the last row.

    `word` names what it is (`JSON`, `text`, `hex`), `facts` are muted; `problem` is in words, with
    its place. `sendable` is false where there is nothing that could be sent.
    """

    word: str
    facts: tuple[str, ...] = ()
    problem: str = ""
    sendable: bool = True
    is_checked: bool = False  # known to be right: shows the tick
    is_json: bool = False  # an object or array, or meant to be one


def read_draft(
    draft: Draft, *, close_timeout: float = 5.0, fragment: int = 0, budget: int = 0
) -> Reading:
    """Judge a draft without sending it; cheap enough for each key typed.

    `fragment` is how many bytes of a message go into one frame, 0 for all of them; `budget` is how
    many a message should have at most, 0 where nothing is known of that.
    """
    if draft.kind == "close":
        return _read_close(draft, close_timeout)
    if draft.kind == "text":
        return _read_text(draft.text, fragment, budget)
    form = _form(draft)
    try:
        size = file_size(draft.text) if form == "file" else len(_payload(draft))
    except UsageError as error:
        return Reading(form, problem=str(error), sendable=False)
    if draft.kind == "binary":
        facts = (_of_budget(size, budget), _frames(size, fragment))
        if budget and size > budget:
            return Reading(form, facts, f"{facts[0]}: {OVER_BUDGET}")
        return Reading(form, facts, is_checked=bool(draft.text))
    words = _of_budget(size, CONTROL_LIMIT)
    if size > CONTROL_LIMIT:
        problem = f"{words}: a {draft.kind} carries no more"
        return Reading(form, problem=problem, sendable=False)
    return Reading(form, (words, "one frame"), is_checked=bool(draft.text))


def make_request(draft: Draft, *, fragment: int = 0) -> SendRequest:
    """The message of a draft; a file is read now. UsageError says what keeps it from being sent."""
    reading = read_draft(draft)
    if not reading.sendable:
        raise UsageError(reading.problem)
    if draft.kind == "close":
        return SendRequest("close", code=int(draft.code), reason=draft.reason)
    if draft.kind == "text":
        return SendRequest("text", draft.text, fragment=fragment)
    if draft.kind != "binary":
        return SendRequest(draft.kind, _payload(draft))  # control frames are never fragmented
    data = file_bytes(draft.text) if _form(draft) == "file" else _payload(draft)
    return SendRequest("binary", data, fragment=fragment)


def parse_hex(text: str) -> bytes:
    """Bytes written as hex digits; blanks, commas, colons, `0x` and `\\x` may stand between them.

    UsageError names the line and column, both from 1.
    """
    plain = HEX_PREFIX.sub(lambda match: " " * len(match.group()), text)
    with contextlib.suppress(ValueError):
        return bytes.fromhex(plain.translate(HEX_LEFT_OUT))
    if wrong := NO_HEX.search(plain):
        words = f"“{escape(wrong[0])}” is not a hex digit"
        raise UsageError(f"{place(text, wrong.start())}: {words}")
    last = len(plain.rstrip(HEX_SKIPPED)) - 1
    raise UsageError(f"{place(text, last)}: half a byte; a byte is two hex digits")


def parse_base64(text: str) -> bytes:
    """Bytes written as base64, in either alphabet, with or without padding, on any lines.

    UsageError names the line and column, both from 1.
    """
    if wrong := NO_BASE64.search(text):
        offset = wrong.end() - 1
        words = f"“{escape(text[offset])}” is not base64"
        if len(wrong[0]) > 1:
            words = "nothing can follow the = at the end"
        raise UsageError(f"{place(text, offset)}: {words}")
    digits = text.translate(BASE64_DIGITS)
    if len(digits) % 4 == 1:
        raise UsageError("a character of the base64 is missing at the end")
    return base64.b64decode(digits + "=" * (-len(digits) % 4))


def place(text: str, offset: int) -> str:
    """`line 1, column 8` of an offset."""
    before = text[:offset]
    return f"line {before.count(chr(10)) + 1}, column {offset - before.rfind(chr(10))}"


def _read_text(text: str, fragment: int, budget: int) -> Reading:
    size = len(text.encode("utf-8", "surrogatepass"))
    facts = (_of_budget(size, budget), _frames(size, fragment))
    surrogate = re.search("[\ud800-\udfff]", text)
    if surrogate:
        where = place(text, surrogate.start())
        problem = f"{where}: half a surrogate pair cannot be sent as text"
        return Reading("text", facts, problem, sendable=False)
    start = text.lstrip()[:1]
    if budget and size > budget:
        return Reading("text", facts, f"{facts[0]}: {OVER_BUDGET}")
    if not start or len(text) > CHECK_LIMIT or start not in '{["-0123456789tfn':
        return Reading("text", facts)
    found = json_layout.check(text)
    if found is None:
        return Reading("JSON", facts, is_checked=True, is_json=start in "{[")
    if start not in "{[":
        return Reading("text", facts)
    problem = f"line {found.line}, column {found.column}: {escape(found.message)}"
    return Reading("text", facts, problem, is_json=True)


def _read_close(draft: Draft, close_timeout: float) -> Reading:
    size = len(draft.reason.encode("utf-8", "surrogatepass"))
    problem = _code_problem(draft.code)
    if not problem and size > REASON_LIMIT:
        problem = f"the reason is {size - REASON_LIMIT} bytes too long"
    if problem:
        return Reading("close", problem=problem, sendable=False)
    seconds = f"{close_timeout:g}"
    return Reading("close", (f"the server has {seconds} s to answer",), is_checked=True)


def _code_problem(code: str) -> str:
    if not code:
        return "type a number from 3000 to 4999"
    number = int(code)
    if close_code_allowed(number):
        return ""
    if number in CLOSE_CODES:
        return f"{number} never stands in a close frame: {CLOSE_CODES[number].name}"
    if number < 1000 or number > 4999:
        return f"{number} is not a close code; your own are 3000 to 4999"
    return f"{number} means nothing yet; your own are 3000 to 4999"


def _form(draft: Draft) -> Form:
    # `@` stands in neither hex nor base64, so it can only begin the name of a file.
    is_file = draft.kind == "binary" and draft.text.lstrip().startswith("@")
    return "file" if is_file else draft.form


def _payload(draft: Draft) -> bytes:
    if draft.form == "hex":
        return parse_hex(draft.text)
    if draft.form == "base64":
        return parse_base64(draft.text)
    return draft.text.encode("utf-8", "surrogatepass")


def _frames(size: int, fragment: int) -> str:
    if not fragment:
        return "one frame"
    count = max(1, -(-size // fragment))
    return f"{with_commas(count)} frame{'' if count == 1 else 's'} of {_bytes(fragment)}"


def _of_budget(size: int, budget: int) -> str:
    return f"{with_commas(size)} of {_bytes(budget)}" if budget else _bytes(size)


def _bytes(size: int) -> str:
    return "1 byte" if size == 1 else f"{with_commas(size)} bytes"
