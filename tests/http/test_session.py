from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any, Callable, Iterator

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.http.catalogue import ENDPOINTS
from proactive_api.http.core.endpoint import SIGNED_IN
from proactive_api.run import supervisor
from proactive_api.storage.access import attempts, sessions, users
from proactive_api.storage.access.keys import SCOPES
from proactive_api.storage.sql import tables as t
from tests import web
from tests.http.people import PASSWORD, Browser, first_user, invited
from tests.http.server import RunningApi, address_of, fields_of


@pytest.fixture
def ada(api: RunningApi) -> Iterator[Browser]:
    browser = first_user(api)
    yield browser
    browser.close()


def at(api: RunningApi, clock: Callable[[], float]) -> None:
    api.app.ctx.service = replace(api.app.ctx.service, clock=clock)


def test_the_first_user_is_made_once(api: RunningApi) -> None:
    stranger = Browser(api)
    assert stranger.get("/v1/session/state").json() == {"setup_needed": True}
    wrong = stranger.set_up(token="guess", email="eve@example.com", name="Eve")
    assert wrong.status_code == 422 and fields_of(wrong) == ["token"]
    older, token = users.first_link(api.engine, time.time()), users.first_link(api.engine, time.time())
    assert stranger.set_up(token=older, email="eve@example.com", name="Eve").status_code == 422
    made = stranger.set_up(token=token, email=" Ada@Example.com ", name="Ada")
    assert made.status_code == 200, made.text
    assert made.json()["user"] == {
        "id": made.json()["user"]["id"], "email": "ada@example.com", "name": "Ada", "role": "admin"
    }  # fmt: skip
    assert set(made.json()["scopes"]) == {"send", "read", "agent", "admin"} and made.json()["sandbox"] is True
    assert stranger.get("/v1/session").json() == made.json()
    assert stranger.get("/v1/session/state").json() == {"setup_needed": False}
    assert Browser(api).set_up(token=token, email="eve@example.com", name="Eve").status_code == 422
    assert users.first_link(api.engine, time.time()) is None


def test_the_link_that_the_start_prints_works(api: RunningApi) -> None:
    url = api.engine.url.render_as_string(hide_password=False)
    config = replace(api.config, database_url=url, dashboard_url="https://dash.example.com")
    (line,) = supervisor.setting_up(config, supervisor.new_setup_token(config))
    address, _, token = line.rpartition("?token=")
    assert address.endswith(" https://dash.example.com/setup")
    assert Browser(api).set_up(token=token, email="ada@example.com", name="Ada").status_code == 200
    assert supervisor.setting_up(config, supervisor.new_setup_token(config)) == []


def test_of_many_first_users_at_once_one_is_made(api: RunningApi) -> None:
    token = users.first_link(api.engine, time.time())
    barrier = threading.Barrier(4)

    def make(number: int) -> int:
        barrier.wait()
        return Browser(api).set_up(token=token, email=f"u{number}@example.com", name="U").status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(make, range(4))) == [200, 422, 422, 422]
    with api.engine.connect() as conn:
        assert len(users.list_all(conn)) == 1


def test_a_refused_setup_leaves_the_link_good(api: RunningApi) -> None:
    token = users.first_link(api.engine, time.time())
    browser = Browser(api)
    for password, field in (("short", "password"), ("a" * 12, "password"), ("ada@example.com", "password")):
        refused = browser.set_up(token=token, email="ada@example.com", name="Ada", password=password)
        assert refused.status_code == 422 and fields_of(refused) == [field]
    assert fields_of(browser.set_up(token=token, name="Ada")) == ["email"]
    assert fields_of(browser.set_up(token=token, email="ada@example.com")) == ["name"]
    assert fields_of(browser.set_up(token=token, email="nobody", name="Ada")) == ["email"]
    assert browser.set_up(token=token, email="ada@example.com", name="Ada").status_code == 200


def test_signing_in_and_out(api: RunningApi, ada: Browser) -> None:
    here, there = Browser(api), Browser(api)
    assert here.get("/v1/session").status_code == 401
    assert here.sign_in("ADA@example.com").json()["user"] == ada.me["user"]
    assert there.sign_in("ada@example.com").status_code == 200
    assert here.get("/v1/proactive-chats").status_code == 200
    assert here.delete("/v1/session").status_code == 204
    assert here.get("/v1/session").status_code == 401 and there.get("/v1/session").status_code == 200
    assert there.delete("/v1/session/all").status_code == 204
    assert there.get("/v1/session").status_code == 401 and ada.get("/v1/session").status_code == 401


