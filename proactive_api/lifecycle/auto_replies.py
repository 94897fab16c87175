"""Texts that phones and mail programs send by themselves: "I'm driving", "Out of office", "Automatic reply"."""

# ruff: noqa: E501, RUF001 - one kind of message a line; other scripts
from __future__ import annotations

import re

from proactive_api.lifecycle.plain import folded, visible

_LATER = r"(?:get back|respond|reply|answer|be in touch|contact you|call you|be with you|text you|see your|read your)"
#: Beginnings of messages that phones and mail programs send by themselves, as ``plain.folded`` writes them.
_AUTO_REPLY = re.compile(
    r"[\W_]*(?:"
    r"auto(?:matic|mated|matisch\w*)?[\s-]?(?:reply|response|responder|antwort|svar|antwoord|bericht)\b"
    r"|(?:this|it) is an? auto(?:matic|mated|-)\s?(?:generated )?(?:message|reply|response|text)|respuesta automatica|mensaje automatico"
    r"|reponse automatique|message automatique|risposta automatica|resposta automatica|mensagem automatica|autosvar|automatiskt svar"
    r"|automatische (?:antwort|nachricht)|abwesenheits\w+|automatyczna odpowiedz|автоответ|автоматический ответ|自动回复|自動返信|자동 응답"
    r"|out of (?:the )?office\b|(?:i am|i'm) (?:currently )?(?:out of (?:the )?office|away from my desk|on (?:annual|parental|sick) leave|on vacation until)"
    r"|(?:sorry,? )?(?:i )?(?:can't|cannot) (?:talk|text|chat)(?: right)? now[.,!]* (?:i'm|i am) driving"
    r"|(?:i am|i'm) driving(?: right now| at the moment| now)?(?: with (?:focus|do not disturb)\b.*)?[.!\s]*(?:(?:i'll|i will) (?:see|get|reply|respond|call|text|answer|read)\b.*)?$"
    r"|\(?(?:i am|i'm) not receiving notifications"
    r"|estoy (?:conduciendo|manejando)[.!\s]*$|je (?:conduis|suis au volant)[.!\s]*$|ich fahre gerade[.!\s]*$|sto guidando[.!\s]*$"
    r"|estou (?:dirigindo|a conduzir)[.!\s]*$|ik ben aan het rijden[.!\s]*$|jag kor(?: just nu)?[.!\s]*$|я за рулем[.!\s]*$|prowadze samochod[.!\s]*$"
    r"|(?:estoy |estare )?fuera de la oficina\b|fuori ufficio\b|fora do escritorio\b|absente? du bureau\b|ich bin (?:derzeit |zurzeit )?nicht im buro"
    r"|(?:thank you|thanks) for (?:your (?:message|text|email|inquiry|call)|contacting|reaching out|texting|getting in touch)\b.{0,200}"
    rf"\b(?:we|our team|someone|somebody|an agent|a (?:member|representative)\b.{{0,30}})\s?(?:will|'ll|shall)\b.{{0,40}}{_LATER}"
    r"|we(?:'ve| have)? received your (?:message|text|email|request)|your (?:message|text|request) (?:has been|was) received"
    r"|this (?:number|inbox|mailbox|phone|line) (?:is not|isn't) (?:monitored|able to receive)|(?:please )?do not reply to this (?:message|text|number)"
    r"|gracias por (?:su|tu) mensaje\b.{0,120}(?:responderemos|en contacto)|merci (?:pour|de) votre message\b.{0,120}(?:repondrons|contacter)"
    r"|(?:vielen )?dank fur ihre nachricht\b.{0,120}(?:melden uns|bearbeite|antworten)"
    r")",
    re.DOTALL,
)


def is_auto_reply(text: str) -> bool:
    """Whether a phone or a mail program wrote this by itself: "I'm driving", "Out of office", "Automatic reply".

    Args:
        text: the message as it arrived.
    """
    return _AUTO_REPLY.match(" ".join(folded(visible(text)).split())) is not None
