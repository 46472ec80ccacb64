"""The filter language for whole sessions: what a library finds them by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wsdebug.log.filter_parse import parse_facts_filter
from wsdebug.log.filter_terms import (
    AllOf,
    AnyOf,
    FactHas,
    FactName,
    Node,
    Not,
    NumberIn,
    NumberName,
    Pattern,
    TermHelp,
    Word,
)
from wsdebug.payload.pattern import Finder

__all__ = ["FACT_TERMS", "Facts", "FactsTest", "facts_test"]

FactsTest = Callable[["Facts"], bool]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a session. `text` is what words and patterns look at; a number that is
    not known is in no range.
    """

    text: str
    words: Mapping[FactName, str] = field(default_factory=dict)
    numbers: Mapping[NumberName, int | None] = field(default_factory=dict)
    lowered: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lowered", self.text.lower())


FACT_TERMS = (
    TermHelp("word", "text in name, title, tags, URL, or how it ended", "login"),
    TermHelp('"two words"', "the same with spaces", '"not trusted"'),
    TermHelp("/regex/", "regular expression in the same; /regex/i for any case", "/feed-[0-9]/"),
    TermHelp("host: name:", "text in the host, in the name or its folders", "host:example.com"),
    TermHelp("title: tag:", "text in the title, in a tag", "tag:auth"),
    TermHelp("size:", "bytes of the file; k, M and G", "size:>1M"),
    TermHelp("frames:", "how many there are", "frames:100..200"),
    TermHelp("duration:", "from its start to its end; ms, s, m, h", "duration:>10m"),
    TermHelp("code:", "code of the last close, status of a refusal", "code:1006"),
    TermHelp("a b", "both", "size:>1k orders"),
    TermHelp("(a | b)", "either", "(code:1006 | code:4000..4999)"),
    TermHelp("-a", "not", "-code:1000"),
)


def facts_test(text: str) -> FactsTest:
    """Whether a session is what a filter says; an empty one takes every session. Words are found
    in any case: names and hosts know none.

    Raises QueryInvalid with the place of the mistake, in characters from 0.
    """
    return _test(parse_facts_filter(text).tree)


def _test(node: Node) -> FactsTest:
    match node:
        case AllOf(parts):
            tests = [_test(part) for part in parts]
            return lambda facts: all(test(facts) for test in tests)
        case AnyOf(parts):
            tests = [_test(part) for part in parts]
            return lambda facts: any(test(facts) for test in tests)
        case Not(part):
            inner = _test(part)
            return lambda facts: not inner(facts)
        case Word(text):
            lowered = text.lower()
            return lambda facts: lowered in facts.lowered
        case Pattern(compiled):
            finder = Finder(compiled)
            return lambda facts: finder.finds(facts.text)
        case FactHas(word, wanted):
            return lambda facts: wanted in facts.words.get(word, "").lower()
        case NumberIn(name, low, high):
            return _within(name, low, high)
    raise AssertionError(f"{node} is no term of whole sessions")


def _within(name: NumberName, low: int | None, high: int | None) -> FactsTest:
    def test(facts: Facts) -> bool:
        value = facts.numbers.get(name)
        return value is not None and (low or 0) <= value and (high is None or value <= high)

    return test
