"""Regular expressions that a person writes, with the place of a mistake."""

import re
import warnings

from wsdebug.errors import QueryInvalid

__all__ = ["compile_pattern"]


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
