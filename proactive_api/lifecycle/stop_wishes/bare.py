"""Words that mean a wish to stop only where they stand alone, and those that may stand beside them."""

# ruff: noqa: SIM905 - word lists read better as a line of words
from __future__ import annotations

import re
from typing import Literal

#: Words that nobody uses alone for anything else.
_STOP = frozenset(
    "stop stopall unsubscribe optout arret arrete arretez arreter desabonner desabonnement desabonnez desabonne"
    " desinscrire desinscription desinscrivez desuscribir desuscribirme desuscribirse desinscribir desinscribirme"
    " cesser cessez stopsms stopmsg stoptext stoptexts abmelden".split()
)
#: Words that stop what comes from a carrier, and mean other things beside a button or in a shop.
_WORDS = frozenset("cancel end quit revoke remove alto parar pare paren basta baja detener td cease halt".split())

_SAID = (
    "please thanks tyvm alright ok okay k now immediately already again just hi hello hey sorry sir maam madam mam"
    " no yes yeah nope kindly everyone guys people dude bro man omg ugh wtf ffs asap today forever really seriously bye"
    " goodbye anymore god jesus good morning evening afternoon day all me"
    " svp stp veuillez merci bonjour bonsoir salut tout suite immediatement maintenant oui beaucoup de d la"
    " gracias por favor hola buenas buenos dias tardes noches ya ahora si muchas inmediatamente senor senora adios"
).split()
_POLITE = frozenset(_SAID)
_POLITE_PHRASES = re.compile(
    r"\b(?:s il (?:vous|te) plait|sil (?:vous|te) plait|wrong (?:number|person|guy|one|phone|num)|(?:you (?:have"
    r"|got|ve got) )?the wrong"
    r" (?:number|person)|(?:i (?:m|am) )?(?:really )?not interested(?: at all)?|no thanks|(?:who (?:is|are)|whos"
    r"|who s) (?:this|that|you)"
    r"|i (?:said|mean it|beg you|m serious|have asked you)|(?:this is )?(?:the )?(?:last|final) (?:time|warning)"
    r"|right (?:now|away)"
    r"|at once|for good|(?:i (?:will|ll)|ill) (?:report|sue|block|call|be reporting)\b.*|have a (?:good|nice"
    r"|great) (?:day|one|evening)"
    r"|de inmediato|numero equivocado|mauvais numero|faux numero|no me interesa|pas interesse[e]?|(?:je ne suis"
    r"|je suis) pas interesse[e]?"
    r"|no estoy interesad[oa]|this is not my number|i dont know (?:you|who (?:this|you) (?:is|are))|dont know you"
    r"|spam|this is spam"
    r"|thats enough|no more|enough|enough is enough|unsubscribe me|too many (?:texts|messages)|i m serious"
    r"|i m done|we re done|how many times|else|(?:i )?(?:didnt|never) (?:sign up|signed up|subscribe|subscribed"
    r"|ask|asked)(?: (?:for|to))?(?: (?:this|these|any of (?:this|these)|texts|messages))*)\b"
)
#: Beside "cancel" these are not mere politeness: "no cancel", "cancel all", "la baja".
_TURNS = frozenset("no la de d me all".split())
_IT = re.compile(r"\bstop (?:it|this|that|these|those|please it)\b")
#: Beside "stop" it is asked for; beside "cancel" it is a question about something else.
_ASKED = re.compile(
    r"\b(?:(?:can|could|would|will|wont|cant) you|why wont you|you (?:need to|have to|must|should|better|can)"
    r"|i (?:(?:already|have|ve|just) )*(?:said|told you|asked you|am asking you|want you|need you"
    r"|would like you|d like you)(?: guys| people| all)?(?: to)?"
    r"|how many times do i (?:have|need) to (?:say|tell you to)|make it|make this)\b"
)
_INSTRUCTION = re.compile(
    r"(?:reply |text |send )?stop(?: (?:to|2) (?:end|quit|cancel|unsubscribe|optout|stop))?|stop2(?:end|quit|stop)"
)
_ECHO = re.compile(r"(?:reply|text|send) stop (?:to|2)\b")
_LAUGHING = re.compile(r"\b(?:lol|lmao|lmfao|rofl|ha(?:ha)+h?|hehe|jaja(?:ja)*|mdr|ptdr|xd)\b")

Kind = Literal["stop", "word"]


def bare_kind(clause: str) -> Kind | None:
    """What a clause says in one word: ``stop`` where it can mean nothing else, ``word`` where it could.

    Args:
        clause: from ``clauses``.
    """
    if _LAUGHING.search(clause) or _ECHO.match(clause):
        return None
    if _INSTRUCTION.fullmatch(clause):
        return "stop"
    stops = _IT.sub("stop", clause)
    asked, rest = _rest(_ASKED.sub(" ", stops)), _rest(stops)
    if asked and all(word in _STOP for word in asked):
        return "stop"
    if not rest or not _TURNS.isdisjoint(clause.split()):
        return None
    return "word" if all(word in _STOP or word in _WORDS for word in rest) else None


def is_politeness(clause: str) -> bool:
    """Whether a clause only keeps company: please, thanks, wrong number.

    Args:
        clause: from ``clauses``.
    """
    return not _rest(clause)


def _rest(clause: str) -> list[str]:
    """The words that are left without politeness."""
    return [word for word in _POLITE_PHRASES.sub(" ", clause).split() if word not in _POLITE]
