"""Clauses in Spanish that ask for no more messages, beyond doubt (without accents, as ``clauses`` gives them)."""

from __future__ import annotations

import re

_POLITE = (
    r"por favor|please|gracias|muchas gracias|hola|buenas|buenos dias|buenas tardes|senores?|senora|ok|si|no gracias"
    r"|porfavor"
)
_LEAD = (
    rf"(?:(?:{_POLITE}|les pido que|le pido que|te pido que|quiero que|quisiera que|necesito que|solicito que"
    r"|pido que|favor de|pueden|puede|puedes|podrian|podria"
    r"|alto|stop|basta|por (?:ultima|segunda) vez|ya|que|les ruego que|ruego que|te digo que|ya les dije que"
    r"|ya te dije que|les dije que|numero equivocado) )*"
)
_TAIL = (
    rf"(?: (?:{_POLITE}|ya|ahora|mas|nunca|nunca mas|jamas|de una vez|de inmediato|inmediatamente|a este (?:numero"
    r"|telefono|celular)|a mi (?:numero|telefono|celular)"
    r"|en paz|nunca|de nuevo|otra vez|no me interesa|nada|aqui|para siempre|en el futuro))*"
)
_MESSAGE = (
    r"(?:mensajes?|mensajitos?|msjs?|msj|mjs|sms|textos?|texto|text|texts|publicidad|promos?|promociones|promocion"
    r"|ofertas?|propaganda|spam|notificaciones|anuncios?|cosas|basura|avisos|nada|alertas)"
)
_SOME = (
    r"(?:mas|los|las|sus|tus|estos|estas|esos|esas|este|ese|de|ningun|ninguna|ningunos|otro|otros|otra|tantos|la|el|su"
    r"|mi|mis|con|todos|todas|del|tu|ya|texto)"
)
_MESSAGES = (
    rf"(?:{_SOME} )*{_MESSAGE}(?: (?:de )?(?:{_MESSAGE}|ustedes|parte de ustedes|promocionales|publicitarios|suyos"
    r"|mas))*"
)
_VERB = (
    r"(?:mand(?:en|es|e|ar|enme)|envi(?:en|es|e|ar)|escrib(?:an|as|a|ir)|contact(?:en|es|e|ar)|molest(?:en|es|e"
    r"|ar)|tex?te?(?:en|es|ees|een|ee|ear)"
    r"|mensaje(?:en|es|e|ar)|busqu(?:en|es|e)|moleste|fastidi(?:en|es|e)|jod(?:an|as|a)|spame(?:en|es))"
)
_INFINITIVE = (
    r"(?:mandar|enviar|escribir|contactar|llamar|molestar|textear|mensajear|acosar|fastidiar|joder|spamear|buscar"
    r"|marcar)(?:me|nos)?(?:los|las)?"
)
_GERUND = r"(?:mandando|enviando|escribiendo|molestando|llamando)(?:me|nos)?"
_LIST = (
    r"(?:(?:de|del|su|la|las|sus|tu|el|esta|los|todas) )*(?:listas?|base|registros?|contactos|sistema|base de datos"
    r"|mensajes|directorio)"
)
_TAKE = r"(?:quit|sac|saqu|borr|elimin|remuev|remov|retir|cancel)(?:en|a|e|ar|an|er|es)?(?:me|nos|lo)?"

_WHOLE = [
    rf"{_LEAD}(?:ya )?(?:no|nunca|jamas)(?: (?:me|nos))?(?: vuelvan?(?: a)?| vuelvas a)? {_VERB}(?:me"
    rf"|nos)?(?: (?:mas|nada|nunca))*(?: (?:{_MESSAGES}))?{_TAIL}",
    rf"{_LEAD}(?:ya )?no me llam(?:en|es|e)(?: mas| nunca)+{_TAIL}",
    rf"{_LEAD}(?:no|nunca|jamas) mas me {_VERB}(?: {_MESSAGES})?{_TAIL}",
    rf"{_LEAD}(?:ya )?no (?:vuelvan?|vuelvas) a {_INFINITIVE}(?: {_MESSAGES})?{_TAIL}",
    rf"{_LEAD}(?:deje(?:n|s)?|deja|dejar|par(?:en|a|e|ar)|ces(?:en|e|a)) (?:ya )?de {_INFINITIVE}(?: (?:"
    rf"{_MESSAGES}))?{_TAIL}",
    rf"{_LEAD}(?:(?:deje(?:n|s)?|deja) (?:de|con)|par(?:en|e|ar)|stop|alto|basta|detengan|detener|cancel(?:ar|en)"
    rf"|suspend(?:er|an)|no mas|fin)(?: (?:a|de|con))* {_MESSAGES}{_TAIL}",
    rf"{_LEAD}(?:ya )?no (?:quiero|deseo|quisiera|necesito|acepto|autorizo) que (?:me|nos) (?:{_VERB}|llam(?:en|e"
    rf"|es)|esten {_GERUND})(?: (?:mas|nada))*(?: {_MESSAGES})?{_TAIL}",
    rf"{_LEAD}(?:ya )?no (?:quiero|deseo|quisiera) (?:ser contactad[oa]|(?:seguir recibiendo|recibir)(?: nada"
    rf"| mas)+){_TAIL}",
    rf"{_LEAD}(?:ya )?no (?:quiero|deseo)(?: mas| (?:seguir )?(?:recibir|recibiendo))+ {_MESSAGES}{_TAIL}",
    rf"{_LEAD}(?:ya )?no (?:quiero|deseo) (?:{_SOME} )*(?:mensajes|textos|sms|msjs|publicidad|spam|promociones)"
    rf"{_TAIL}",
    rf"{_LEAD}no mas(?: {_MESSAGES})?{_TAIL}",
    rf"{_LEAD}(?:(?:quiero|deseo|quisiera|necesito|solicito|me gustaria) )?(?:(?:dar(?:me)?|deme|denme|dame|den"
    r"|me doy|me quiero dar|dejarme) de baja|desuscrib\w+|desinscrib\w+|cancelar (?:mi |la "
    rf"|esta )?suscripcion (?:a|de) (?:estos |los |sus )?mensajes)(?: {_LIST}| de (?:estos|los|sus) {_MESSAGE})?"
    rf"{_TAIL}",
    rf"{_LEAD}{_TAKE} (?:mi (?:numero|nombre|telefono|contacto)|este numero)(?: {_LIST})?{_TAIL}",
    rf"{_LEAD}(?:quiten|quita|quite|quitar|saquen|saca|saque|sacar|borren|borre|borra|borrar|eliminen|elimine"
    rf"|elimina|eliminar|remuevan|remueva|retiren|retire)(?:me|nos)(?: {_LIST})?{_TAIL}",
    rf"{_LEAD}(?:deje(?:n|s)?|deja|dejar)(?:me|nos) (?:en paz|tranquil[oa]|de (?:molestar|escribir|mandar|enviar"
    rf"|llamar)){_TAIL}",
    rf"{_LEAD}(?:revoco|retiro) mi consentimiento{_TAIL}",
]  # fmt: skip
_COMPLETE = re.compile("|".join(f"(?:{one})" for one in _WHOLE))


def is_clear(clause: str) -> bool:
    """Whether a clause asks for no more messages, beyond doubt.

    Args:
        clause: from ``clauses``.
    """
    return _COMPLETE.fullmatch(clause) is not None
