"""The text of one value within a JSON text, exactly as it stands there."""

from wsdebug.payload.json_layout import segment
from wsdebug.payload.json_scan import JsonError, scan

__all__ = ["source_at"]


def source_at(text: str, path: str) -> str | None:
    """The characters of the value at a path as `JsonLine.path` gives it; None where there is none.

    Of members with the same name, the first. A text that is no JSON is read up to its mistake.
    """
    prefixes = ["$"]  # the path of each open container
    counts: list[int] = []  # items so far of each; -1 in an object
    name = ""
    start = depth = -1
    try:
        for kind, begin, end in scan(text):
            if kind == "name":
                name = text[begin:end]
            elif kind in "]}":
                counts.pop()
                prefixes.pop()
                if start >= 0 and len(counts) == depth:
                    return text[start:end]
            elif kind not in ",:":
                here = _path_of(prefixes[-1], counts, name)
                if start < 0 and here == path:
                    if kind not in "[{":
                        return text[begin:end]
                    start, depth = begin, len(counts)
                if kind in "[{":
                    counts.append(0 if kind == "[" else -1)
                    prefixes.append(here)
    except JsonError:
        return None
    return None


def _path_of(prefix: str, counts: list[int], name: str) -> str:
    if not counts:
        return prefix
    if counts[-1] < 0:
        return prefix + segment(name)
    counts[-1] += 1
    return prefix + segment(counts[-1] - 1)
