"""Whether somebody asks for no more messages, in a word or in a sentence of their own.

The law asks to honour "any reasonable means" of saying so (47 CFR 64.1200(a)(10)), and an order that is cancelled, or
a question about the end of the sale, must not silence the shop. A message is taken apart into clauses, and counts where

* a clause says it beyond doubt, such as "stop texting me" or "ne m'envoyez plus de messages", or
* all of it is said in a word that could mean something else in other company: "Stop. Thank you".

English, French and Spanish are read. What is only a guess is the assistant's to answer (intent ``stop_messages``).
"""

from __future__ import annotations

import re

from proactive_api.lifecycle.stop_wishes import english, french, spanish
from proactive_api.lifecycle.stop_wishes.bare import bare_kind, is_politeness
from proactive_api.lifecycle.stop_wishes.clauses import clauses, without_signature

#: People who mean to stop are brief; what is longer is a story, or somebody else's words passed on.
LONGEST = 600
_WITHIN = re.compile(r"\s*[,\n]\s*")


def wants_to_stop(text: str, *, offered: bool = False) -> bool:
    """Tell whether a message asks for no more messages.

    Args:
        text: the message as typed; case, accents, typos, emoji, politeness and a phone's signature do not matter.
        offered: whether these are the words of a suggested reply. A button "Cancel" cancels what the business offered.
    """
    if len(text) > LONGEST:
        return False
    words = without_signature(text)
    found = clauses(words)
    # Lines and commas may also stand in the middle of a sentence.
    whole = clauses(_WITHIN.sub(" ", words))
    if any(language.is_clear(clause) for clause in [*found, *whole] for language in (english, french, spanish)):
        return True
    kinds = ["stop" if english.is_clear_alone(clause) else bare_kind(clause) for clause in found]
    counted = {"stop"} if offered else {"stop", "word"}
    return bool(counted.intersection(kinds)) and all(
        kind in counted or is_politeness(clause) for kind, clause in zip(kinds, found, strict=True)
    )
