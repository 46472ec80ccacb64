"""The filter language: what a text says, and where a mistake stands."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import QueryInvalid
from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filter_terms import (
    TERMS,
    AllOf,
    AnyOf,
    BadIs,
    DirectionIs,
    EventIs,
    FlagIs,
    JsonIs,
    Node,
    Not,
    NoteHas,
    NumberIn,
    OpcodeIs,
    Pattern,
    Word,
)
from wsdebug.log.filter_values import NAMES
from wsdebug.payload.json_query import parse_json_query

PING = OpcodeIs(9)


def query(text: str) -> JsonIs:
    """A JSON term."""
    return JsonIs(parse_json_query(text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", AllOf(())),
        ("  ", AllOf(())),
        ("trade", Word("trade")),
        ("a b", AllOf((Word("a"), Word("b")))),
        ("-trade", Not(Word("trade"))),
        ("--trade", Not(Word("-trade"))),
        ("a-b", Word("a-b")),
        ('"two words"', Word("two words")),
        ("'two words'", Word("two words")),
        (r'"a \"b\" \\ \n"', Word(r'a "b" \ \n')),
        ('-"two words"', Not(Word("two words"))),
        ('"-x"', Word("-x")),
        ('"type":"trade"', Word('"type":"trade"')),
        ('{"type":"trade"}', Word('{"type":"trade"}')),
        ('"dir:in"', Word("dir:in")),
        ("wss://h:1/x", Word("wss://h:1/x")),
        ("12:30", Word("12:30")),
        ("a|b", Word("a|b")),
        ("a | b", AnyOf((Word("a"), Word("b")))),
        ("a b | c", AnyOf((AllOf((Word("a"), Word("b"))), Word("c")))),
        ("(a|b) c", AllOf((AnyOf((Word("a"), Word("b"))), Word("c")))),
        ("(a | b | -c)", AnyOf((Word("a"), Word("b"), Not(Word("c"))))),
        ("-(a | b)", Not(AnyOf((Word("a"), Word("b"))))),
        ("(a)", Word("a")),
        ("((a b))", AllOf((Word("a"), Word("b")))),
        ("f(x)", Word("f(x)")),
        ("f(", Word("f(")),
        ("a)", Word("a)")),
        ("(f(x) | b)", AnyOf((Word("f(x)"), Word("b")))),
        ("$", Word("$")),
        ("$100", Word("$100")),
        ("dir:in", DirectionIs(False)),
        ("dir:out", DirectionIs(True)),
        ("op:cont", OpcodeIs(0)),
        ("op:0x3", OpcodeIs(3)),
        ("op:11", OpcodeIs(11)),
        ("-op:ping", Not(PING)),
        ("(op:ping | op:pong)", AnyOf((PING, OpcodeIs(10)))),
        ("size:>1k", NumberIn("size", 1025, None)),
        ("size:>=1k", NumberIn("size", 1024, None)),
        ("size:<100", NumberIn("size", None, 99)),
        ("size:<=100", NumberIn("size", None, 100)),
        ("size:10..20", NumberIn("size", 10, 20)),
        ("size:10..", NumberIn("size", 10, None)),
        ("size:..20", NumberIn("size", None, 20)),
        ("size:7", NumberIn("size", 7, 7)),
        ("size:=7", NumberIn("size", 7, 7)),
        ("size:1.5k", NumberIn("size", 1536, 1536)),
        ("size:<2MB", NumberIn("size", None, (2 << 20) - 1)),
        ("wire:>1k", NumberIn("wire", 1025, None)),
        ("c:2", NumberIn("c", 2, 2)),
        ("line:100..200", NumberIn("line", 100, 200)),
        ("code:4000", NumberIn("code", 4000, 4000)),
        ("code:any", NumberIn("code", None, None)),
        ("t:>12.5", NumberIn("t", 12_500_001, None)),
        ("t:1m..2m", NumberIn("t", 60_000_000, 120_000_000)),
        ("t:<=1h2m3s", NumberIn("t", None, 3_723_000_000)),
        ("t:>=500ms", NumberIn("t", 500_000, None)),
        ("t:>=01:02.345", NumberIn("t", 62_345_000, None)),
        ("t:>=1:00:00", NumberIn("t", 3_600_000_000, None)),
        ("fin:no", FlagIs("fin", False)),
        ("rsv1:yes", FlagIs("rsv1", True)),
        ("mask:0", FlagIs("mask", False)),
        ("bad:any", BadIs(None)),
        ("bad:invalid-utf8", BadIs("invalid-utf8")),
        ("event:any", EventIs(None)),
        ("event:closed", EventIs("closed")),
        ('event:"closed"', EventIs("closed")),
        ("note:any", NoteHas(None)),
        ('note:"two words"', NoteHas("two words")),
        ("$.id", query("$.id")),
        ("$.type==trade", query("$.type==trade")),
        ("$.px > 100", query("$.px > 100")),
        ("$.px >100 b", AllOf((query("$.px >100"), Word("b")))),
        ('$.a=="x y"', query('$.a=="x y"')),
        ('$.a==["x", "y"] b', AllOf((query('$.a==["x", "y"]'), Word("b")))),
        ("$['a b'] c", AllOf((query("$['a b']"), Word("c")))),
        ("$.legs[?@.px > 1 || @.y]", query("$.legs[?@.px > 1 || @.y]")),
        ("($.a==b | $.c=~^(x|y)$)", AnyOf((query("$.a==b"), query("$.c=~^(x|y)$")))),
        ("$.a==:( b", AllOf((query("$.a==:("), Word("b")))),
        ("-$.id dir:in", AllOf((Not(query("$.id")), DirectionIs(False)))),
    ],
)
def test_a_filter_is_read(text: str, tree: Node) -> None:
    """Every term, alone and together."""
    assert parse_filter(text).tree == tree


@pytest.mark.parametrize(
    ("text", "pattern", "flags"),
    [
        ("/a b/", "a b", 0),
        ("/a b/i", "a b", re.IGNORECASE),
        (r"/a\/b/", r"a\/b", 0),
        ("/[/]x/", "[/]x", 0),
        ("/a|b/", "a|b", 0),
        (r"/\(\//", r"\(\/", 0),
    ],
)
def test_a_regular_expression_stands_between_slashes(text: str, pattern: str, flags: int) -> None:
    """With spaces and slashes in it."""
    tree = parse_filter(text).tree
    assert isinstance(tree, Pattern)
    assert tree.compiled.pattern == pattern
    assert tree.compiled.flags & re.IGNORECASE == flags
    assert parse_filter(f"({text} | x)").tree == AnyOf((tree, Word("x")))


@pytest.mark.parametrize(
    ("text", "position", "why"),
    [
        ("dir:inn", 4, "in or out"),
        ("a dir:", 6, "a value is missing after dir:"),
        ("op:pign", 3, "did you mean ping?"),
        ("op:16", 3, "from 0 to 15"),
        ("op:-1", 3, "from 0 to 15"),
        ("size:>x", 6, "a size is a number"),
        ("size:1..x", 8, "a size is a number"),
        ("size:..", 5, "write size:5"),
        ("size:20..10", 5, "from the lower"),
        ("line:x", 5, "write line:5"),
        ("line:>1k", 6, "a whole number"),
        ("t:>soon", 3, "a number of seconds"),
        ("t:5", 2, "write t:>5"),
        ("t:1m..1x", 6, "a number of seconds"),
        ("fin:maybe", 4, "fin is yes or no"),
        ("bad:invalid-utf", 4, "did you mean invalid-utf8?"),
        ("event:close", 6, "did you mean closed?"),
        ("opcode:ping", 0, "no term opcode:"),
        ("a foo:bar", 2, "text is found in quotes"),
        ("(a", 0, "a \\) is missing"),
        ("a (b | (c)", 2, "a \\) is missing"),
        ("a ) b", 2, "no \\( stands"),
        ("()", 1, "a term is missing"),
        ("a |", 3, "a term is missing"),
        ("| a", 0, "a term is missing"),
        ("(a | )", 5, "a term is missing"),
        ("-", 1, "a term is missing after -"),
        ("a - b", 3, "a term is missing after -"),
        ("(-|a)", 2, "a term is missing after -"),
        ('"a b', 0, "the closing"),
        ('"a b"c', 5, "a space is missing"),
        ('note:"a b"c', 10, "a space is missing"),
        ('""', 0, "nothing stands"),
        ("/a", 0, "the closing / is missing"),
        ("/api/v1", 0, "the closing / is missing"),
        ("//", 1, "nothing stands"),
        ("a /b(/", 4, "not a regular expression"),
        ("a $.type=ok", 8, "write =="),
        ("a $.x==", 7, "a value is missing"),
        ("$.a[", 4, "bracket"),
        ("$.a!b", 3, "."),
        ("(" * 60 + "a", 50, "too deeply"),
    ],
)
def test_a_mistake_is_shown_at_its_place(text: str, position: int, why: str) -> None:
    """In characters from 0."""
    with pytest.raises(QueryInvalid, match=why) as caught:
        parse_filter(text)
    assert (caught.value.position, caught.value.text) == (position, text)


@given(st.text(st.sampled_from("ab ()|-\"'/$.=[]\\:>1dir:insizeop")))
def test_any_text_is_a_filter_or_a_mistake_inside_it(text: str) -> None:
    """Never anything else."""
    position = 0
    try:
        parse_filter(text)
    except QueryInvalid as error:
        position = error.position
    assert 0 <= position <= len(text)


@pytest.mark.parametrize("example", [term.example for term in TERMS])
def test_the_examples_of_the_help_are_filters(example: str) -> None:
    """As they stand there."""
    assert parse_filter(example).tree != AllOf(())


def test_the_help_has_every_term() -> None:
    """Each name that can stand before a colon."""
    forms = " ".join(f"{term.form} {term.words} {term.example}" for term in TERMS)
    assert {name for name in NAMES if f"{name}:" not in forms} <= {"rsv2", "rsv3"}
