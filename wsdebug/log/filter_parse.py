"""The filter language of `--filter` and the filter bar, parsed once into a tree."""

import re

from wsdebug.errors import QueryInvalid
from wsdebug.log.filter_terms import AllOf, AnyOf, Filter, JsonIs, Node, Not, Pattern, Word
from wsdebug.log.filter_values import FACTS, NAMES, BadValue, Names, near
from wsdebug.payload.json_query import parse_json_query
from wsdebug.payload.pattern import compile_pattern

__all__ = ["parse_facts_filter", "parse_filter"]

SPACE = " \t\n\r"
PLACE = re.compile(r"[0-9]{1,5}(?:/.*)?")  # behind the colon of `localhost:9911/echo`
OPENING = {"(": ")", "[": "]", "{": "}"}
NAMED = re.compile(r"([a-z][a-z0-9_-]*):(?!//)")
COMPARISON = re.compile(r"[ \t]*(==|!=|<=|>=|=~|<|>|=)[ \t]*")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
JSON = (".", "[", "=", "!", "<", ">")  # behind the `$` of a query
DEEP = 50  # groups inside each other


def parse_filter(text: str) -> Filter:
    """The filter that a text says; an empty one takes every line.

    Raises QueryInvalid with the place of the mistake, in characters from 0.
    """
    return _parsed(_Parser(text, NAMES))


def parse_facts_filter(text: str) -> Filter:
    """The same for whole sessions: words, patterns, and the terms of `FACTS`; a query of JSON is
    a word.

    Raises QueryInvalid in the same way.
    """
    return _parsed(_Parser(text, FACTS))


def _parsed(parser: "_Parser") -> Filter:
    tree = parser.either(depth=0)
    if parser.at < len(parser.text):
        raise QueryInvalid("no ( stands before this )", parser.text, parser.at)
    return Filter(parser.text, tree)


