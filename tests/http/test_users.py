from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Iterator

import httpx
import pytest
import sqlalchemy as sa

from proactive_api.storage.access import users
from proactive_api.storage.sql import tables as t
from tests.http.people import Browser, first_user, invited
from tests.http.server import RunningApi, fields_of
from tests.http.test_session import at

NEW = {"email": "bo@example.com", "name": "Bo", "role": "agent"}


@pytest.fixture
def ada(api: RunningApi) -> Iterator[Browser]:
    browser = first_user(api)
    yield browser
    browser.close()


def token_of(answer: httpx.Response) -> str:
    return str(answer.json()["invite_url"].partition("/setup?token=")[2])


def test_an_invitation_works_once(api: RunningApi, ada: Browser) -> None:
    added = ada.post("/v1/users", json=NEW)
    assert added.status_code == 201 and added.json()["invited"] is True
    assert added.json()["invite_url"].startswith(api.config.api_url)
    bo = Browser(api)
    other = bo.set_up(token=token_of(added), email="eve@example.com")
    assert other.status_code == 422 and fields_of(other) == ["email"]
    assert bo.set_up(token=token_of(added), name="Bo B.").json()["user"]["name"] == "Bo B."
    assert bo.me["user"]["role"] == "agent" and bo.me["scopes"] == ["read", "agent"]
    assert Browser(api).set_up(token=token_of(added)).status_code == 422
    listed = ada.get("/v1/users").json()["data"]
    assert [(one["name"], one["invited"]) for one in listed] == [("Bo B.", False), ("Ada", False)]
    assert "invite_url" not in listed[0]


def test_an_invitation_gets_old(api: RunningApi, ada: Browser) -> None:
    added = ada.post("/v1/users", json=NEW)
    at(api, lambda: time.time() + users.LINK_LIFETIME + 1)
    assert fields_of(Browser(api).set_up(token=token_of(added))) == ["token"]


def test_a_new_link_voids_the_old_one_and_resets_the_password(api: RunningApi, ada: Browser) -> None:
    added = ada.post("/v1/users", json=NEW)
    again = ada.post(f"/v1/users/{added.json()['id']}/invite")
    assert again.status_code == 201
    assert Browser(api).set_up(token=token_of(added)).status_code == 422
    bo = Browser(api)
    assert bo.set_up(token=token_of(again)).status_code == 200
    forgot = ada.post(f"/v1/users/{added.json()['id']}/invite")
    assert Browser(api).set_up(token=token_of(forgot), password="a wholly new one").status_code == 200
    assert bo.get("/v1/session").status_code == 401
    assert bo.sign_in("bo@example.com").status_code == 401
    assert bo.sign_in("bo@example.com", "a wholly new one").status_code == 200


def test_an_address_is_one_persons(ada: Browser) -> None:
    taken = ada.post("/v1/users", json={**NEW, "email": "ADA@example.com"})
    assert taken.status_code == 409 and fields_of(taken) == ["email"]
    for email in ("", "x", "a b@example.com", "a@b", "a@example.com\nb", 7, None):
        assert fields_of(ada.post("/v1/users", json={**NEW, "email": email})) == ["email"]
    assert fields_of(ada.post("/v1/users", json={**NEW, "role": "root"})) == ["role"]


def test_a_change_is_in_force_at_once(api: RunningApi, ada: Browser) -> None:
    bo = invited(api, ada, "agent")
    address = f"/v1/users/{bo.me['user']['id']}"
    assert bo.get("/v1/handoffs").status_code == 200
    assert ada.patch(address, json={"role": "marketer", "name": "Bob"}).json()["role"] == "marketer"
    assert bo.get("/v1/handoffs").status_code == 403
    assert bo.get("/v1/session").json()["user"]["name"] == "Bob"
    assert ada.patch(address, json={"disabled": True}).json()["disabled"] is True
    assert bo.get("/v1/session").status_code == 401 and bo.sign_in("bo@example.com").status_code == 401
    assert ada.patch(address, json={"disabled": False}).json()["disabled"] is False
    assert bo.sign_in("bo@example.com").status_code == 200
    assert ada.delete(address).status_code == 204 and ada.delete(address).status_code == 404
    assert bo.get("/v1/session").status_code == 401 and bo.sign_in("bo@example.com").status_code == 401


def test_a_disabled_persons_link_is_void(api: RunningApi, ada: Browser) -> None:
    added = ada.post("/v1/users", json=NEW)
    ada.patch(f"/v1/users/{added.json()['id']}", json={"disabled": True})
    assert fields_of(Browser(api).set_up(token=token_of(added))) == ["token"]


def test_the_last_admin_stays(api: RunningApi, ada: Browser) -> None:
    address = f"/v1/users/{ada.me['user']['id']}"
    ada.post("/v1/users", json={**NEW, "role": "admin"})  # has not come yet, so does not count
    for change in ({"role": "agent"}, {"disabled": True}):
        assert ada.patch(address, json=change).status_code == 409
    assert ada.delete(address).status_code == 409
    assert ada.patch(address, json={"name": "Ada L.", "role": "admin", "disabled": False}).status_code == 200


def test_of_two_last_admins_who_leave_at_once_one_stays(api: RunningApi, ada: Browser) -> None:
    bo = invited(api, ada, "admin")
    barrier = threading.Barrier(2)

    def leave(who: Browser) -> int:
        barrier.wait()
        return who.patch(f"/v1/users/{who.me['user']['id']}", json={"role": "agent"}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, (ada, bo))) == [200, 409]
    with api.engine.connect() as conn:
        assert conn.execute(sa.select(sa.func.count()).where(t.users.c.role == "admin")).scalar() == 1
