"""Many clients at once, each with a connection of its own, that ask for one address after another: how long each answer took."""

import asyncio
import time
from collections.abc import Iterable, Iterator

_HEAD = "GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: {accept}\r\n\r\n"


def latencies(port: int, paths: Iterable[str], *, clients: int, seconds: float, accept: str) -> list[float]:
    """Return the seconds of every answer that so many clients got within some seconds; raises when one is not 200."""
    return asyncio.run(_all(port, iter(paths), clients, time.monotonic() + seconds, accept))


async def _all(port: int, paths: Iterator[str], clients: int, end: float, accept: str) -> list[float]:
    parts = await asyncio.gather(*(_one(port, paths, end, accept) for _ in range(clients)))
    return [latency for part in parts for latency in part]


async def _one(port: int, paths: Iterator[str], end: float, accept: str) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found = []
    while time.monotonic() < end and (path := next(paths, None)) is not None:
        begun = time.perf_counter()
        writer.write(_HEAD.format(path=path, accept=accept).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if " 200 " not in head.partition("\r\n")[0]:
            raise RuntimeError(f"{path} gave {head.partition(chr(13))[0]}")
        await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
        found.append(time.perf_counter() - begun)
    writer.close()
    return found
