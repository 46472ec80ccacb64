"""Many JSON objects decoded at once."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

__all__ = ["decode_objects"]

FAILS = (msgspec.MsgspecError, ValueError, RecursionError)

T = TypeVar("T")


def decode_objects(decode: Callable[[str], list[T]], texts: Sequence[str]) -> list[T] | None:
    """What a decoder of lines makes of some texts, None where they are not one object each, with
    nothing before or after it.
    """
    joined = "\n".join(texts)
    # inside of an object `}` is never followed by `{`, so each text begins and ends one
    breaks = joined.count("\n"), joined.count("}\n{")
    if breaks != (len(texts) - 1,) * 2 or joined[:1] != "{" or joined[-1:] != "}":
        return None
    try:
        found = decode(joined)
    except FAILS:
        return None
    return found if len(found) == len(texts) else None