class _Parser:
    """Goes through the text once; `at` is the next character."""

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.at = 0
        self._names = names
        self._of_lines = names is NAMES

    def either(self, *, depth: int) -> Node:
        """Terms up to the end of the text, or of the group."""
        parts = [self._all(depth)]
        while self._peek() == "|":
            self.at += 1
            parts.append(self._all(depth))
        if len(parts) > 1 or depth:
            for part, at in parts:
                if part == AllOf(()):
                    raise QueryInvalid("a term is missing here", self.text, at)
        return parts[0][0] if len(parts) == 1 else AnyOf(tuple(part for part, _ in parts))

    def _all(self, depth: int) -> tuple[Node, int]:
        """What stands between two `|`, and where it ends."""
        parts: list[Node] = []
        while self._skip_space() and not self._ends_here(depth):
            parts.append(self._negated(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts)), self.at

    def _ends_here(self, depth: int) -> bool:
        return self._peek() == ")" or (self._peek() == "|" and self._is_bar(depth))

    def _is_bar(self, depth: int) -> bool:
        """Outside of groups a bar counts only on its own."""
        return depth > 0 or self.text[self.at + 1 : self.at + 2] in ("", *SPACE)

    def _negated(self, depth: int) -> Node:
        if self._peek() != "-":
            return self._term(depth)
        self.at += 1
        if self._peek() in ("", *SPACE) or (depth and self._peek() in ("|", ")")):
            raise QueryInvalid("a term is missing after -", self.text, self.at)
        return Not(self._term(depth))

    def _term(self, depth: int) -> Node:
        start = self.at
        match self._peek():
            case "(":
                return self._group(depth)
            case '"' | "'" as quote:
                return self._quoted(quote, depth)
            case "/":
                return self._pattern(depth)
            case "$" if self._of_lines and self.text[start + 1 : start + 2] in JSON:
                return self._json(depth)
        word = self._word(depth)
        named = NAMED.match(word)
        if named is None or (
            named[1] not in self._names
            and not self._of_lines
            and PLACE.fullmatch(word, named.end())
        ):
            return Word(word)
        return self._named(named[1], word[named.end() :], start, depth)

    def _group(self, depth: int) -> Node:
        start = self.at
        if depth == DEEP:
            raise QueryInvalid("groups are nested too deeply", self.text, start)
        self.at += 1
        inner = self.either(depth=depth + 1)
        if self._peek() != ")":
            raise QueryInvalid("a ) is missing for this (", self.text, start)
        self.at += 1
        return inner

    def _quoted(self, quote: str, depth: int) -> Node:
        start = self.at
        text = self._string(quote)
        if not self._at_end(depth):
            # as pasted from a payload, like "type":"trade"
            if not any(char in SPACE for char in text):
                self.at = start
                return Word(self._word(depth))
            raise QueryInvalid("a space is missing after the quotes", self.text, self.at)
        if not text:
            raise QueryInvalid("nothing stands between the quotes", self.text, start)
        return Word(text)

    def _string(self, quote: str) -> str:
        """The text between quotes; `\\` keeps a quote or itself."""
        found = re.compile(rf"{quote}((?:[^{quote}\\]|\\.|\\$)*){quote}", re.DOTALL).match(
            self.text, self.at
        )
        if found is None:
            raise QueryInvalid(f"the closing {quote} is missing", self.text, self.at)
        self.at = found.end()
        return re.sub(rf"\\([\\{quote}])", r"\1", found[1])

    def _pattern(self, depth: int) -> Node:
        start = self.at
        end = self.at + 1
        while end < len(self.text):
            if self.text[end] == "\\":
                end += 2
                continue
            if self.text[end] == "/":
                self.at = end + 1
                any_case = self._peek() == "i"
                self.at += any_case
                if self._at_end(depth):
                    return self._compiled(start + 1, end, any_case=any_case)
            end += 1
        self.at = start
        why = "the closing / is missing; text with / in it is found in quotes"
        raise QueryInvalid(why, self.text, start)

    def _compiled(self, start: int, end: int, *, any_case: bool) -> Node:
        if start == end:
            raise QueryInvalid("nothing stands between the slashes", self.text, start)
        try:
            return Pattern(compile_pattern(self.text[start:end], ignore_case=any_case))
        except QueryInvalid as error:
            raise QueryInvalid(error.why, self.text, start + error.position) from None

    def _json(self, depth: int) -> Node:
        """A query; behind it an operator and a value, with or without spaces."""
        start = self.at
        self.at += 1
        self._balanced(depth, stops="=!<>")
        comparison = COMPARISON.match(self.text, self.at)
        if comparison is not None:
            self.at = comparison.end()
            string = STRING.match(self.text, self.at)
            if string is not None:
                self.at = string.end()
        if not self._at_end(depth):
            is_json = self._peek() in ("[", "{")
            self._balanced(depth, brackets="([{" if is_json else "(" if depth else "")
        written = self.text[start : self.at]
        try:
            return JsonIs(parse_json_query(written))
        except QueryInvalid as error:
            raise QueryInvalid(error.why, self.text, start + error.position) from None

    def _named(self, name: str, value: str, start: int, depth: int) -> Node:
        if name not in self._names:
            meant = near(name, tuple(self._names))
            why = f"no term {name}: in filters, {meant}; text is found in quotes"
            raise QueryInvalid(why, self.text, start)
        at = start + len(name) + 1
        if value[:1] in ("", '"', "'"):
            self.at = at
            if not value:
                raise QueryInvalid(f"a value is missing after {name}:", self.text, at)
            value = self._string(value[0])
            if not self._at_end(depth):
                raise QueryInvalid("a space is missing after the quotes", self.text, self.at)
        try:
            return self._names[name](name, value)
        except BadValue as error:
            raise QueryInvalid(str(error), self.text, at + error.at) from None

    def _word(self, depth: int) -> str:
        start = self.at
        self._balanced(depth, brackets="(" if depth else "", quotes="")
        return self.text[start : self.at]

    def _balanced(
        self, depth: int, *, stops: str = "", brackets: str = "([{", quotes: str = "\"'"
    ) -> None:
        """Go on to the end of the term, or to one of the stops, outside of brackets and quotes."""
        closing: list[str] = []
        while (char := self._peek()) != "":
            if not closing:
                if char in SPACE or char in stops:
                    return
                if depth and char in "|)":
                    return
            if closing and char == closing[-1]:
                closing.pop()
            elif char in brackets:
                closing.append(OPENING[char])
            elif closing and char in quotes:
                self._string(char)
                continue
            self.at += 1

    def _skip_space(self) -> bool:
        """Whether anything follows."""
        while self._peek() in SPACE and self.at < len(self.text):
            self.at += 1
        return self.at < len(self.text)

    def _at_end(self, depth: int) -> bool:
        """Whether a term could end here."""
        char = self._peek()
        return char in ("", *SPACE) or (depth > 0 and char in "|)")

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]
