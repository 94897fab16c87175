"""Which web pages the messenger may be opened from, as people write them."""

from __future__ import annotations

from typing import Any

import pytest

from proactive_api.lifecycle.origins import origin
from proactive_api.lifecycle.settings import InvalidSetting, merge, to_dict
from proactive_api.lifecycle.values import Settings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://shop.example", "https://shop.example"),
        ("HTTPS://Shop.Example", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("http://shop.example:443", "http://shop.example:443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_origins_are_written_as_browsers_write_them(written: str, meant: str) -> None:
    assert origin(written) == meant == origin(meant)


@pytest.mark.parametrize(
    "written",
    [
        "", "*", "null", "shop.example", "//shop.example", "ftp://shop.example", "https://", "https://shop.example/",
        "https://shop.example/x", "https://shop.example?a", "https://shop.example#a", "https://*.example",
        "https://a b.example", "https://me:secret@shop.example", "https://@shop.example", "https://shop.example:99999",
        "https://shop.example:x", "https://[::1", "https://bücher.example", "https://shop..example",
        "https://shop.example\n", "https://a.example, https://b.example", "https://-a.example",
        "https://" + "a" * 300, "https://a.example\\@b.example", None, 5, ["https://shop.example"],
    ],
)  # fmt: skip
def test_what_is_no_origin_is_told_in_a_sentence(written: Any) -> None:
    with pytest.raises(ValueError, match=r"https://shop\.example.*\.$"):
        origin(written)


def test_a_setting_of_the_messenger_alone() -> None:
    assert to_dict(Settings())["messenger"]["allowed_origins"] is None
    assert "allowed_origins" not in to_dict(Settings())["sms"]
    listed = ["https://Shop.example", "https://shop.example:443", "http://localhost:3000"]
    changed = merge(Settings(), {"messenger": {"allowed_origins": listed}})
    assert changed.messenger.allowed_origins == ("https://shop.example", "http://localhost:3000")
    assert merge(Settings(), to_dict(changed)) == changed
    assert merge(changed, {"messenger": {"allowed_origins": []}}).messenger.allowed_origins == ()
    assert merge(changed, {"messenger": {"allowed_origins": None}}) == Settings()
    with pytest.raises(InvalidSetting) as error:
        merge(changed, {"messenger": {"allowed_origins": ["https://a.example", "b"]}})
    assert error.value.field == "messenger.allowed_origins[1]"
