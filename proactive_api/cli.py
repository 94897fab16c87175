"""``proactive``: the product from the command line."""

from __future__ import annotations

import time
import uuid
from typing import Any, Dict, List, Mapping, Optional

import httpx
import typer

from proactive_api.config import Config, ConfigError

app = typer.Typer(help="Proactive chats for Rasa assistants.", no_args_is_help=True, add_completion=False)
keys_app = typer.Typer(help="Manage API keys in this machine's database.", no_args_is_help=True)
app.add_typer(keys_app, name="keys")

URL = typer.Option("http://127.0.0.1:8000", "--url", envvar="PROACTIVE_URL", help="URL of the proactive API.")
KEY = typer.Option(None, "--key", envvar=["PROACTIVE_API_KEY", "PROACTIVE_ADMIN_KEY"], help="API key.")
REPLIES = typer.Option([], "--reply", help='Suggested reply: "Title", "Title=https://…" or "Title=/intent".')
SCOPES = typer.Option(..., "--scope", help="send, read, agent or admin. Can be repeated.")

#: Columns of ``proactive chats``: heading and field.
COLUMNS = (
    ("created", "created_at"),
    ("to", "recipient"),
    ("message", "message"),
    ("delivery", "delivery_status"),
    ("response", "response_status"),
    ("status", "status"),
    ("closed", "closed_reason"),
    ("resolution", "resolution_time"),
    ("CSAT", "csat"),
)


@app.command()
def send(
    message: Optional[str] = typer.Argument(
        None, help="Text of the message, with variables such as {{ nickname | there }}."
    ),
    phone: Optional[str] = typer.Option(None, "--phone", help="Recipient's phone number, such as +14155550123."),
    user: Optional[str] = typer.Option(None, "--user", help="Recipient's user ID."),
    intent: Optional[str] = typer.Option(None, "--intent", help="Open with this external intent instead of a text."),
    reply: List[str] = REPLIES,
    campaign: Optional[str] = typer.Option(None, "--campaign", help="Name of the campaign."),
    at: Optional[str] = typer.Option(None, "--at", help="When to send, such as 2026-11-22T09:00:00+01:00."),
    if_active: Optional[str] = typer.Option(
        None, "--if-active", help="If a conversation is open: skip, queue or append."
    ),
    channel: str = typer.Option("sms", "--channel", help="sms or messenger."),
    once: Optional[str] = typer.Option(None, "--once", help="Idempotency key: repeating it does not send again."),
    url: str = URL,
    key: Optional[str] = KEY,
) -> None:
    """Send a proactive message."""
    wish: Dict[str, Any] = {
        "channel_type": channel,
        "phone_number": phone,
        "user_id": user,
        "message": message,
        "intent": intent,
        "suggested_replies": [_reply(one) for one in reply],
        "campaign": campaign,
        "scheduled_at": at,
        "if_active": if_active,
    }
    body = {name: value for name, value in wish.items() if value not in (None, [])}
    headers = {"Idempotency-Key": once or str(uuid.uuid4())}
    chat = _call("POST", url, "/v1/proactive-chats", key, json=body, headers=headers)
    typer.echo(f"{chat['id']}  {_delivery(chat)}")


