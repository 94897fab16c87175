"""People who sign in, as a browser has them."""

from __future__ import annotations

import time
from typing import Any, Dict

import httpx

from proactive_api.storage.access import users
from tests import web
from tests.http import truth
from tests.http.server import RunningApi

PASSWORD = "correct horse battery"


class Browser(httpx.Client):
    """Keeps the cookie, and sends the session's token as our pages do."""

    def __init__(self, api: RunningApi) -> None:
        super().__init__(base_url=api.url, timeout=20, verify=web.PLAIN, event_hooks={"response": [truth.check]})
        self.me: Dict[str, Any] = {}

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return self.entered(self.post("/v1/session", json={"email": email, "password": password}))

    def set_up(self, **body: Any) -> httpx.Response:
        return self.entered(self.post("/v1/session/setup", json={"password": PASSWORD, **body}))

    def entered(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == 200:
            self.me = answer.json()
            self.headers["X-CSRF-Token"] = self.me["csrf_token"]
        return answer


def first_user(api: RunningApi, email: str = "ada@example.com", name: str = "Ada") -> Browser:
    """The first admin, signed in."""
    token = users.first_link(api.engine, time.time())
    browser = Browser(api)
    assert browser.set_up(token=token, email=email, name=name).status_code == 200
    return browser


def invited(api: RunningApi, admin: httpx.Client, role: str, name: str = "Bo") -> Browser:
    """Somebody whom an admin added, signed in."""
    body = {"email": f"{name.lower()}@example.com", "name": name, "role": role}
    added = admin.post("/v1/users", json=body)
    assert added.status_code == 201, added.text
    browser = Browser(api)
    token = added.json()["invite_url"].partition("?token=")[2]
    assert browser.set_up(token=token).status_code == 200
    return browser
