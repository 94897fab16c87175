"""Files of a folder as answers: read off the event loop, kept until they change, never from outside the folder."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Mapping, Optional, Tuple

from sanic import Request
from sanic.response import HTTPResponse, raw

#: By extension; the lists of operating systems differ.
_MEDIA_TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_OTHER = "application/octet-stream"
_PACKED_ALREADY = (".png", ".jpg", ".webp", ".avif", ".ico", ".woff2")
#: Bytes from which packing is worth it.
_WORTH_PACKING = 1024

#: On every file: what it is called is what it is, and where a link leads need not know where it was.
_ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Vary": "Accept-Encoding"}

_Stamp = Tuple[int, int, int]


@dataclass(frozen=True)
class File:
    """A file as it was when it was read."""

    stamp: _Stamp
    body: bytes
    packed: Optional[bytes]
    etag: str
    media_type: str


class Folder:
    """The files below ``root``, which need not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: Dict[Path, File] = {}

    async def find(self, name: str) -> Optional[File]:
        """The file of this name, with slashes between the parts; ``None`` if there is none."""
        return await asyncio.to_thread(self._find, name)

    def _find(self, name: str) -> Optional[File]:
        try:
            path = self._inside(name)
            return self._read(path) if path is not None else None
        except (OSError, ValueError, RuntimeError):
            return None  # not there, or no name of a file at all

    def _inside(self, name: str) -> Optional[Path]:
        root = self.root.resolve(strict=True)
        # Links are followed before looking where they lead.
        path = (root / name).resolve(strict=True)
        if not path.is_relative_to(root) or not path.is_file():
            return None
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        return None if hidden else path

    def _read(self, path: Path) -> File:
        found = path.stat()
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        known = self._known.get(path)
        if known is None or known.stamp != stamp:
            known = self._known[path] = _load(path, stamp)
        return known


def _load(path: Path, stamp: _Stamp) -> File:
    body, extension = path.read_bytes(), path.suffix.lower()
    worth = len(body) >= _WORTH_PACKING and extension not in _PACKED_ALREADY
    # Weak, for it stands for both ways of writing the same.
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    packed = gzip.compress(body, mtime=0) if worth else None
    return File(stamp, body, packed, etag, _MEDIA_TYPES.get(extension, _OTHER))


def answer(request: Request, file: File, headers: Mapping[str, str]) -> HTTPResponse:
    """The file, packed for those who can unpack it, or word that it is what they have."""
    sent = {**_ALWAYS, **headers, "ETag": file.etag}
    if _has(request.headers.get("if-none-match", ""), file.etag):
        return raw(b"", 304, sent)
    if file.packed is not None and _takes_gzip(request.headers.get("accept-encoding", "")):
        return raw(file.packed, 200, {**sent, "Content-Encoding": "gzip"}, file.media_type)
    return raw(file.body, 200, sent, file.media_type)


def _has(header: str, etag: str) -> bool:
    opaque = etag[2:]
    return any(one.strip().removeprefix("W/") in (opaque, "*") for one in header.split(","))


def _takes_gzip(header: str) -> bool:
    for offer in header.lower().replace(" ", "").split(","):
        name, _, weight = offer.partition(";q=")
        if name == "gzip":
            return not weight or weight.strip("0.") != ""
    return False
