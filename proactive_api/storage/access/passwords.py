"""Passwords: stored as Argon2id, and never quicker to refuse for an unknown name than for a wrong word."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Optional

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _HASHER.hash(_normal(password))


def matches(password: str, stored: Optional[str]) -> bool:
    """Whether this is the password behind ``stored``; with ``None`` it takes as long to say no."""
    try:
        _HASHER.verify(stored or _nobodys(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with less effort than is due now."""
    return _HASHER.check_needs_rehash(stored)


def _normal(password: str) -> str:
    # The same letters may be typed in several ways: keyboards differ.
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
