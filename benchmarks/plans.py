"""Show which indexes the queries of the pages and of the worker use on a database (see ``seed``).

python -m benchmarks.plans DATABASE_URL
"""

from __future__ import annotations

import re
import sys
import time
from typing import Any, Callable, Dict, List, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.conversations import chats, conversations, handoffs
from proactive_api.storage.conversations.handoffs import Wanted
from proactive_api.storage.people import searching
from proactive_api.storage.queues import sends
from proactive_api.storage.reports import metrics
from proactive_api.storage.reports.filters import Filter
from proactive_api.storage.sql.engine import create_engine
from proactive_api.storage.sql.paging import Cursor

Statement = Tuple[str, Any]


def queries(now: float) -> Dict[str, Callable[[Connection], Any]]:
    """What the pages and the worker ask, by what it is."""
    recent = now // 86400 * 86400 - 30 * 86400 - 3600
    return {
        "list": lambda conn: chats.find(conn, Filter(), 50),
        "list, 30 days": lambda conn: chats.find(conn, Filter(since=recent), 50),
        "list, a later page": lambda conn: chats.find(conn, Filter(), 50, Cursor(recent, "")),
        "list, one campaign": lambda conn: chats.find(conn, Filter(campaign="renewals"), 50),
        "list, failed": lambda conn: chats.find(conn, Filter(delivery_status="failed"), 50),
        "list, responded": lambda conn: chats.find(conn, Filter(response_status="responded"), 50),
        "list, rated 5": lambda conn: conversations.find(conn, Filter(csat=5), 50),
        "list, handed over": lambda conn: conversations.find(conn, Filter(handed_over=True), 50),
        "campaign names": lambda conn: chats.names_of_campaigns(conn, 1000),
        "recipients": lambda conn: searching.search(conn, None, 50),
        "recipients, by name": lambda conn: searching.search(conn, "nick 999", 50),
        "recipients, by number": lambda conn: searching.search(conn, "0123", 50),
        "inbox": lambda conn: handoffs.find(conn, Wanted(status="open"), 50),
        "worker: due sends": lambda conn: sends.due(conn, now, 100),
        "worker: sends under way": lambda conn: sends.in_flight(conn, now),
        "metrics, 30 days": lambda conn: metrics.count(conn, Filter(since=recent)),
    }


def plan(conn: Connection, statement: Statement) -> List[str]:
    """The steps of a plan that read something."""
    postgres = conn.dialect.name == "postgresql"
    rows = conn.exec_driver_sql(f"EXPLAIN {'' if postgres else 'QUERY PLAN '}{statement[0]}", statement[1]).all()
    lines = [str(row[0] if postgres else row[3]).strip(" ->") for row in rows]
    reading = [line for line in lines if re.search(r"\b(Scan|SCAN|SEARCH)\b", line)]
    return [re.sub(r"\s+\(cost=.*", "", line) for line in reading]


def main(arguments: Sequence[str]) -> None:
    """Print a line for each step, without those that came before."""
    engine, asked = create_engine(arguments[0]), []  # type: ignore[var-annotated]
    sa.event.listen(
        engine, "before_cursor_execute", lambda _c, _cur, text, values, _ctx, _many: asked.append((text, values))
    )
    for name, ask in queries(time.time()).items():
        with engine.begin() as conn:  # some lock what they read
            asked.clear()
            ask(conn)
            wanted = [one for one in asked if re.match(r"\s*(SELECT|WITH)", one[0])]
            steps = dict.fromkeys(step for one in wanted for step in plan(conn, one))
        print(f"| {name} | {'<br>'.join(f'`{step}`' for step in steps)} |")


if __name__ == "__main__":
    main(sys.argv[1:])
