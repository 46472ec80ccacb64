"""Many JSON texts decoded one after the other, by a loop that is not Python's."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

__all__ = ["decode_each"]

FAILS = (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError)

S = TypeVar("S")
T = TypeVar("T")


def decode_each(decode: Callable[[S], T], texts: Iterable[S], failed: T) -> list[T]:
    """What a decoder makes of each text, and `failed` of those that it does not take."""
    found: list[T] = []
    rest = iter(texts)
    while True:
        try:
            found.extend(map(decode, rest))  # what came before a failure stays
        except FAILS:
            found.append(failed)
        else:
            return found
