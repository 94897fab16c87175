"""Fields that several bodies share: how long they may be and how they are written."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, List, Optional, Tuple

import msgspec
from msgspec import Meta

from proactive_api.http.core.patterns import EMAIL, ONE_LINE, SINCE_1970
from proactive_api.http.core.problems import invalid
from proactive_api.lifecycle.phone import InvalidPhone, normalize_phone
from proactive_api.lifecycle.settings import LONGEST, SHORTEST
from proactive_api.storage.sql import paging

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_LATEST = datetime.datetime(9999, 12, 31, tzinfo=datetime.timezone.utc).timestamp()

Name = Annotated[str, Meta(min_length=1, max_length=255, pattern=ONE_LINE)]
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=EMAIL)]
Limit = Annotated[int, Meta(ge=1, le=100, description="Entries in a page.")]
CursorText = Annotated[str, Meta(min_length=1, max_length=255, description="``next_cursor`` of the page before.")]
Phone = Annotated[str, Meta(min_length=1, max_length=40, description="With its country code, such as +14155550123.")]
Seconds = Annotated[float, Meta(ge=SHORTEST, le=LONGEST)]
Instant = Annotated[
    datetime.datetime,
    Meta(tz=True, description="RFC 3339 with an offset, not before 1970.", extra_json_schema={"pattern": SINCE_1970}),
]


class Cursored:
    """What the parameters of every list have in common; ``cursor`` is theirs."""

    __slots__ = ()
    cursor: Optional[str]

    @property
    def after(self) -> Optional[paging.Cursor]:
        """Where the page begins.

        Raises:
            Problem: if the cursor is none of ours.
        """
        try:
            return paging.Cursor.parse(self.cursor) if self.cursor is not None else None
        except ValueError:
            raise invalid("cursor", "This is not a next_cursor of this list.") from None


class Paged(msgspec.Struct, Cursored, kw_only=True, forbid_unknown_fields=True):
    """The parameters of a list that has no filters."""

    limit: Limit = 20
    cursor: Optional[CursorText] = None


def phone(field: str, written: str) -> str:
    """A phone number in E.164.

    Raises:
        Problem: if it is none.
    """
    try:
        return normalize_phone(written)
    except InvalidPhone as error:
        raise invalid(field, str(error)) from None


def seconds(field: str, at: Optional[datetime.datetime]) -> Optional[float]:
    """A time as seconds UTC.

    Raises:
        Problem: if it is before 1970 or after 9999.
    """
    if at is None:
        return None
    since_epoch = (at - _EPOCH).total_seconds()
    if not 0 <= since_epoch < _LATEST:
        raise invalid(field, "This must be a time between 1970 and 9999.")
    return since_epoch


def period(
    since: Optional[datetime.datetime], until: Optional[datetime.datetime]
) -> Tuple[Optional[float], Optional[float]]:
    """The parameters ``from`` and ``to`` as seconds UTC.

    Raises:
        Problem: if one of them is too far away, or ``to`` is before ``from``.
    """
    begin, end = seconds("from", since), seconds("to", until)
    if begin is not None and end is not None and end < begin:
        raise invalid("to", "This is before from.")
    return begin, end


def listed(page: paging.Page[Any], data: List[Any], kind: Any) -> Any:
    """A page of a list as it is answered."""
    return kind(data=data, next_cursor=str(page.next_cursor) if page.next_cursor else None)
