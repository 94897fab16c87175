from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from proactive_api.cli import app
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.engine import create_engine
from tests.http import story
from tests.http.server import ADMIN_KEY, RunningApi


@pytest.fixture
def run(api: RunningApi, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("PROACTIVE_URL", api.url)
    monkeypatch.setenv("PROACTIVE_API_KEY", ADMIN_KEY)
    monkeypatch.setenv("DATABASE_URL", api.engine.url.render_as_string(hide_password=False))
    return CliRunner()


def test_send_and_list(run: CliRunner, client: httpx.Client) -> None:
    words = ["send", "Hello there", "--phone", "+14155550150", "--reply", "Yes", "--reply", "See=https://example.com"]
    sent = run.invoke(app, [*words, "--campaign", "spring"])
    assert sent.exit_code == 0 and "queued" in sent.output, sent.output
    (chat,) = client.get("/v1/proactive-chats").json()["data"]
    assert [reply["url"] for reply in chat["suggested_replies"]] == [None, "https://example.com"]
    listed = run.invoke(app, ["chats", "--campaign", "spring"])
    assert "+14155550150" in listed.output and "Hello there" in listed.output


def test_once_is_once(run: CliRunner, client: httpx.Client) -> None:
    for _ in range(2):
        assert run.invoke(app, ["send", "Hi", "--phone", "+14155550150", "--once", "a"]).exit_code == 0
    assert len(client.get("/v1/proactive-chats").json()["data"]) == 1


def test_problems_are_told_in_words(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = run.invoke(app, ["send", "Hi", "--phone", "0170"])
    assert wrong.exit_code == 1 and "phone_number: Write the phone number" in wrong.output
    stranger = run.invoke(app, ["chats", "--key", "nonsense"])
    assert stranger.exit_code == 1 and "API key" in stranger.output
    nobody = run.invoke(app, ["chats", "--url", "http://127.0.0.1:1"])
    assert nobody.exit_code == 1 and "does not respond" in nobody.output


def test_keys(run: CliRunner, api: RunningApi) -> None:
    made = run.invoke(app, ["keys", "create", "--name", "shop", "--scope", "send", "--scope", "read"])
    assert made.exit_code == 0, made.output
    with api.client(made.output.strip()) as shop:
        assert shop.get("/v1/settings").status_code == 200
        line = run.invoke(app, ["keys", "list"]).output.splitlines()[1]
        assert "shop" in line and "send read" in line
        assert run.invoke(app, ["keys", "revoke", line.split()[0]]).exit_code == 0
        assert shop.get("/v1/settings").status_code == 401
    assert run.invoke(app, ["keys", "create", "--name", "x", "--scope", "root"]).exit_code == 1
    assert run.invoke(app, ["keys", "revoke", "x"]).exit_code == 1


def test_rebuild_corrects_and_reports(run: CliRunner, client: httpx.Client, api: RunningApi) -> None:
    body = {"channel_type": "sms", "phone_number": "+14155550151", "message": "Hi"}
    chat = client.post("/v1/proactive-chats", json=body).json()
    story.tell(api.engine, f"sms.{chat['recipient']['id']}", story.opening(chat["id"], 1.0) + story.said("yes", 2.0))
    assert run.invoke(app, ["rebuild"]).exit_code == 0
    with api.engine.begin() as conn:
        conn.execute(sa.update(t.conversations).values(response_status="not_responded"))
    wrong = run.invoke(app, ["rebuild"])
    assert wrong.exit_code == 1 and "response_status" in wrong.output
    again = run.invoke(app, ["rebuild"])
    assert again.exit_code == 0 and "No differences" in again.output


def test_migrate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    assert CliRunner().invoke(app, ["migrate"]).exit_code == 0
    engine = create_engine(url)
    assert sa.inspect(engine).has_table("proactive_chats")
    engine.dispose()
