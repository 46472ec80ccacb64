"""Arguments that keep the order in which they were given, options and words in any mixture."""

import argparse
from collections.abc import Callable, Iterator, Sequence

__all__ = ["parse_in_order"]

Words = list[str]


def parse_in_order(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str],
    take: Callable[[argparse.Namespace, str], None],
) -> argparse.Namespace:
    """Parse options; call `take` for each word that is neither an option nor an option's value,
    at its place among them. After `--` all are such words.

    argparse alone takes all words before or after all options. The parser has no positionals.
    """
    parsed = parser.parse_args([])
    for options, words in _runs(parser, arguments):
        if options:
            parser.parse_args(options, parsed)
        for word in words:
            take(parsed, word)
    return parsed


def _runs(
    parser: argparse.ArgumentParser, arguments: Sequence[str]
) -> Iterator[tuple[Words, Words]]:
    """Options with their values, and the words that follow them, again and again."""
    options: Words = []
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            yield options, list(rest)
            return
        if word == "-" or not word.startswith("-"):
            yield options, [word]
            options = []
            continue
        options.append(word)
        if _wants_value(parser, word):
            options += [value for value in (next(rest, None),) if value is not None]
    yield options, []


def _wants_value(parser: argparse.ArgumentParser, word: str) -> bool:
    """Whether the next word is this option's value: `-o`, `--output`, `-qo`."""
    # argparse tells of its options nowhere else; other tools rely on this too
    options = parser._option_string_actions
    if word.startswith("--") or word in options:
        return word in options and options[word].nargs is None
    for place, letter in enumerate(word[1:], 1):
        action = options.get(f"-{letter}")
        if action is None:
            return False
        if action.nargs is None:
            return place == len(word) - 1
    return False
