"""A filter's tree as functions of one line; those of payload terms apply to a message."""

from collections.abc import Callable, Sequence

from msgspec import UNSET

from wsdebug.log.filter_many import build_many, has_json
from wsdebug.log.filter_terms import (
    AllOf,
    AnyOf,
    BadIs,
    DirectionIs,
    EventIs,
    FactHas,
    FlagIs,
    JsonIs,
    Node,
    Not,
    NoteHas,
    NumberIn,
    OpcodeIs,
    Pattern,
    Term,
    Word,
)
from wsdebug.log.json_test import json_test
from wsdebug.log.open_messages import Message
from wsdebug.log.records import (
    Record,
    close_code,
    is_frame,
    opcode_of,
    payload_size,
    payload_text,
    wire_size,
)
from wsdebug.payload.pattern import Finder

__all__ = ["FilterTest"]

LineTest = Callable[[Record, int], bool]  # of a line and its number
TextTest = Callable[[str], bool]  # of a message
PayloadTerm = Word | Pattern | JsonIs
LineTerm = DirectionIs | OpcodeIs | NumberIn | FlagIs | BadIs | EventIs | NoteHas | FactHas
PAYLOAD_TERMS = (Word, Pattern, JsonIs)


class FilterTest:
    """A filter's tree as a test of lines that are messages by themselves (`line`), and of messages
    in fragments. For one thread at a time.
    """

    def __init__(self, tree: Node) -> None:
        terms = payload_terms(tree)
        self.has_payload_terms = bool(terms)
        self.has_line_terms = has_line_terms(tree)
        self._takes_all = tree == AllOf(())
        self._finders: list[Finder] = []
        self._found = [False] * len(terms)  # of the message that is looked at
        self._texts = [self._text_test(term) for term in terms]

        def leaf(of_payload: Callable[[int], LineTest]) -> Callable[[Term], LineTest]:
            return lambda term: (
                of_payload(terms.index(term))
                if isinstance(term, PAYLOAD_TERMS)
                else line_test(term)
            )

        found, texts = self._found, self._texts
        of_line = leaf(lambda at: on_payload(texts[at]))
        self.line = build(tree, of_line)
        self._many = build_many(tree, lambda node: build(node, of_line)) if has_json(tree) else None
        self._fragment = build(tree, leaf(lambda at: lambda record, line: found[at]))

    @property
    def gave_up(self) -> int:
        """Messages for which a regular expression took too long: it counts as not found."""
        return sum(finder.gave_up for finder in self._finders)

    def taken(self, records: Sequence[Record], lines: Sequence[int]) -> Sequence[int]:
        """Of lines with their records, each a message by itself, those that the filter takes."""
        if self._takes_all:
            return lines
        if self._many is not None:
            places = self._many(records, lines, range(len(lines)))
            return lines if len(places) == len(lines) else [lines[at] for at in places]
        test = self.line
        return [line for record, line in zip(records, lines, strict=True) if test(record, line)]

    def lines_of(self, message: Message) -> list[int]:
        """The lines of a message in fragments that the filter takes."""
        text = message.text
        for at, test in enumerate(self._texts):
            self._found[at] = text is not None and test(text)
        holds = self._fragment
        if not self.has_line_terms:  # what holds for one holds for all
            return list(message.lines) if holds(message.last, 0) else []
        pairs = zip(message.lines, message.records, strict=True)
        return [line for line, record in pairs if holds(record, line)]

    def _text_test(self, term: PayloadTerm) -> TextTest:
        if not isinstance(term, Pattern):
            return text_test(term)
        finder = Finder(term.compiled)
        self._finders.append(finder)
        return finder.finds


def build(node: Node, leaf: Callable[[Term], LineTest]) -> LineTest:
    """One function for a tree, of those that `leaf` gives for its terms."""
    match node:
        case AllOf(parts):
            return _all([build(part, leaf) for part in parts])
        case AnyOf(parts):
            return _any([build(part, leaf) for part in parts])
        case Not(part):
            inner = build(part, leaf)
            return lambda record, line: not inner(record, line)
    return leaf(node)


