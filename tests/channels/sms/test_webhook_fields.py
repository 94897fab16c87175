"""Fields of webhooks that are not what they should be."""

from __future__ import annotations

import pytest

from channels.sms.channel import error_code
from channels.sms.turns import media_of

PICTURE = {"MediaUrl0": "https://example.com/cat.jpg", "MediaContentType0": "image/jpeg"}


@pytest.mark.parametrize("written", ["", "x", "²", "-1", "9" * 30, "3.0"])
def test_an_error_code_that_is_none(written: str) -> None:
    assert error_code({"ErrorCode": written}) is None and error_code({}) is None


def test_an_error_code() -> None:
    assert error_code({"ErrorCode": "30003"}) == 30003


@pytest.mark.parametrize("written", ["", "x", "²", "-1", "9" * 30])
def test_a_count_of_media_that_is_none(written: str) -> None:
    assert media_of({"NumMedia": written, **PICTURE}) == []


def test_media_end_where_their_addresses_do() -> None:
    expected = [{"url": "https://example.com/cat.jpg", "content_type": "image/jpeg"}]
    assert media_of({"NumMedia": "1", **PICTURE}) == media_of({"NumMedia": "10", **PICTURE}) == expected
