"""Regular expressions that a person writes, with the place of a mistake."""

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from wsdebug.errors import QueryInvalid

if TYPE_CHECKING:
    import regex

__all__ = ["Finder", "compile_pattern", "finder_of"]

STEPS = 2e7  # of matching, at most, where nothing can stop it: a fraction of a second
PATIENCE = 1.0  # seconds for one text
ESCAPED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
REPEATED = re.compile(r"(?:[*+]|\{\d*,\d*\}|(?<!\()\?)[?+]?")
REPEATED_GROUP = re.compile(r"\)[*+?{]")


def compile_pattern(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """The compiled pattern. Raises QueryInvalid with the place inside the pattern."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of syntax that may change one day
            return re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        raise QueryInvalid(f"not a regular expression: {error.msg}", pattern, error.pos) from None
    except (RecursionError, OverflowError):
        raise QueryInvalid("a regular expression that is too large", pattern, 0) from None


class Finder:
    """A pattern that is searched for in hostile text, from any thread.

    `re` cannot be stopped and lets no other thread run, so it is used only where it is bound to
    end soon. Elsewhere `regex` searches, which others can run beside, for a second at most;
    `gave_up` counts the texts for which that was too little: nothing counts as found in them.
    """

    def __init__(self, compiled: re.Pattern[str]) -> None:
        self.gave_up = 0
        self._compiled = compiled
        self._limit = _safe_length(compiled.pattern)  # characters
        self._patient: regex.Pattern[str] | None = None

    def finds(self, text: str) -> bool:
        """Whether the pattern is found in a text."""
        return self.search(text) is not None

    def search(self, text: str) -> "re.Match[str] | regex.Match[str] | None":
        """The first place where it is found."""
        if len(text) <= self._limit:
            return self._compiled.search(text)
        try:
            return self._made_patient().search(text, concurrent=True, timeout=PATIENCE)
        except TimeoutError:
            self.gave_up += 1
            return None

    def sub(self, replacement: str, text: str) -> str:
        """A text with a replacement, as `re.sub` has it, wherever the pattern is found."""
        if len(text) <= self._limit:
            return self._compiled.sub(replacement, text)
        try:
            return self._made_patient().sub(replacement, text, concurrent=True, timeout=PATIENCE)
        except TimeoutError:
            self.gave_up += 1
            return text

    def _made_patient(self) -> "regex.Pattern[str]":
        if self._patient is None:
            import regex

            any_case = bool(self._compiled.flags & re.IGNORECASE)
            self._patient = regex.compile(
                self._compiled.pattern, regex.IGNORECASE if any_case else 0
            )
        return self._patient


@lru_cache(maxsize=256)
def finder_of(compiled: re.Pattern[str]) -> Finder:
    """The same one for the same pattern."""
    return Finder(compiled)


def _safe_length(pattern: str) -> int:
    """How long a text may be for `STEPS` to be enough, whatever it says.

    A search takes at most the length to the power of the repetitions and one; repeated groups
    know no such bound.
    """
    bare = ESCAPED.sub("x", pattern)
    if REPEATED_GROUP.search(bare) or re.search(r"\\[1-9]|\(\?P=", pattern):
        return 0
    return int(STEPS ** (1 / (len(REPEATED.findall(bare)) + 1)))
