from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from proactive_api.storage import settings as stored
from tests.http.server import RunningApi, fields_of


def test_a_change_is_in_force_at_once_and_leaves_the_rest(api: RunningApi, client: httpx.Client) -> None:
    before = client.get("/v1/settings").json()
    assert before["sms"]["auto_close_timeout"] == 86400 and before["messenger"]["auto_close_timeout"] == 600
    assert before["messenger"]["unseen_timeout"] == 604800 and "unseen_timeout" not in before["sms"]
    after = client.patch("/v1/settings", json={"sms": {"auto_close_timeout": 5}}).json()
    assert after == {**before, "sms": {**before["sms"], "auto_close_timeout": 5}}
    with api.engine.connect() as conn:
        assert stored.load(conn).sms.auto_close_timeout == 5


def test_everything_can_be_set_and_unset(client: httpx.Client) -> None:
    change = {
        "quiet_hours": {"start": "21:00", "end": "08:00"},
        "frequency_cap": {"messages": 2, "per_seconds": 86400},
        "if_active": "queue",
        "messenger": {"closing_message": "", "csat_enabled": False},
        "sms": {"consent_message": "Reply STOP to end.", "help_message": None},
    }
    after = client.patch("/v1/settings", json=change).json()
    assert after["quiet_hours"] == change["quiet_hours"] and after["frequency_cap"]["messages"] == 2
    assert after["messenger"]["closing_message"] == "" and after["sms"]["consent_message"] == "Reply STOP to end."
    off = client.patch("/v1/settings", json={"quiet_hours": None, "frequency_cap": None}).json()
    assert off["quiet_hours"] is None and off["frequency_cap"] is None and off["if_active"] == "queue"


@pytest.mark.parametrize("text", ["Bye {{ nickname }}", "Bye {nickname}", "Bye {{ nickname", "Bye {campaign}"])
def test_a_text_with_a_variable_would_be_said_as_it_is(api: RunningApi, client: httpx.Client, text: str) -> None:
    refused = client.patch("/v1/settings", json={"sms": {"closing_message": text}})
    assert refused.status_code == 422 and fields_of(refused) == ["sms.closing_message"]
    with api.engine.begin() as conn:  # as an earlier version may have stored it
        stored.write(conn, stored.SETTINGS, json.dumps({"sms": {"closing_message": text}}))
    assert client.get("/v1/settings").json()["sms"]["closing_message"] == text
    assert client.patch("/v1/settings", json={"sms": {"closing_message": None}}).status_code == 200


def test_changes_made_at_once_all_stay(client: httpx.Client) -> None:
    changes = [
        {"sms": {"auto_close_timeout": 7}},
        {"sms": {"csat_expiry": 8}},
        {"messenger": {"handoff_timeout": 9}},
        {"if_active": "append"},
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda change: client.patch("/v1/settings", json=change), changes))
    seen = client.get("/v1/settings").json()
    assert (seen["sms"]["auto_close_timeout"], seen["sms"]["csat_expiry"]) == (7, 8)
    assert (seen["messenger"]["handoff_timeout"], seen["if_active"]) == (9, "append")


@pytest.mark.parametrize(
    "change, field",
    [
        ({"sms": {"auto_close_timeout": 0}}, "sms.auto_close_timeout"),
        ({"sms": {"auto_close_timeout": -1}}, "sms.auto_close_timeout"),
        ({"sms": {"auto_close_timeout": None}}, "sms.auto_close_timeout"),
        ({"sms": {"auto_close_timeout": "5"}}, "sms.auto_close_timeout"),
        ({"sms": {"auto_close_timeout": 1e300}}, "sms.auto_close_timeout"),
        ({"sms": {"closing_message": "x" * 1601}}, "sms.closing_message"),
        ({"sms": {"closing_message": "\x00"}}, "sms.closing_message"),
        ({"sms": {"csat_enabled": 1}}, "sms.csat_enabled"),
        ({"sms": {"oops": 1}}, "sms.oops"),
        ({"sms": []}, "sms"),
        ({"sms": None}, "sms"),
        ({"messenger": {"help_message": "x"}}, "messenger.help_message"),
        ({"sms": {"allowed_origins": None}}, "sms.allowed_origins"),
        ({"sms": {"unseen_timeout": 60}}, "sms.unseen_timeout"),
        ({"messenger": {"unseen_timeout": 0}}, "messenger.unseen_timeout"),
        ({"messenger": {"allowed_origins": "https://shop.example"}}, "messenger.allowed_origins"),
        ({"messenger": {"allowed_origins": ["https://a.example", 5]}}, "messenger.allowed_origins[1]"),
        (
            {"messenger": {"allowed_origins": ["https://a.example", "https://b.example/"]}},
            "messenger.allowed_origins[1]",
        ),
        ({"messenger": {"allowed_origins": ["*"]}}, "messenger.allowed_origins[0]"),
        ({"messenger": {"allowed_origins": ["https://a.example"] * 101}}, "messenger.allowed_origins"),
        ({"quiet_hours": {"start": "21:00"}}, "quiet_hours.end"),
        ({"quiet_hours": {"start": "24:00", "end": "08:00"}}, "quiet_hours.start"),
        ({"quiet_hours": {"start": "08:00", "end": "08:00"}}, "quiet_hours.end"),
        ({"frequency_cap": {"messages": 0, "per_seconds": 5}}, "frequency_cap.messages"),
        ({"frequency_cap": {"messages": 1.5, "per_seconds": 5}}, "frequency_cap.messages"),
        ({"if_active": "never"}, "if_active"),
        ({"theme": "dark"}, "theme"),
        ([], "body"),
    ],
)
def test_bad_settings_are_named_and_change_nothing(client: httpx.Client, change: object, field: str) -> None:
    before = client.get("/v1/settings").json()
    answer = client.patch("/v1/settings", json=change)
    assert answer.status_code == 422 and field in fields_of(answer), answer.text
    assert client.get("/v1/settings").json() == before
