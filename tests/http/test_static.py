"""The pages: who gets which file with which headers, and what never leaves a folder."""

from __future__ import annotations

import gzip
import socket
import time
from pathlib import Path
from typing import Dict, Iterator, List

import httpx
import pytest
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.operations.visitor_tokens import VisitorTokens
from tests.http.server import ADMIN_KEY, RunningApi, fields_of
from tests.web import PLAIN

INDEX = '<!doctype html><script src="/assets/main-4f2a.js"></script>'
SCRIPT = "console.log('the widget');\n" * 100
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
REAL = {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": "t0ken", "TWILIO_FROM_NUMBER": "+14155550100"}


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """What the builds leave behind."""
    files = {
        "widget/dist/widget.js": SCRIPT,
        "dashboard/package.json": "{}",
        "dashboard/dist/index.html": INDEX,
        "dashboard/dist/favicon.svg": "<svg/>",
        "dashboard/dist/.env": "SECRET=1",
        "dashboard/dist/assets/main-4f2a.js": "main()",
        "dashboard/dist/assets/main-4f2a.css": "body{}",
        "dashboard/dist-secret.txt": "a secret beside the folder",
        "demo/index.html": "<!doctype html><title>Juniper</title>",
        "demo/shop.css": "body{color:green}",
        "secret.txt": "a secret above the folder",
    }
    for name, text in files.items():
        path = tmp_path / "web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "web/dashboard/dist/link.txt").symlink_to(tmp_path / "web/secret.txt")
    return tmp_path / "web"


@pytest.fixture
def environment(tmp_path: Path, web: Path) -> Dict[str, str]:
    return {
        "PROACTIVE_DATA_DIR": str(tmp_path / "data"),
        "PROACTIVE_ADMIN_KEY": ADMIN_KEY,
        "PROACTIVE_WEB_DIR": str(web),
        "PUBLIC_URL": "https://chat.example.com",
    }


@pytest.fixture
def config(environment: Dict[str, str]) -> Config:
    return Config.from_env(environment)


@pytest.fixture
def browser(api: RunningApi) -> Iterator[httpx.Client]:
    with visit(api) as opened:
        yield opened


def visit(api: RunningApi) -> httpx.Client:
    """A browser, without a key."""
    return httpx.Client(base_url=api.url, headers=BROWSER, timeout=20, verify=PLAIN)


def rules(answer: httpx.Response) -> Dict[str, List[str]]:
    told = (rule.split() for rule in answer.headers["content-security-policy"].split(";"))
    return {name: sources for name, *sources in told}


# -- the widget ----------------------------------------------------------------------------------


def test_any_web_site_may_embed_the_widget(browser: httpx.Client) -> None:
    answer = browser.get("/widget.js")
    assert answer.status_code == 200 and answer.text == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "max-age=300" in answer.headers["cache-control"] and "immutable" not in answer.headers["cache-control"]


def test_what_is_known_is_not_sent_again(browser: httpx.Client, web: Path) -> None:
    etag = browser.get("/widget.js").headers["etag"]
    for known in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        again = browser.get("/widget.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert browser.get("/widget.js", headers={"If-None-Match": '"other"'}).status_code == 200
    (web / "widget/dist/widget.js").write_text("newer()")
    newer = browser.get("/widget.js", headers={"If-None-Match": etag})
    assert newer.status_code == 200 and newer.text == "newer()" and newer.headers["etag"] != etag


def test_packed_for_those_who_can_unpack(browser: httpx.Client) -> None:
    for accepts, packed in (("gzip, br", True), ("gzip;q=0.5", True), ("br", False), ("gzip;q=0", False), ("", False)):
        with browser.stream("GET", "/widget.js", headers={"Accept-Encoding": accepts}) as answer:
            body = b"".join(answer.iter_raw())
        assert ("content-encoding" in answer.headers) == packed, accepts
        assert (gzip.decompress(body) if packed else body) == SCRIPT.encode()
        assert answer.headers["vary"] == "Accept-Encoding"


def test_head_is_get_without_a_body(browser: httpx.Client) -> None:
    for path in ("/widget.js", "/", "/assets/main-4f2a.js", "/demo/"):
        get, head = browser.get(path), browser.head(path)
        assert head.status_code == 200 and head.content == b""
        same = ("etag", "cache-control", "content-type", "content-length")
        assert {name: head.headers[name] for name in same} == {name: get.headers[name] for name in same}


# -- the dashboard -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/app", "/app/", "/app/chats/1", "/index.html", "/setup?token=x", "/anything"])
def test_the_dashboard_draws_its_own_addresses(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200 and answer.text == INDEX
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_strict_policy(browser: httpx.Client) -> None:
    told = rules(browser.get("/"))
    for name in ("default-src", "script-src", "style-src", "connect-src", "form-action"):
        assert told[name] == ["'self'"]
    assert told["img-src"] == ["'self'", "https:", "data:"]
    assert told["frame-ancestors"] == told["base-uri"] == told["object-src"] == ["'none'"]


def test_files_named_by_their_content_are_kept_for_ever(browser: httpx.Client) -> None:
    answer = browser.get("/assets/main-4f2a.js")
    assert answer.text == "main()" and "immutable" in answer.headers["cache-control"]
    icon = browser.get("/favicon.svg")
    assert icon.headers["content-type"] == "image/svg+xml" and icon.headers["cache-control"] == "no-cache"


def test_a_file_that_is_not_there_is_no_page(browser: httpx.Client) -> None:
    for path in ("/assets/old-1234.js", "/robots.txt", "/assets/none.css"):
        answer = browser.get(path)
        assert answer.status_code == 404 and fields_of(answer) == []


def test_the_api_keeps_its_words(browser: httpx.Client, client: httpx.Client) -> None:
    for path in ("/v1", "/v1/nothing", "/v1/proactive-chats/x/y", "/webhooks/sms", "/demo/nothing.js"):
        answer = browser.get(path)
        assert answer.status_code == 404 and fields_of(answer) == []
    assert client.get("/nothing").status_code == 404, "a script that errs is told so"
    assert browser.post("/app/chats").status_code == 404
    assert fields_of(browser.put("/v1/proactive-chats")) == [] and browser.put("/widget.js").status_code == 405
    assert browser.get("/v1/settings").status_code == 401


def raw_get(api: RunningApi, path: str) -> bytes:
    """As it is, without a client that tidies up."""
    with socket.create_connection(("127.0.0.1", int(api.url.rpartition(":")[2])), timeout=20) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1"))
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("prefix", ["/", "/app/", "/assets/", "/demo/", "/widget.js/", "//"])
def test_nothing_leaves_its_folder(api: RunningApi, tmp_path: Path, prefix: str) -> None:
    (tmp_path / "web/widget/secret.txt").write_text("a secret of the widget")
    ups = ["../" * count for count in (1, 2, 3, 8)]
    names = [up + name for up in ups for name in ("secret.txt", "web/secret.txt", "dist-secret.txt", "etc/passwd")]
    names += [
        "link.txt",
        ".env",
        "assets/../.env",
        str(tmp_path / "web/secret.txt"),
        "\\..\\secret.txt",
        "secret.txt\x00",
    ]
    for name in names:
        encoded = name.replace("\x00", "%00")
        for written in (
            encoded,
            encoded.replace("..", "%2e%2e"),
            encoded.replace("/", "%2f"),
            encoded.replace("..", "%252e%252e"),
        ):
            answer = raw_get(api, prefix + written)
            assert b"secret" not in answer.lower().partition(b"\r\n\r\n")[2].replace(b"secret.txt", b""), written
            assert b"root:" not in answer and b" 500 " not in answer.partition(b"\r\n")[0], (written, answer[:200])


def test_what_is_not_built_is_told_with_how_to(environment: Dict[str, str], tmp_path: Path, engine: Engine) -> None:
    empty = tmp_path / "empty"
    (empty / "dashboard").mkdir(parents=True)
    config = Config.from_env({**environment, "PROACTIVE_WEB_DIR": str(empty)})
    with RunningApi(config, engine) as api, visit(api) as browser:
        absent = browser.get("/")
        assert absent.status_code == 404 and "PROACTIVE_WEB_DIR" in absent.text
        (empty / "dashboard/package.json").write_text("{}")
        unbuilt = browser.get("/app/chats")
        assert unbuilt.status_code == 404 and "make web" in unbuilt.text
        assert "content-security-policy" in unbuilt.headers
        widget, demo = browser.get("/widget.js"), browser.get("/demo/")
        assert widget.status_code == demo.status_code == 404
        assert "make web" in widget.json()["detail"] and fields_of(demo) == []
        (empty / "dashboard/dist").mkdir()
        (empty / "dashboard/dist/index.html").write_text(INDEX)
        assert browser.get("/").text == INDEX, "a build needs no restart"


# -- the demo ------------------------------------------------------------------------------------


def test_the_demo_is_there_in_the_sandbox(browser: httpx.Client) -> None:
    there = browser.get("/demo", follow_redirects=True)
    assert there.url.path == "/demo/" and "Juniper" in there.text
    told = rules(there)
    assert told["connect-src"] == ["'self'", "https://chat.example.com", "wss://chat.example.com"]
    assert told["script-src"] == told["style-src"] == ["'self'"]
    assert browser.get("/demo/shop.css").headers["content-type"].startswith("text/css")
    assert browser.get("/demo/config.json").json() == {"server": "https://chat.example.com"}


def test_two_visitors_and_nobody_else(api: RunningApi, browser: httpx.Client, client: httpx.Client) -> None:
    for visitor, nickname in (("alice", "Alice"), ("bob", "Bob"), ("alice", "Alice")):
        answer = browser.post("/demo/token", json={"visitor": visitor})
        assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
        token = VisitorTokens(api.config).read(answer.json()["token"], time.time())
        assert token.user_id == f"demo-{visitor}"
        (person,) = client.get(f"/v1/recipients?search=demo-{visitor}").json()["data"]
        assert (person["user_id"], person["nickname"]) == (f"demo-{visitor}", nickname)
    for wrong in ({"visitor": "carol"}, {"visitor": "demo-alice"}, {}, {"visitor": None}, {"user_id": "x"}, []):
        assert browser.post("/demo/token", json=wrong).status_code == 422
    assert browser.post("/demo/token", content=b"{").status_code == 415
    assert len(client.get("/v1/recipients").json()["data"]) == 2


def test_a_page_of_another_site_cannot_ask_for_a_token(browser: httpx.Client) -> None:
    plain = {"Content-Type": "text/plain", "Origin": "https://evil.example"}
    assert browser.post("/demo/token", content=b'{"visitor": "alice"}', headers=plain).status_code == 415
    ask = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in browser.options("/demo/token", headers=ask).headers


def test_outside_the_sandbox_there_is_no_demo(environment: Dict[str, str], engine: Engine) -> None:
    with RunningApi(Config.from_env({**environment, **REAL}), engine) as api, visit(api) as browser:
        for path in ("/demo", "/demo/", "/demo/index.html", "/demo/config.json", "/demo/shop.css"):
            assert browser.get(path).status_code == 404
        assert browser.post("/demo/token", json={"visitor": "alice"}).status_code == 404
        assert browser.get("/").text == INDEX and browser.get("/widget.js").status_code == 200
