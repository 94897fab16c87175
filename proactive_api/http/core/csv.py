"""Tables as CSV that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Sequence

from proactive_api.lifecycle.cleaning import clean

Column = Callable[[Any], Any]

#: A spreadsheet runs a cell that begins with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    if isinstance(value, str):
        value = clean(value)  # what was stored long ago may hold what no file can
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value


def flattened(value: Any, name: str = "") -> List[List[Any]]:
    """Nested objects as rows of a dotted name and a value."""
    if not isinstance(value, dict):
        return [[name, value]]
    return [row for key, inner in value.items() for row in flattened(inner, f"{name}.{key}" if name else str(key))]
