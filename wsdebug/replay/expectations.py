"""Expected messages in order: what each takes, whether they are met, and words for where not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from wsdebug.payload.escape import cut_cells, escape

__all__ = [
    "Expectation",
    "Expectations",
    "expect_close",
    "expect_exact",
    "expect_json",
    "expect_none",
    "expect_text",
    "message_words",
]

Message = str | bytes
Verdict = Literal["open", "met", "failed"]
WIDTH = 120  # cells of a message in words
BYTES = 24  # of a binary one


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that is to come; `words` name it: `a message matching ^ok`.

    `kind` says whether that is a `message`, the `close` of the connection, or `none` at all for
    some time.
    """

    kind: Literal["message", "close", "none"]
    words: str
    code: int = 0  # of the close
    matches: Callable[[Message], bool] = field(default=lambda _: False, compare=False, repr=False)


def expect_text(pattern: str) -> Expectation:
    """A regular expression, searched for in the text; in bytes that are no UTF-8 as in Latin-1.

    Raises QueryInvalid.
    """
    from wsdebug.payload.pattern import Finder, compile_pattern

    finder = Finder(compile_pattern(pattern))
    return Expectation(
        "message",
        f"a message matching {escape(pattern)}",
        matches=lambda message: finder.finds(_text(message)),
    )


def expect_json(query: str) -> Expectation:
    """A JSON message of which a query and its comparison hold. Raises QueryInvalid."""
    from wsdebug.payload.json_query import parse_json_query

    parsed = parse_json_query(query)
    return Expectation(
        "message", f"a JSON message with {escape(query)}", matches=parsed.matches_payload
    )


def expect_exact(text: str) -> Expectation:
    """A message of exactly these bytes, text or binary."""
    data = text.encode("utf-8", "surrogateescape")
    return Expectation(
        "message",
        f"the message {_cut(escape(text))}" if text else "an empty message",
        matches=lambda message: _bytes(message) == data,
    )


def expect_close(code: int) -> Expectation:
    """The end of the connection with this code; 1005 is a close without one, 1006 none at all."""
    return Expectation("close", f"a close with {code}", code=code)


def expect_none() -> Expectation:
    """That no message comes for some time, or until the end."""
    return Expectation("none", "no message")


class Expectations:
    """Takes what comes; the expected things are met one after the other.

    Other messages pass in between, unless `next_only`: then the next message must be the one.
    """

    def __init__(self, expected: Sequence[Expectation], *, next_only: bool = False) -> None:
        self._waiting = list(reversed(expected))
        self._next_only = next_only
        self._others: list[Message] = []  # the last one that passed
        self._passed = 0
        self.failure = ""  # what was expected and what came, once that is certain

    @property
    def current(self) -> Expectation | None:
        """What is waited for; None where all are met."""
        return self._waiting[-1] if self._waiting else None

    @property
    def verdict(self) -> Verdict:
        """`failed` is certain and final, `open` until the end."""
        return "failed" if self.failure else "open" if self._waiting else "met"

    def message(self, message: Message) -> bool:
        """Take a message; whether it was the one."""
        current = self.current
        if current is None or self.failure:
            return False
        if current.matches(message):
            self._met()
            return True
        self._passed += 1
        self._others = [message]
        if current.kind == "none" or (self._next_only and current.kind == "message"):
            self.failure = f"expected {current.words}; got {message_words(message)}"
        return False

    def quiet(self) -> None:
        """The time is over in which no message was to come."""
        if self.current is not None and self.current.kind == "none":
            self._met()

    def closed(self, code: int) -> bool:
        """Take the end of the connection: nothing more will come; whether its code was expected."""
        was_expected = False
        while (current := self.current) is not None and not self.failure:
            if current.kind == "none":
                self._met()
            elif current.kind == "close" and current.code == code and not was_expected:
                was_expected = True
                self._met()
            else:
                end = "the connection broke" if code == 1006 else f"it was closed with {code}"
                self.failure = f"expected {current.words}; {end}{self._came()}"
        return was_expected

    def missing(self, end: str) -> str:
        """Words for a wait in vain; `end` says for how long: `within 10 s`."""
        words = self.current.words if self.current is not None else "nothing"
        return f"expected {words}; not seen {end}{self._came()}"

    def _met(self) -> None:
        self._waiting.pop()
        self._others.clear()
        self._passed = 0

    def _came(self) -> str:
        if not self._others:
            return ""
        last = message_words(self._others[0])
        if self._passed == 1:
            return f", after {last}"
        return f", after {self._passed:,} others, the last {last}"


def message_words(message: Message) -> str:
    """A message in one short, escaped line."""
    if isinstance(message, str):
        return _cut(escape(message[: WIDTH * 4])) or "an empty message"
    from wsdebug.payload.hexdump import hex_preview

    more = " …" if len(message) > BYTES else ""
    return f"{len(message):,} bytes {hex_preview(message, limit=BYTES)}{more}".rstrip()


def _cut(shown: str) -> str:
    return cut_cells(shown, WIDTH)


def _text(message: Message) -> str:
    if isinstance(message, str):
        return message
    try:
        return message.decode()
    except UnicodeDecodeError:
        return message.decode("latin-1")


def _bytes(message: Message) -> bytes:
    return message if isinstance(message, bytes) else message.encode()
