"""Tables as CSV that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Sequence

from proactive_api.http.resources.shapes import ProactiveChat

Column = Callable[[Any], Any]

#: A spreadsheet runs a cell that begins with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _field(name: str) -> Column:
    return lambda row: getattr(row, name)


def _person(name: str) -> Column:
    return lambda row: getattr(row.recipient, name)


#: Columns of exported chats: heading, and how to find it in a ``ProactiveChat``.
CHATS: Mapping[str, Column] = {
    **{name: _field(name) for name in ("id", "conversation_id", "created_at", "scheduled_at", "sent_at")},
    **{name: _person(name) for name in ("user_id", "nickname", "phone_number")},
    **{name: _field(name) for name in ("channel_type", "campaign", "message", "intent", "delivery_status")},
    "skip_reason": _field("skip_reason"),
    "error": lambda row: row.error.message if row.error else None,
    **{
        name: _field(name)
        for name in (
            *("delivered_at", "segments", "conversation_type", "response_status", "status", "started_at"),
            *("responded_at", "handed_over_at", "closed_at", "closed_reason", "resolution_time", "csat"),
            *("csat_comment", "user_message_count", "agent_message_count", "human_message_count"),
        )
    },
}
assert set(CHATS) - {"user_id", "nickname", "phone_number"} <= set(ProactiveChat.__struct_fields__)


def parts(columns: Mapping[str, Column], pages: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A table, page by page; the first part is its heading."""
    yield encoded([list(columns)])
    for page in pages:
        if page:
            yield encoded([[find(row) for find in columns.values()] for row in page])


def encoded(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV (RFC 4180) in UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def named(filename: str) -> Dict[str, str]:
    """Headers that make a browser save it under this name."""
    return {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"}


def _cell(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def flattened(value: Any, name: str = "") -> List[List[Any]]:
    """Nested objects as rows of a dotted name and a value."""
    if not isinstance(value, dict):
        return [[name, value]]
    return [row for key, inner in value.items() for row in flattened(inner, f"{name}.{key}" if name else str(key))]
