"""Where in a TOML file a key stands, which tomllib does not tell, and mistakes that name it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wsdebug.errors import UsageError

__all__ = ["ConfigFile", "nearest"]

LONGEST = 60  # characters of a key in a sentence
HEADER = re.compile(r"[ \t]*\[([^\[\]]*)\][ \t]*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file's name and text; none of them for values that came from no file."""

    path: Path | None = None
    text: str = ""

    def mistake(self, words: str, *keys: str) -> UsageError:
        """A sentence with file and line; `keys` lead to the place, tables first."""
        place = f"{self.path}, line {self.line(*keys)}: " if self.path is not None else ""
        return UsageError(f"{place}{words}", field="config")

    def line(self, *keys: str) -> int:
        """The line of a key, of its table where it is not found, 1 without either.

        `a.b = 1`, `[a]` with `b = 1` below it, and `a = {b = 1}` are all the key `b` of `a`.
        """
        table: tuple[str, ...] = ()
        near = 1
        for number, line in enumerate(self.text.split("\n"), 1):
            if header := HEADER.fullmatch(line.rstrip("\r")):
                table = _parts(header[1])
                at = table
            else:
                at = (*table, *_parts(line.partition("=")[0])) if "=" in line else ()
            if at and at == keys[: len(at)]:
                near = number
                if len(at) == len(keys):
                    return number
            elif at[: len(keys)] == keys:
                return number  # `[a.b]` and `a.b = 1` are where `a` stands
        return near

    @staticmethod
    def shown(key: str) -> str:
        """A key as it may stand in a sentence."""
        shown = key if key.isprintable() else ascii(key)
        return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def nearest(key: str, known: Iterable[str], table: str = "", *, kind: str = "key") -> str:
    """That there is no such thing of a kind, and which one was probably meant."""
    from difflib import get_close_matches

    known = list(known)
    near = get_close_matches(key, known, 1, 0.5)
    advice = f"did you mean {near[0]}?" if near else f"the {kind}s are {', '.join(known)}"
    before = f"{table}." if table else ""
    return f"there is no {kind} {before}{ConfigFile.shown(key)}; {advice}"


def _parts(dotted: str) -> tuple[str, ...]:
    """A dotted key in its parts, without quotes."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([^\s.]+)', dotted)
    return tuple(one or other or bare for one, other, bare in found)