def _all(tests: list[LineTest]) -> LineTest:
    if len(tests) == 2:
        first, second = tests
        return lambda record, line: first(record, line) and second(record, line)
    return lambda record, line: all(test(record, line) for test in tests)


def _any(tests: list[LineTest]) -> LineTest:
    if len(tests) == 2:
        first, second = tests
        return lambda record, line: first(record, line) or second(record, line)
    return lambda record, line: any(test(record, line) for test in tests)


def payload_terms(node: Node) -> list[PayloadTerm]:
    """The terms that are about the payload, each once."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            found: list[PayloadTerm] = []
            for part in parts:
                found += [term for term in payload_terms(part) if term not in found]
            return found
        case Not(part):
            return payload_terms(part)
        case Word() | Pattern() | JsonIs():
            return [node]
    return []


def has_line_terms(node: Node) -> bool:
    """Whether there are other terms, which may hold for one frame of a message and not for all."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return any(has_line_terms(part) for part in parts)
        case Not(part):
            return has_line_terms(part)
    return not isinstance(node, PAYLOAD_TERMS)


def text_test(term: Word | JsonIs) -> TextTest:
    """Whether the text of a message is what a payload term asks for."""
    match term:
        case Word(text):
            if term.any_case:
                return lambda found: text in found.lower()
            return lambda found: text in found
        case JsonIs(query):
            return json_test(query)


def on_payload(test: TextTest) -> LineTest:
    """The test of a frame that is a message by itself."""

    def tested(record: Record, line: int) -> bool:
        found = record.recv
        if record.op is None and found.__class__ is str:  # most lines by far
            return test(found)
        if not is_frame(record):
            return False
        text = payload_text(record)
        return text is not None and test(text)

    return tested


def line_test(term: LineTerm) -> LineTest:
    """Whether a line is what a term asks for that is not about the payload."""
    match term:
        case DirectionIs(sent):
            if sent:
                return lambda record, line: record.send is not UNSET
            return lambda record, line: record.recv is not UNSET
        case OpcodeIs(opcode):
            return lambda record, line: is_frame(record) and opcode_of(record) == opcode
        case NumberIn():
            return _number_test(term)
        case FlagIs(name, value):
            return _flag_test(name, value)
        case BadIs(None):
            return lambda record, line: bool(record.bad) and is_frame(record)
        case BadIs(name):
            return lambda record, line: name in record.bad and is_frame(record)
        case EventIs(None):
            return lambda record, line: record.event is not UNSET
        case EventIs(name):
            return lambda record, line: record.event == name
        case NoteHas(text):
            test = text_test(Word(text or ""))
            return lambda record, line: record.note is not UNSET and test(record.note)
        case FactHas():
            return lambda record, line: False


def _flag_test(name: str, value: bool) -> LineTest:
    if name == "mask":
        return lambda record, line: is_frame(record) and _is_masked(record) is value
    return lambda record, line: is_frame(record) and getattr(record, name) is value


def _is_masked(record: Record) -> bool:
    """A send written by hand without a key is masked with any."""
    return isinstance(record.mask, str) or (record.mask is UNSET and record.send is not UNSET)


def _time(record: Record) -> int | None:
    return round(record.t * 1_000_000) if record.t is not None else None


def _connection(record: Record) -> int | None:
    return record.c if is_frame(record) or record.event is not UNSET else None


NUMBERS: dict[str, Callable[[Record], int | None]] = {
    "size": lambda record: payload_size(record) if is_frame(record) else None,
    "wire": lambda record: wire_size(record) if is_frame(record) else None,
    "c": _connection,
    "code": close_code,
    "t": _time,
}


def _number_test(term: NumberIn) -> LineTest:
    low = term.low if term.low is not None else float("-inf")
    high = term.high if term.high is not None else float("inf")
    if term.name == "line":
        return lambda record, line: low <= line <= high
    number = NUMBERS[term.name]

    def test(record: Record, line: int) -> bool:
        value = number(record)
        return value is not None and low <= value <= high

    return test