def test_a_signed_out_cookie_is_worth_nothing(api: RunningApi, ada: Browser) -> None:
    secret = ada.cookies["proactive_session"]
    ada.delete("/v1/session")
    for value in (secret, "", "x", "a" * 4000):
        answer = web.get(f"{api.url}/v1/session", headers={"Cookie": f"proactive_session={value}"})
        assert answer.status_code == 401
    for header in ("proactive_session", "a@b=c; proactive_session=" + secret, '"', "\x7f=1"):
        assert web.get(f"{api.url}/v1/session", headers={"Cookie": header}).status_code == 401


def test_unknown_people_and_wrong_passwords_look_the_same(api: RunningApi, ada: Browser) -> None:
    ada.post("/v1/users", json={"email": "new@example.com", "name": "New", "role": "agent"})
    tries = [("ada@example.com", "wrong password"), ("nobody@example.com", PASSWORD), ("new@example.com", PASSWORD)]
    answers = [Browser(api).sign_in(*one) for one in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert all("set-cookie" not in answer.headers for answer in answers)


@pytest.mark.parametrize("address, secure", [(None, False), ("https://dash.example.com", True)])
def test_the_cookie_is_kept_from_scripts_and_other_sites(
    config: Config, engine: Engine, address: str, secure: bool
) -> None:
    with RunningApi(replace(config, dashboard_url=address), engine) as api:
        token = users.first_link(engine, time.time())
        made = Browser(api).set_up(token=token, email="ada@example.com", name="Ada")
        cookie = SimpleCookie(made.headers["set-cookie"])["proactive_session"]
        assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
        assert bool(cookie["secure"]) is secure
        assert made.headers["cache-control"] == "no-store"


def test_nothing_secret_is_stored(api: RunningApi, ada: Browser) -> None:
    invite = ada.post("/v1/users", json={"email": "new@example.com", "name": "New", "role": "agent"}).json()
    with api.engine.connect() as conn:
        stored = "".join(str(conn.execute(sa.select(one)).all()) for one in (t.users, t.sessions, t.sign_in_links))
    for secret in (PASSWORD, ada.cookies["proactive_session"], ada.me["csrf_token"]):
        assert secret not in stored
    assert invite["invite_url"].partition("token=")[2] not in stored
    assert "$argon2id$" in stored


def test_what_changes_something_needs_the_sessions_token(api: RunningApi, ada: Browser) -> None:
    other = Browser(api)
    other.sign_in("ada@example.com")
    token = ada.headers.pop("X-CSRF-Token")
    body = {"user_id": "x"}
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": other.me["csrf_token"]}):
        answer = ada.post("/v1/recipients", json=body, headers=headers)
        assert answer.status_code == 403 and answer.json()["type"].endswith(":csrf"), headers
    right = {"X-CSRF-Token": token}
    elsewhere = ada.post("/v1/recipients", json=body, headers={**right, "Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert ada.get("/v1/recipients").json()["data"] == []
    assert ada.post("/v1/recipients", json=body, headers={**right, "Sec-Fetch-Site": "same-origin"}).status_code == 201


def test_every_changing_address_is_guarded(ada: Browser) -> None:
    ada.headers.pop("X-CSRF-Token")
    for endpoint in ENDPOINTS:
        if endpoint.method != "GET" and endpoint.scope != "open":
            answer = ada.request(endpoint.method, address_of(endpoint))
            assert answer.status_code == 403, endpoint


def test_other_sites_can_not_sign_anybody_in(api: RunningApi, ada: Browser) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD}
    for site in ("cross-site", "same-site"):
        assert Browser(api).post("/v1/session", json=body, headers={"Sec-Fetch-Site": site}).status_code == 403


def test_a_key_needs_no_token_and_has_no_session(client: httpx.Client, ada: Browser) -> None:
    client.cookies.set("proactive_session", ada.cookies["proactive_session"])
    assert client.post("/v1/recipients", json={"user_id": "x"}).status_code == 201
    client.cookies.clear()
    for endpoint in ENDPOINTS:
        if endpoint.scope == SIGNED_IN:
            assert client.request(endpoint.method, endpoint.path).status_code == 401


def test_sessions_end(api: RunningApi, ada: Browser) -> None:
    now = [time.time()]
    at(api, lambda: now[0])
    begun = now[0]
    while now[0] < begun + sessions.ABSOLUTE - 7200:
        now[0] += sessions.IDLE - 60
        if now[0] < begun + sessions.ABSOLUTE:
            assert ada.get("/v1/session").status_code == 200, now[0] - begun
    now[0] = begun + sessions.ABSOLUTE + 1
    assert ada.get("/v1/session").status_code == 401
    assert ada.sign_in("ada@example.com").status_code == 200
    now[0] += sessions.IDLE + 61
    assert ada.get("/v1/session").status_code == 401


def test_guessing_gets_slower_and_slower(api: RunningApi, ada: Browser) -> None:
    now = [time.time()]
    at(api, lambda: now[0])
    guesser = Browser(api)
    waits = []
    for _ in range(12):
        while (answer := guesser.sign_in("ada@example.com", "wrong password")).status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            now[0] += waits[-1]
        assert answer.status_code == 401
    assert waits == sorted(waits) and len(waits) == 7 and waits[-1] >= 64
    blocked = guesser.sign_in("ada@example.com")
    assert blocked.status_code == 429 and blocked.json()["type"].endswith(":too-many-requests")
    now[0] += attempts.LONGEST_WAIT
    assert guesser.sign_in("ada@example.com").status_code == 200
    assert guesser.sign_in("ada@example.com", "wrong password").status_code == 401
    assert guesser.sign_in("ada@example.com").status_code == 200


def test_guesses_at_once_all_count(api: RunningApi, ada: Browser) -> None:
    at(api, lambda: 2.0e9)
    barrier = threading.Barrier(8)

    def guess(_: int) -> int:
        barrier.wait()
        return Browser(api).sign_in("ada@example.com", "wrong password").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(guess, range(8)))
    assert sorted(statuses) == [401] * 5 + [429] * 3


def test_an_address_that_tries_many_accounts_has_to_wait(api: RunningApi, ada: Browser) -> None:
    at(api, lambda: 2.0e9)
    subjects = attempts.of("x", "127.0.0.1")
    with api.engine.begin() as conn:
        for number in range(29):
            assert attempts.begin(conn, [subjects[0]], 2.0e9) is None, number
    assert Browser(api).sign_in("ada@example.com").status_code == 200  # gives its own try back, not the others
    assert Browser(api).sign_in("someone@example.com", "wrong password").status_code == 401
    assert Browser(api).sign_in("ada@example.com").status_code == 429


def test_neighbours_on_one_ipv6_network_are_one() -> None:
    one, other, further = (attempts.of("x", a)[0].key for a in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"))
    assert one == other != further


def test_changing_the_password(api: RunningApi, ada: Browser) -> None:
    elsewhere = Browser(api)
    elsewhere.sign_in("ada@example.com")
    body: Any = {"old": "wrong password", "new": "another good password"}
    wrong = ada.patch("/v1/session/password", json=body)
    assert wrong.status_code == 422 and fields_of(wrong) == ["old"]
    assert fields_of(ada.patch("/v1/session/password", json={"old": PASSWORD, "new": "short"})) == ["new"]
    assert ada.patch("/v1/session/password", json={**body, "old": PASSWORD}).status_code == 204
    assert ada.get("/v1/session").status_code == 200 and elsewhere.get("/v1/session").status_code == 401
    assert elsewhere.sign_in("ada@example.com").status_code == 401
    assert elsewhere.sign_in("ada@example.com", "another good password").status_code == 200


def test_the_same_letters_are_the_same_password(api: RunningApi) -> None:
    token = users.first_link(api.engine, time.time())
    composed, apart = "gr\u00fc\u00dfe aus wien", "gru\u0308\u00dfe aus wien"
    made = Browser(api).set_up(token=token, email="ada@example.com", name="Ada", password=composed)
    assert made.status_code == 200
    assert Browser(api).sign_in("ada@example.com", apart).status_code == 200


def test_roles_are_the_scopes_of_keys(api: RunningApi, ada: Browser) -> None:
    for name, role in (("Mo", "marketer"), ("Ag", "agent"), ("Ad", "admin")):
        person = invited(api, ada, role, name)
        for endpoint in [one for one in ENDPOINTS if one.scope in SCOPES]:
            answer = person.request(endpoint.method, address_of(endpoint))
            assert (answer.status_code != 403) == (endpoint.scope in person.me["scopes"]), (role, endpoint)
