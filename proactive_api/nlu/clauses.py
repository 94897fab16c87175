"""Where one wish ends and the next begins in what people text: with marks, with conjunctions, or with neither."""

from __future__ import annotations

import re
from typing import FrozenSet, List

#: Whoever writes more than this in one message is not answered for every half sentence of it.
MOST_CLAUSES = 24

_MARKS = re.compile(
    r"""[.!?;:,…]+(?=\s|$)      # not inside example.com, 3.50 or 9:00
    | [.!?…]{2,}                 # but an ellipsis needs no space: "no...human"
    | \s[-–—/|]+\s | [()\[\]"“”\n\r]+
    | [\u2190-\u2BFF\u3030\uFE0F\u200D\U0001F000-\U0001FAFF]+  # pictures stand between what is said
    """,
    re.VERBOSE,
)
_CONJUNCTIONS = re.compile(
    r"\s(?:and|n|&|\+|but|then|also|plus|cos|coz|cuz|because|or else|otherwise|actually|anyway|anyways|btw)\s",
    re.IGNORECASE,
)
#: Words with which somebody begins to ask for something, in a message without marks.
_WISH = re.compile(
    r"\s(?=(?:"
    r"(?:can|could|may|cud|would|will)\s+(?:i|u|you|ya|we|someone|somebody|some1|sum1|sm1|anyone|anybody|a|an|one|the|ur|your|pls|please)\b"
    r"|i(?:\s+just|\s+really)?\s+(?:want|wanna|need|wish|demand|insist|prefer|wud|would)\b"
    r"|(?:i'?d|id)\s+(?:like|rather|prefer|love)\b"
    r"|(?:let|get|give|put|connect|transfer|pass|hand|find|have|send)\s+(?:me|us|a|an|some)\b"
    r"|(?:lemme|gimme|please|pls|plz|wanna)\b"
    r"|(?:need|want)\s+(?:a|an|to|2|some|someone|somebody|sm1|sum1|human|agent|real)\b"
    r"|(?:is|are|r)\s+there\b"
    r"|(?:call|ring|phone)\s+me\b"
    r"))",
    re.IGNORECASE,
)
#: After one of these the words that follow are no wish of their own: "do I need…", "I don't want…", "for letting me…".
_LEADING = """
    a an the to 2 for of with from by at in on my your ur that this who what when where how why which whom if do
    does did dont don't doesnt doesn't didnt didn't not never nobody noone would should could can cant can't cannot
    will wont won't i u you we they he she it i'd id i'll ill just really please pls plz even ever wanna want need
    let lemme get got have has had having rather like instead without nor or as than is are was were be been being
    im i'm someone somebody anyone anybody people person human agent letting me us them him her going gonna able
    trying tried wanted needed asked refuse time
"""
_NO_BREAK: FrozenSet[str] = frozenset(_LEADING.split())


def clauses(text: str) -> List[str]:
    """The clauses of a message, in their order; one that cannot be divided gives a single one.

    Args:
        text: what somebody wrote.
    """
    found: List[str] = []
    for piece in _MARKS.split(text):
        for part in _CONJUNCTIONS.split(f" {piece} "):
            found.extend(_wishes(" ".join(part.split())))
    return [clause for clause in found if any(map(str.isalnum, clause))][:MOST_CLAUSES]


def _wishes(text: str) -> List[str]:
    """Divide before each wish that begins in the middle."""
    parts: List[str] = []
    begin = 0
    for match in _WISH.finditer(text):
        before = text[begin : match.start()].split()
        if before and not _leads_into(before[-1].lower(), text[match.end() :].lower()):
            parts.append(text[begin : match.start()])
            begin = match.end()
    return [*parts, text[begin:]]


def _leads_into(word: str, wish: str) -> bool:
    """Whether the wish belongs to the word before it: "no, I want…" are two things, "no need to…" is one."""
    return word in _NO_BREAK or (word == "no" and wish.startswith(("need", "want")))
