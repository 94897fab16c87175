"""Passwords as they are stored: with the effort that is due, which the tests of the API do without."""

from __future__ import annotations

from argon2 import PasswordHasher

from proactive_api.storage.access import passwords


def test_a_stolen_hash_takes_long_to_guess() -> None:
    stored = passwords.hashed("correct horse battery")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches("correct horse battery", stored) and not passwords.is_outdated(stored)
    assert not passwords.matches("wrong", stored) and not passwords.matches("nobody has this password", None)


def test_a_hash_of_less_effort_is_outdated_and_still_good() -> None:
    stored = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("correct horse battery")
    assert passwords.matches("correct horse battery", stored) and passwords.is_outdated(stored)
