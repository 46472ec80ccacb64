"""Regular expressions that a person writes, with the place of a mistake."""

import re
import warnings
from typing import TYPE_CHECKING

from wsdebug.errors import QueryInvalid

if TYPE_CHECKING:
    import regex

__all__ = ["Finder", "compile_pattern"]

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
    `gave_up` counts the texts for which that was too little: they count as not found.
    """

    def __init__(self, compiled: re.Pattern[str]) -> None:
        self.gave_up = 0
        self._search = compiled.search
        self._limit = _safe_length(compiled.pattern)  # characters
        self._patient: regex.Pattern[str] | None = None
        self._pattern, self._any_case = compiled.pattern, bool(compiled.flags & re.IGNORECASE)

    def finds(self, text: str) -> bool:
        """Whether the pattern is found in a text."""
        if len(text) <= self._limit:
            return self._search(text) is not None
        if self._patient is None:
            import regex

            self._patient = regex.compile(self._pattern, regex.IGNORECASE if self._any_case else 0)
        try:
            return self._patient.search(text, concurrent=True, timeout=PATIENCE) is not None
        except TimeoutError:
            self.gave_up += 1
            return False


def _safe_length(pattern: str) -> int:
    """How long a text may be for `STEPS` to be enough, whatever it says.

    A search takes at most the length to the power of the repetitions and one; repeated groups
    know no such bound.
    """
    bare = ESCAPED.sub("x", pattern)
    if REPEATED_GROUP.search(bare) or re.search(r"\\[1-9]|\(\?P=", pattern):
        return 0
    return int(STEPS ** (1 / (len(REPEATED.findall(bare)) + 1)))
