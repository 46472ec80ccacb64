"""A close frame's payload: the code in words, and the reason."""

from wsdebug.payload.escape import escape
from wsdebug.tui.inspect_lines import EDGE, TextLine, columns, line, wrap
from wsdebug.wire.close import CLOSE_CODES, CloseBody, close_code_allowed

__all__ = ["close_lines"]

VALUE = 10  # first cell of the values


def close_lines(body: CloseBody, width: int) -> list[TextLine]:
    """Code, its name and meaning, and the reason as it came."""
    if body.code is None:
        return [line(("no code and no reason, which counts as 1005", "muted"))]
    known = CLOSE_CODES.get(body.code)
    name = known.name if known else _range(body.code)
    style = "fg bold" if close_code_allowed(body.code) else "error bold"
    rows = [
        TextLine(
            (*columns((1, "code", "muted"), (VALUE, str(body.code), style)), (f"  {name}", "fg"))
        )
    ]
    if known:
        rows.append(TextLine(columns((VALUE, known.explanation, "muted"))))
    reason = wrap(escape(body.reason), width - EDGE - VALUE) if body.reason else []
    rows.append(TextLine())
    if not reason:
        rows.append(TextLine(columns((1, "reason", "muted"), (VALUE, "none given", "muted"))))
    for number, row in enumerate(reason):
        label = "reason" if number == 0 else ""
        rows.append(TextLine(columns((1, label, "muted"), (VALUE, row, "fg"))))
    return rows


def _range(code: int) -> str:
    if 3000 <= code <= 3999:
        return "registered by a library or framework"
    if 4000 <= code <= 4999:
        return "the application's own"
    return "never allowed" if code < 1000 or code > 4999 else "not assigned"
