"""The one place that redacts: what may not stand in a record, replaced by `***`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

from wsdebug.payload.spellings import Spellings, any_spelling
from wsdebug.payload.variables import is_template

__all__ = [
    "MASK",
    "Redactor",
    "is_secret_header",
    "is_secret_name",
    "keep_secret",
    "masked",
]

MASK = "***"

SECRET_HEADERS = frozenset(
    [
        "authorization",
        "proxy-authorization",
        "cookie",
        "cookie2",
        "set-cookie",
        "set-cookie2",
    ]
)
SECRET_OPTIONS = frozenset(["user", "bearer", "cookie", "passphrase"])
# What may stand anywhere as a word of a name: `access_token`, `apiKey`, `X-Amz-Signature`.
# fmt: off
SECRET_WORDS = frozenset((
    "apikey", "accesskey", "auth", "authkey", "authorization", "bearer", "credential",
    "credentials", "hmac", "jwt", "key", "otp", "pass", "passphrase", "passwd", "password",
    "pin", "privatekey", "pw", "pwd", "secret", "secretkey", "session", "sessionid", "sid",
    "sig", "sign", "signature", "ticket", "token", "tokens",
))
# fmt: on
SECRET_ENDS = ("token", "secret", "password", "passwd", "apikey", "accesskey", "signature")
# A header has many harmless keys and sessions; only these words make it secret.
SECRET_HEADER_WORDS = SECRET_WORDS - {"key", "session", "sid", "sig", "sign", "pass", "pin"}
HEADER_KEYS = re.compile(r"\b(api|access|auth|private|secret|subscription)-?key\b")

# Names that the person at this computer keeps secret too, lowered; one set for the process.
OWN_HEADERS: set[str] = set()
OWN_PARAMETERS: set[str] = set()

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# After a scheme's colon, or where a reference without a scheme can begin.
USER_INFO = re.compile(r"(?:(?<=:)|(?<![^\s\"'<=,;(]))//(?P<user>[^/?#\s]*)@")
PROXY_USER = re.compile(r"\A([a-zA-Z0-9+.-]+://)?.*@", re.DOTALL)  # a scheme may be missing
URL_USER_INFO = re.compile(r"\A[^/?#]*//(?P<user>[^/?#]*)@")
# A query inside a query is percent-encoded once more.
PARAMETER = re.compile(
    r"(?:[?&;#]|%3[fF]|%26|%23|%3[bB])(?P<name>(?:(?!%3[dDfF]|%26|%23)[^=&;#?\s\"<>]){1,200})"
    r"(?:=|%3[dD])"
)
VALUE = re.compile(r"(?:(?!%26|%23)[^&#\s\"<>])*+")
LINE = re.compile(r"(?P<line>[^\n]*?)(?P<end>\r?\n|\Z)")
FIELD = re.compile(r"(?P<name>[^:\r\n]*):(?P<space>[ \t]*)(?P<value>.*)", re.DOTALL)
HIDDEN_FIELD = re.compile(
    r"\r[ \t]*(?:proxy-)?(?:authorization|(?:set-)?cookie2?)[ \t]*:", re.IGNORECASE
)


def keep_secret(*, headers: Iterable[str] = (), query: Iterable[str] = ()) -> None:
    """From now on mask the values of these headers and query parameters too, and of no others
    that were named before. Upper and lower case are the same.
    """
    OWN_HEADERS.clear()
    OWN_HEADERS.update(name.strip().lower() for name in headers)
    OWN_PARAMETERS.clear()
    OWN_PARAMETERS.update(name.lower() for name in query)


def is_secret_name(name: str) -> bool:
    """Whether a query parameter holds a secret: `token`, `api_key`, `X-Amz-Signature`."""
    name = unquote_plus(name)
    return name.lower() in OWN_PARAMETERS or _has_secret_word(name, SECRET_WORDS)


def is_secret_header(name: str) -> bool:
    """Whether the value of this header is never recorded."""
    name = name.strip()
    lowered = name.lower()
    if lowered in SECRET_HEADERS or lowered in OWN_HEADERS:
        return True
    if lowered.startswith("sec-websocket-"):
        return False
    return _has_secret_word(name, SECRET_HEADER_WORDS) or HEADER_KEYS.search(lowered) is not None


def _has_secret_word(name: str, words: frozenset[str]) -> bool:
    if any(word.lower() in words for word in WORDS.findall(name)):
        return True
    return re.sub(r"[^a-z]", "", name.lower()).endswith(SECRET_ENDS)


class Redactor:
    """Replaces secrets in what is recorded (SESSION_FORMAT.md, promise 7).

    URL user info, the values of secret headers and query parameters, and `secrets` wherever they
    stand in URLs and headers, plain or percent-encoded. `secrets` are values, or {name: value}.
    With `keep=True` (`--keep-secrets`) everything passes unchanged. `names` lists what was
    replaced, in order: header and parameter names as spelled, `user` for user info, and the
    names of `secrets` that have one.
    """

    def __init__(
        self, secrets: Sequence[str] | Mapping[str, str] = (), *, keep: bool = False
    ) -> None:
        self.keep = keep
        self.names: list[str] = []
        self._known: dict[str, str] = {}  # names by value
        self.learn(secrets)

    def learn(self, secrets: Sequence[str] | Mapping[str, str]) -> None:
        """Replace these too from now on."""
        if not isinstance(secrets, Mapping):
            pairs: Iterable[tuple[str, str]] = (("", value) for value in secrets)
        else:
            pairs = secrets.items()
        self._known |= {value: name for name, value in pairs}
        # A secret of stars alone would be found in the mask itself.
        known = sorted(
            ((name, value) for value, name in self._known.items() if value.strip("*")),
            key=lambda pair: -len(pair[1]),
        )
        self._secret_names = [name for name, _ in known]
        alternatives = "|".join(f"({any_spelling(value)})" for _, value in known)
        self._spelled = re.compile(alternatives) if known else None
        self.spellings = Spellings(value for _, value in known) if known else None

    def url(self, url: str) -> str:
        """A URL or request target without its user info and secret query values."""
        return url if self.keep else self.text(URL_USER_INFO.sub(self._mask_user, url))

    def headers(self, pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
        """Header pairs as a session file has them: secret values replaced, URLs redacted."""
        return [[name, self.header(name, value)] for name, value in pairs]

    def header(self, name: str, value: str) -> str:
        """One header's value as it may be recorded."""
        if self.keep:
            return value
        if is_secret_header(name) and not is_template(value):
            self.note(name.strip())
            return MASK
        return self.text(value)

    def head(self, raw: bytes) -> bytes:
        """A raw request or response head, each line end and every other byte as it was."""
        if self.keep:
            return raw
        parts: list[str] = []
        in_secret = False
        for number, match in enumerate(LINE.finditer(raw.decode("latin-1"))):
            line = match["line"]
            field = FIELD.fullmatch(line) if number else None
            if number and line[:1] in (" ", "\t"):
                # RFC 9112 5.2: a folded line still belongs to the header before it.
                shown = line[:1] + MASK if in_secret and line.strip() else self.text(line)
            elif field and is_secret_header(field["name"]):
                in_secret = True
                self.note(field["name"].strip())
                shown = f"{field['name']}:{field['space']}{MASK}"
            else:
                in_secret = False
                hidden = HIDDEN_FIELD.search(line)
                shown = self.text(line[: hidden.end()]) + MASK if hidden else self.text(line)
            parts += (shown, match["end"])
        return self._mask_secrets("".join(parts)).encode("latin-1")

    def text(self, text: str) -> str:
        """Any text with the URLs and `secrets` in it redacted: error words, a reason, a value."""
        if self.keep:
            return text
        text = self._mask_secrets(text)
        text = USER_INFO.sub(self._mask_user, text)
        return self._mask_secrets(self._mask_parameters(text))

    def option(self, name: str, value: Any) -> Any:
        """The value of a connection option, by its long command-line name, as it may be kept."""
        if self.keep:
            return value
        if isinstance(value, tuple | list):
            return [self.option(name, item) for item in value]
        if not isinstance(value, str):
            return value
        if name == "proxy" and (shown := PROXY_USER.sub(rf"\1{MASK}@", value)) != value:
            self.note(name)
            return self.text(shown)
        if name in SECRET_OPTIONS and value and not is_template(value):
            self.note(name)
            return MASK
        return self.text(value)

    @property
    def has_secrets(self) -> bool:
        """Whether `shown` may change anything."""
        return self.spellings is not None and not self.keep

    def shown(self, text: str) -> str:
        """A payload for a screen or an export: `secrets` replaced where they stand as they are,
        or as JSON, URLs and base64 spell them.
        """
        if not self.has_secrets:
            return text
        data = text.encode("utf-8", "surrogatepass")
        shown = self.shown_bytes(data)
        return text if shown is data else shown.decode("utf-8", "surrogatepass")

    def shown_bytes(self, payload: bytes) -> bytes:
        """The same for a payload that may be no text."""
        if self.spellings is None or self.keep:
            return payload
        # Two ends may make a secret once what stood between them is gone.
        while spans := tuple(self.spellings.find(payload)):
            payload = masked(payload, spans)
        return payload

    def note(self, name: str) -> None:
        """Keep the name of what was replaced or left out."""
        if name and name not in self.names:
            self.names.append(name)

    def _mask_user(self, match: re.Match[str]) -> str:
        if match["user"] in ("", MASK):
            return match[0]
        self.note("user")
        start = match.start("user") - match.start()
        return f"{match[0][:start]}{MASK}@"

    def _mask_parameters(self, text: str) -> str:
        parts: list[str] = []
        done = 0
        while match := PARAMETER.search(text, done):
            end = match.end()
            if is_secret_name(match["name"]):
                value = VALUE.match(text, end)
                value_end = value.end() if value else end
                parts.append(text[done:end])
                if is_template(text[end:value_end]):
                    parts.append(text[end:value_end])
                elif value_end > end:
                    self.note(unquote_plus(match["name"]))
                    parts.append(MASK)
                done = value_end
            else:
                parts.append(text[done:end])
                done = end
        parts.append(text[done:])
        return "".join(parts)

    def _mask_secrets(self, text: str) -> str:
        def mask(match: re.Match[str]) -> str:
            if match.lastindex:
                self.note(self._secret_names[match.lastindex - 1])
            return MASK

        if self._spelled is None:
            return text
        # Two ends of a text may make a secret once what stood between them is gone.
        while (shown := self._spelled.sub(mask, text)) != text:
            text = shown
        return text


def masked(data: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    """Data with the mask in place of each span, in order, that lies in it or reaches into it."""
    parts: list[bytes] = []
    done = 0
    for start, end in spans:
        start, end = max(start, done), min(end, len(data))
        if start < end:
            parts += (data[done:start], MASK.encode())
            done = end
    return b"".join((*parts, data[done:])) if parts else data
