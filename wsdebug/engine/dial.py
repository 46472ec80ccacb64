"""DNS and TCP, each a step that succeeds or fails in words."""

import asyncio
import errno
import os
import re
import socket
from collections.abc import Sequence
from typing import Any

from wsdebug.errors import CannotConnect

__all__ = ["AddressInfo", "connect_tcp", "connect_unix", "known_addresses", "resolve"]

KINDS = {0: "address", 4: "IPv4 address", 6: "IPv6 address"}
FAMILIES = {0: socket.AF_UNSPEC, 4: socket.AF_INET, 6: socket.AF_INET6}
ERRNO = re.compile(r"\[Errno (\d+)\]")
AddressInfo = tuple[Any, Any, int, str, Any]


async def resolve(host: str, port: int, family: int, *, what: str = "") -> list[AddressInfo]:
    """The addresses of a host; `family` is 4 or 6 for those of one kind, `what` what the host is.

    Raises CannotConnect, step DNS.
    """
    try:
        return await _look_up(host.replace("%25", "%"), port, family)  # RFC 6874: a zone
    except OSError as error:
        words = f"{what}{host} has no {KINDS[family]}; check the name"
        raise CannotConnect(words, step="DNS") from error


async def known_addresses(
    host: str, port: int, family: int, addresses: Sequence[str]
) -> list[AddressInfo]:
    """The addresses that were given for a host. Raises CannotConnect, step DNS."""
    found: list[AddressInfo] = []
    for address in addresses:
        try:
            found += await _look_up(address, port, family, flags=socket.AI_NUMERICHOST)
        except OSError:
            continue
    if not found:
        words = f"--resolve gives {host} no {KINDS[family]}: {', '.join(addresses)}"
        raise CannotConnect(words, step="DNS")
    return found


async def _look_up(host: str, port: int, family: int, *, flags: int = 0) -> list[AddressInfo]:
    loop = asyncio.get_running_loop()
    kind = socket.SOCK_STREAM
    return list(await loop.getaddrinfo(host, port, type=kind, family=FAMILIES[family], flags=flags))


async def connect_tcp(place: str, addresses: list[AddressInfo]) -> socket.socket:
    """A connected socket to the first address that answers; `place` is its host and port in
    words. Raises CannotConnect, step TCP.
    """
    from aiohappyeyeballs import start_connection

    try:
        return await start_connection(addresses, happy_eyeballs_delay=0.25)
    except OSError as error:
        raise _failure(place, error) from error


async def connect_unix(path: str) -> socket.socket:
    """A socket connected to one of this machine. Raises CannotConnect, step TCP."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(sock, path)
    except OSError as error:
        sock.close()
        raise _failure(path, error) from error
    except BaseException:
        sock.close()
        raise
    return sock


def _failure(place: str, error: OSError) -> CannotConnect:
    # where several addresses failed, each in its own way, only the text has the numbers
    numbers = [error.errno] if error.errno else [int(n) for n in ERRNO.findall(str(error))]
    if errno.ECONNREFUSED in numbers:
        return CannotConnect(f"nobody listens on {place}", step="TCP")
    why = ", ".join(dict.fromkeys(os.strerror(number) for number in numbers))
    return CannotConnect(f"{place}: {(why or str(error)).lower()}", step="TCP")
