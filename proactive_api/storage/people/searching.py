"""Find people by what they are called, in the time of an index however many there are."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.searching import NICKNAME, PHONE, USER_ID, Term, terms_of, whole_of
from proactive_api.storage.people import recipients
from proactive_api.storage.people.recipients import Recipient
from proactive_api.storage.sql import paging
from proactive_api.storage.sql import tables as t

#: Up to so many words all are read. Beyond, nearly everybody has such a word: then the newest people are looked at one
#: after the other, and a page is full soon.
MOST_WORDS = 50_000
#: The same where there are further words, which are asked of each of these people.
MOST_WORDS_OF_SEVERAL = 20_000

_people, _words = t.recipients, t.recipient_words
#: Sorts after any character that a word can have.
_LAST = "\U0010ffff"
#: What people's times are moved by so that whoever fits better comes first; none of them lies so far apart.
_STEP = 1e10


def search(
    conn: Connection, text: Optional[str], limit: int, after: Optional[paging.Cursor] = None
) -> paging.Page[Recipient]:
    """People who are called so; all of them if there is nothing to look for.

    Those whose user ID or phone number is just that come first, then those whose nickname begins with it, then all
    others; the latest added first.

    Args:
        text: parts of a user ID, nickname or phone number, as ``lifecycle.searching`` tells.
        limit: people in a page.
        after: the cursor of the page before.
    """
    terms = terms_of(text) if text else []
    if not terms:
        return _newest(conn, sa.select(_people), limit, after)
    counts = [_count(conn, term) for term in terms]
    few = min(counts)
    if few > (MOST_WORDS if len(terms) == 1 else MOST_WORDS_OF_SEVERAL):
        return _among_many(conn, terms, whole_of(text or ""), limit, after)
    rarest = counts.index(few)
    return _best(conn, terms[rarest], terms[:rarest] + terms[rarest + 1 :], whole_of(text or ""), limit, after)


def _count(conn: Connection, term: Term) -> int:
    """How many words begin so, as far as it matters."""
    some = sa.select(sa.literal(1)).where(_begins(term)).limit(MOST_WORDS + 1).subquery()
    return int(conn.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _best(
    conn: Connection, rarest: Term, others: Sequence[Term], whole: str, limit: int, after: Optional[paging.Cursor]
) -> paging.Page[Recipient]:
    """A page of those who fit, best first."""
    who, at = _words.c.recipient_id, _words.c.created_at
    having = [_has_word_of(term, who) for term in others]
    fitting = sa.select(who, at.label("fits")).where(_begins(rarest), *having)
    exact = sa.and_(_words.c.word == whole, _words.c.kind.in_((USER_ID, PHONE)))
    nickname = sa.and_(_begins((whole,)), _words.c.kind == NICKNAME)
    better = [sa.select(who, (at + 2 * _STEP).label("fits")).where(exact)]
    better.append(sa.select(who, (at + _STEP).label("fits")).where(nickname))
    every = sa.union_all(fitting, *better).subquery()
    once = sa.select(every.c.recipient_id, sa.func.max(every.c.fits).label("fits")).group_by(every.c.recipient_id)
    best: Any = once.subquery()
    page = paging.fetch(conn, sa.select(best), best.c.fits, best.c.recipient_id, limit, after)
    return paging.Page(recipients.find_all(conn, [row.recipient_id for row in page.rows]), page.next_cursor)


def _among_many(
    conn: Connection, terms: List[Term], whole: str, limit: int, after: Optional[paging.Cursor]
) -> paging.Page[Recipient]:
    """A page of people of whom there are so many that the newest ones are found soon; who fits exactly is first."""
    exact = sa.select(_words.c.recipient_id).where(_words.c.word == whole, _words.c.kind.in_((USER_ID, PHONE)))
    first = conn.execute(exact.limit(limit - 1)).scalars().all()
    others = sa.select(_people).where(*(_has_word_of(term, _people.c.id) for term in terms))
    if not first:
        return _newest(conn, others, limit, after)
    others = others.where(_people.c.id.not_in(first))
    if after is not None:
        return _newest(conn, others, limit, after)
    page = _newest(conn, others, limit - len(first), None)
    return paging.Page(recipients.find_all(conn, first) + page.rows, page.next_cursor)


def _newest(conn: Connection, query: Any, limit: int, after: Optional[paging.Cursor]) -> paging.Page[Recipient]:
    page = paging.fetch(conn, query, _people.c.created_at, _people.c.id, limit, after)
    return paging.Page([recipients.of_row(row) for row in page.rows], page.next_cursor)


def _has_word_of(term: Term, recipient_id: Any) -> Any:
    """The condition that somebody has a word that begins so."""
    word = _words.alias()
    return sa.exists().where(sa.and_(word.c.recipient_id == recipient_id, _begins(term, word.c.word)))


def _begins(term: Term, word: Any = _words.c.word) -> Any:
    return sa.or_(*(sa.and_(word >= form, word < form + _LAST) for form in term))
