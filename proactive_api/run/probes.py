"""How to tell that a process does its work, not merely runs."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from pathlib import Path
from typing import Awaitable, Callable

#: Asked again and again until it answers true; the argument is when the process was started (epoch seconds).
Probe = Callable[[float], Awaitable[bool]]

#: A health check that takes longer counts as a no, seconds.
PATIENCE = 2.0


def http_ok(port: int, path: str) -> Probe:
    """Ready when ``path`` on this machine's ``port`` answers 200."""

    async def probe(_started: float) -> bool:
        try:
            return await asyncio.wait_for(_status(port, path), PATIENCE) == 200
        except (OSError, ValueError, asyncio.TimeoutError):
            return False

    return probe


def touched(path: Path) -> Probe:
    """Ready when the process has touched a file since its start."""

    async def probe(started: float) -> bool:
        try:
            return os.stat(path).st_mtime >= started
        except FileNotFoundError:
            return False

    return probe


async def always(_started: float) -> bool:
    """Ready as soon as it runs."""
    return True


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Connections of an earlier run that linger are no hindrance to the servers either.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


async def _status(port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        line = await reader.readline()
        return int(line.split()[1]) if len(line.split()) > 1 else 0
    finally:
        writer.close()
