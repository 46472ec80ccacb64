"""What a 401 asks for: schemes and their parameters, leniently read."""

import re

from wsdebug.errors import HandshakeRefused

__all__ = ["challenges"]

Challenge = tuple[str, dict[str, str]]
PART = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
PARAMETER = re.compile(r'\s*([\w!#$%&\'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s"=]+)\s*$)')


def challenges(failure: HandshakeRefused) -> list[Challenge]:
    """Scheme and parameters of each challenge (RFC 9110 section 11.6.1), in their order."""
    found: list[Challenge] = []
    for name, value in failure.headers:
        if name.lower() != "www-authenticate":
            continue
        for part in PART.findall(value):
            text = part.strip()
            if not PARAMETER.match(text):
                scheme, _, text = text.partition(" ")
                if not scheme:
                    continue
                found.append((scheme, {}))
            if found and (parameter := PARAMETER.match(text)):
                key, quoted, token = parameter.groups()
                plain = re.sub(r"\\(.)", r"\1", quoted or "")
                found[-1][1][key.lower()] = token or plain
    return found