@app.command()
def chats(
    limit: int = typer.Option(20, "--limit", min=1, max=100, help="How many to list."),
    campaign: Optional[str] = typer.Option(None, "--campaign", help="Only chats of this campaign."),
    response: Optional[str] = typer.Option(
        None, "--response", help="Only with this response status: responded or not_responded."
    ),
    delivery: Optional[str] = typer.Option(None, "--delivery", help="Only with this delivery status."),
    recipient: Optional[str] = typer.Option(
        None, "--recipient", help="Only chats with this recipient (id or user ID)."
    ),
    url: str = URL,
    key: Optional[str] = KEY,
) -> None:
    """List proactive chats and their results, newest first."""
    wanted = {
        "limit": limit,
        "campaign": campaign,
        "response_status": response,
        "delivery_status": delivery,
        "recipient": recipient,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    page = _call("GET", url, "/v1/proactive-chats", key, params=given)
    _print_table([title for title, _ in COLUMNS], [[_cell(chat, name) for _, name in COLUMNS] for chat in page["data"]])
    if page["next_cursor"]:
        typer.echo("There are more; use --limit to list up to 100.")


@keys_app.command("create")
def create_key(
    name: str = typer.Option(..., "--name", help="What the key is for."),
    scope: List[str] = SCOPES,
) -> None:
    """Create an API key and show it once."""
    from proactive_api.storage.access import keys

    with _engine().begin() as conn:
        try:
            _, secret = keys.create(conn, name, scope, time.time())
        except ValueError as error:
            raise _fail(f"--scope: {error}.") from None
    typer.echo(secret)


@keys_app.command("list")
def list_keys() -> None:
    """List all API keys."""
    from proactive_api.storage.access import keys

    with _engine().connect() as conn:
        found = keys.list_all(conn)
    rows = [[one.id, one.name, " ".join(one.scopes), "revoked" if one.revoked_at else "valid"] for one in found]
    _print_table(["id", "name", "scopes", "state"], rows)


@keys_app.command("revoke")
def revoke_key(key_id: str = typer.Argument(..., help="The key's id, from `proactive keys list`.")) -> None:
    """Revoke an API key, effective immediately."""
    from proactive_api.storage.access import keys

    with _engine().begin() as conn:
        known = keys.revoke(conn, key_id, time.time())
    if not known:
        raise _fail("There is no API key with this id.")
    typer.echo("Revoked.")


@app.command()
def migrate() -> None:
    """Migrate the database to this version."""
    from proactive_api.storage.migrations import migrate as migrations

    migrations.upgrade(_config().database_url)
    typer.echo("The database is up to date.")


@app.command()
def rebuild() -> None:
    """Recompute all figures from the stored events and report differences."""
    from proactive_api.storage.conversations import rebuild

    engine = _engine()
    with typer.progressbar(length=1, label="Conversations' trackers") as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        report = rebuild.rebuild(engine, progress)
    typer.echo(f"{report.trackers} trackers, {report.events} events, {report.conversations} conversations.")
    for difference in report.differences:
        typer.echo(f"  {difference}")
    if report.differences:
        raise _fail(f"{len(report.differences)} differences, now corrected.")
    typer.echo("No differences.")


def main() -> None:
    """Run the command that the arguments name."""
    app()


def _fail(sentence: str) -> typer.Exit:
    typer.secho(sentence, fg="red", err=True)
    return typer.Exit(1)


def _config() -> Config:
    try:
        return Config.from_env()
    except ConfigError as error:
        raise _fail(str(error)) from None


def _engine() -> Any:
    from proactive_api.storage.migrations import migrate as migrations
    from proactive_api.storage.sql.engine import create_engine

    url = _config().database_url
    migrations.upgrade(url)
    return create_engine(url)


def _call(
    method: str, url: str, path: str, key: Optional[str], headers: Optional[Mapping[str, str]] = None, **more: Any
) -> Any:
    """What the API answers, or an exit with its problem in plain words."""
    if not key:
        raise _fail("An API key is needed: use --key or PROACTIVE_API_KEY, or create one with `proactive keys create`.")
    sent = {"Authorization": f"Bearer {key}", **(headers or {})}
    try:
        answer = httpx.request(method, url.rstrip("/") + path, headers=sent, timeout=30, **more)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise _fail(f"The API at {url} does not respond ({error}). Is it running? `make run` starts it.") from None
    if answer.is_success:
        return answer.json()
    raise _fail(_problem(answer))


def _problem(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        errors = [f"{one['field']}: {one['detail']}" for one in problem["errors"]]
        return "\n".join(errors) or f"{problem['title']}. {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"The API returned {answer.status_code} {answer.reason_phrase}."


def _reply(text: str) -> Any:
    title, separator, target = text.partition("=")
    if not separator or not target.startswith(("/", "http://", "https://", "tel:", "mailto:")):
        return text
    return {"title": title, "payload" if target.startswith("/") else "url": target}


def _delivery(chat: Mapping[str, Any]) -> str:
    reason = chat["skip_reason"] or chat["wait_reason"]
    return f"{chat['delivery_status']} ({reason.replace('_', ' ')})" if reason else str(chat["delivery_status"])


def _cell(chat: Mapping[str, Any], name: str) -> str:
    value = chat[name]
    if name == "recipient":
        return str(value["nickname"] or value["user_id"] or value["phone_number"] or value["id"])
    if name == "delivery_status":
        return _delivery(chat)
    if name == "created_at":
        return str(value)[:19].replace("T", " ")
    if name == "resolution_time" and value is not None:
        return f"{value:.0f} s"
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= 40 else text[:39] + "…"


def _print_table(titles: List[str], rows: List[List[str]]) -> None:
    widths = [max(len(row[i]) for row in [titles, *rows]) for i in range(len(titles))]
    for row in [titles, *rows]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
