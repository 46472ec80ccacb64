"""Names and short strings that JSON had at its places, to complete what is being typed."""

from collections.abc import Iterator, Set
from functools import lru_cache
from typing import TypeVar

from wsdebug.payload.json_scan import JsonError, looks_like_json, scan
from wsdebug.payload.redact import MASK, is_secret_name

__all__ = ["ITEM", "JsonNames", "Path"]

Key = TypeVar("Key")
Path = tuple[str, ...]
"""Names from the root; `ITEM` stands for every index of an array."""

ITEM = "[]"
LENGTH = 64  # characters of a name or a string that is kept
NAMES = 2_000  # names of all places together
STRINGS = 12  # strings of one place
READ = 1_024  # characters of a text that are read
DEPTH = 12  # levels of a text that are read
SENT = 1_000_000  # received ones count as much as one that was sent


class JsonNames:
    """The most frequent names and strings of many texts, by place; those of sent ones come first.

    Memory is bounded whatever the texts are. What is not printable or would need an escape is not
    kept, nor any string below a name such as `token`.
    """

    def __init__(self) -> None:
        self._names: dict[Path, dict[str, int]] = {}  # weights; newest last
        self._strings: dict[Path, dict[str, int]] = {}
        self._count = 0

    def copy(self) -> "JsonNames":
        """The same, to be added to while this one is read."""
        other = JsonNames()
        other._names = {path: dict(names) for path, names in self._names.items()}
        other._strings = {path: dict(strings) for path, strings in self._strings.items()}
        other._count = self._count
        return other

    def add(self, text: str, *, sent: bool = False) -> None:
        """Read the beginning of a text; one that is no JSON adds nothing from its mistake on."""
        weight = SENT if sent else 1
        for path, word, is_name in reversed(list(_words(text[:READ]))):  # the first is the newest
            if not _is_kept(word):
                continue
            if is_name:
                names = self._names.setdefault(path, {})
                self._count += word not in names
                names[word] = names.pop(word, 0) + weight
            elif not any(map(_is_secret, path)) and MASK not in word:
                strings = self._strings.setdefault(path, {})
                strings[word] = strings.pop(word, 0) + weight
                if len(strings) > 2 * STRINGS:
                    kept = set(_ranked(strings)[:STRINGS])
                    self._strings[path] = {one: n for one, n in strings.items() if one in kept}
        if self._count > NAMES:
            self._forget()

    def names(self, path: Path, typed: str, without: Set[str] = frozenset()) -> list[str]:
        """Names that begin with what is typed: those of the object at a path, then any others.

        Where nothing is typed yet, only those of the object.
        """
        found = _ranked(self._names.get(path, {}))
        if typed:
            everywhere: dict[str, int] = {}
            for names in self._names.values():
                for name, weight in names.items():
                    everywhere[name] = everywhere.get(name, 0) + weight
            found = list(dict.fromkeys([*found, *_ranked(everywhere)]))
        return [name for name in found if name.startswith(typed) and name not in without]

    def strings(self, path: Path, typed: str) -> list[str]:
        """Strings that stood at a path and begin with what is typed."""
        found = _ranked(self._strings.get(path, {}))
        return [text for text in found if text.startswith(typed)]

    def _forget(self) -> None:
        """Keep the heavier half; strings go with the names of their places."""
        weights = {
            (path, name): weight
            for path, names in self._names.items()
            for name, weight in names.items()
        }
        kept = set(_ranked(weights)[: NAMES // 2])
        self._count = len(kept)
        self._names = {}
        for (path, name), weight in weights.items():
            if (path, name) in kept:
                self._names.setdefault(path, {})[name] = weight
        self._strings = {
            path: strings for path, strings in self._strings.items() if self._has(path)
        }

    def _has(self, path: Path) -> bool:
        """Whether the name that a place is under is known."""
        while path and path[-1] == ITEM:
            path = path[:-1]
        return not path or path[-1] in self._names.get(path[:-1], ())


def _words(text: str) -> Iterator[tuple[Path, str, bool]]:
    """Every name with the path of its object, and every string with its own."""
    if not looks_like_json(text):
        return
    paths: list[Path] = []  # of the open containers
    is_object: list[bool] = []
    name = ""
    try:
        for kind, start, end in scan(text):
            if kind == "name":
                name = text[start + 1 : end - 1]
                yield paths[-1], name, True
            elif kind in "}]":
                paths.pop()
                is_object.pop()
            elif kind in "{[" or kind == "string":
                last = name if is_object and is_object[-1] else ITEM
                here = (*paths[-1], last) if paths else ()
                if kind == "string":
                    yield here, text[start + 1 : end - 1], False
                elif len(paths) == DEPTH:
                    return
                else:
                    paths.append(here)
                    is_object.append(kind == "{")
    except JsonError:
        return


def _is_kept(word: str) -> bool:
    return 0 < len(word) <= LENGTH and word.isprintable() and "\\" not in word


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return is_secret_name(name)


def _ranked(weights: dict[Key, int]) -> list[Key]:
    """Heaviest first, of the same weight the newest."""
    return sorted(weights, key=weights.__getitem__)[::-1]
