"""DNS and TCP, each a step that succeeds or fails in words."""

import asyncio
import errno
import os
import re
import socket
from typing import Any

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import Target
from wsdebug.errors import CannotConnect

__all__ = ["connect_tcp", "resolve"]

KINDS = {0: "address", 4: "IPv4 address", 6: "IPv6 address"}
FAMILIES = {0: socket.AF_UNSPEC, 4: socket.AF_INET, 6: socket.AF_INET6}
ERRNO = re.compile(r"\[Errno (\d+)\]")
AddressInfo = tuple[Any, Any, int, str, Any]


async def resolve(target: Target, options: ConnectOptions) -> list[AddressInfo]:
    """The addresses of the host. Raises CannotConnect, step DNS."""
    loop = asyncio.get_running_loop()
    try:
        return list(
            await loop.getaddrinfo(
                target.host.replace("%25", "%"),  # RFC 6874: the zone of an IPv6 address
                target.port,
                type=socket.SOCK_STREAM,
                family=FAMILIES[options.family],
            )
        )
    except OSError as error:
        words = f"{target.host} has no {KINDS[options.family]}; check the name"
        raise CannotConnect(words, step="DNS") from error


async def connect_tcp(target: Target, addresses: list[AddressInfo]) -> socket.socket:
    """A connected socket to the first address that answers. Raises CannotConnect, step TCP."""
    from aiohappyeyeballs import start_connection

    try:
        return await start_connection(addresses, happy_eyeballs_delay=0.25)
    except OSError as error:
        # where several addresses failed, each in its own way, only the text has the numbers
        numbers = [error.errno] if error.errno else [int(n) for n in ERRNO.findall(str(error))]
        if errno.ECONNREFUSED in numbers:
            words = f"nobody listens on {target.place}"
        else:
            why = ", ".join(dict.fromkeys(os.strerror(number) for number in numbers))
            words = f"{target.place}: {(why or str(error)).lower()}"
        raise CannotConnect(words, step="TCP") from error
