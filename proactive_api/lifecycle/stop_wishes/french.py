"""Clauses in French that ask for no more messages, beyond doubt (without accents, as ``clauses`` gives them)."""

from __future__ import annotations

import re

_POLITE = (
    r"svp|stp|s il (?:vous|te) plait|sil (?:vous|te) plait|merci(?: (?:beaucoup|bien|d avance|de))?|please|bonjour"
    r"|bonsoir|salut|madame|monsieur"
)
_LEAD = (
    rf"(?:(?:{_POLITE}|veuillez|priere de|merci de|merci d|je vous (?:prie|demande|remercie) (?:de|d)|je te demande de"
    r"|je vous en prie|pouvez vous|pourriez vous|peux tu"
    r"|vous pouvez|il faut|je (?:veux|voudrais|souhaite|desire|aimerais|demande)(?: que vous| a| d)?|non|oui|ok"
    r"|alors|maintenant|encore une fois"
    r"|pour la derniere fois|mais|et) )*"
)
_TAIL = (
    rf"(?: (?:{_POLITE}|maintenant|tout de suite|immediatement|du tout|jamais|a l avenir|desormais|sur (?:ce"
    r"|mon) (?:numero|telephone|portable)"
    r"|a ce numero|de votre part|d urgence|la|vite|definitivement|c est bon))*"
)
_MESSAGE = (
    r"(?:messages?|msgs?|sms|textos?|texts?|pubs?|publicites?|publicitaires?|promos?|promotions?|promotionnels?"
    r"|offres?|notifications?|spams?|rien|notifs?|newsletters?"
    r"|commerciaux|mails? de pub|conneries|trucs|ca|cela)"
)
_SOME = (
    r"(?:de|des|d|du|vos|les|ces|ce|tes|le|la|l|aucun|aucune|autres?|tous|toutes|toute|cette|votre|ton|envoi|envois"
    r"|aux|au|genre|avec|pas|mes)"
)
_MESSAGES = rf"(?:{_SOME} )*{_MESSAGE}(?: {_MESSAGE})*"
_SEND = r"(?:envoye[rz]?|envoie[sz]?|envoyes|envoyais|adresse[rz]?)"
_REACH = (
    r"(?:contacte[rz]?|contactes|ecri(?:re|vez|s)|texte[rz]?|textes|sms|appele[rz]|appelle[s]?|harcele[rz]?|harceles"
    r"|spamme[rz]?|spam|embete[rz]?|derange[rz]?|deranges|solliciter?|sollicitez|importune[rz]?|emmerde[rz]?"
    r"|relance[rz]?|messages)"
)
_LIST = (
    r"(?:(?:de|des|du|d|la|les|cette|votre|vos|ta|tes|toutes|ces|mailing|diffusion|contacts?) )*(?:listes?|base|bases"
    r"|fichiers?|repertoire|contacts|envois|donnees|list|diffusion|sms|messages)"
)

_WHOLE = [
    rf"{_LEAD}(?:n|ne) (?:m |nous )?{_SEND}(?: moi)? (?:plus|jamais)(?: jamais)?(?: {_MESSAGES})?{_TAIL}",
    rf"{_LEAD}(?:ne )?(?:m |me |nous )?{_SEND} (?:pas (?:de|vos)|aucun|aucune) {_MESSAGE}{_TAIL}",
    rf"{_LEAD}(?:arrete[rz]?|cesse[rz]?|ne plus|plus) (?:de )?recevoir(?: {_MESSAGES})?(?: de (?:vous|votre part))?"
    rf"{_TAIL}",
    rf"{_LEAD}(?:pas de {_MESSAGE}|plus de {_MESSAGE} (?:svp|s il (?:vous|te) plait|stp|merci)){_TAIL}",
    rf"{_LEAD}{_SEND}(?: moi)? plus (?:rien|jamais)(?: {_MESSAGES})?{_TAIL}",
    rf"{_LEAD}(?:de )?ne (?:plus|jamais|pas) (?:m |me |nous )?{_SEND}(?: {_MESSAGES}){_TAIL}",
    rf"{_LEAD}(?:de )?ne plus (?:m |me |nous )?{_SEND}{_TAIL}",
    rf"{_LEAD}(?:de )?(?:ne )?(?:me |m |nous )?{_REACH} plus(?: jamais)?(?: {_MESSAGES})?{_TAIL}",
    rf"{_LEAD}(?:de )?ne (?:plus|pas) (?:me |m |nous )?{_REACH}{_TAIL}",
    rf"{_LEAD}(?:de )?(?:ne )?(?:me |m |nous )?(?:contacte[rz]?|ecrivez|ecris|texte[rz]?|envoyez) pas{_TAIL}",
    rf"{_LEAD}(?:arrete[rzs]?|cesse[rz]?|stop|stoppe[rz]?)(?: (?:de|d))? (?:(?:m|me|nous) )?(?:{_SEND}|{_REACH})"
    rf"(?: {_MESSAGES})?{_TAIL}",
    rf"{_LEAD}(?:arrete[rz]?|cesse[rz]?|stop|stoppe[rz]?|arret|fini|finis|assez|marre)(?: (?:de|d|avec|tous|toutes"
    rf"|aux|au|les|des|a))* {_MESSAGES}{_TAIL}",
    rf"{_LEAD}(?:je )?(?:ne )?(?:veux|souhaite|desire|voudrais|veut|souhaites|accepte)(?: vraiment)? (?:plus|pas)"
    r"(?: jamais)? (?:(?:recevoir|avoir|etre (?:contactee?|derangee?|sollicitee?|harcelee?)|que vous (?:m "
    rf"|me )?(?:{_SEND}|{_REACH}|contactiez|ecriviez|envoyiez))(?: (?:par )?{_MESSAGES}| par vous)?|{_MESSAGES})"
    rf"{_TAIL}",
    rf"{_LEAD}(?:je )?(?:ne )?(?:veux|souhaite) plus (?:rien )?recevoir(?: de (?:vous|votre part))?{_TAIL}",
    rf"{_LEAD}(?:plus (?:aucun|aucune|jamais)(?: (?:de|d))?|aucun) {_MESSAGE}{_TAIL}",
    rf"{_LEAD}(?:je )?(?:(?:de )?(?:me|m|moi) )?(?:desabonn\w*|desinscri\w*|desinscript\w*)(?: moi| nous)?(?: "
    rf"{_LIST}| {_MESSAGES})?{_TAIL}",
    rf"{_LEAD}(?:retire[rz]?|enleve[rz]?|supprime[rz]?|efface[rz]?|raye[rz]?|sors|sortez|ote[rz]?) (?:moi|nous"
    r"|mon (?:numero(?: de (?:telephone|portable|tel))?|nom|contact|tel|telephone)|ce numero|mes coordonnees)(?: "
    rf"{_LIST})?{_TAIL}",
    rf"{_LEAD}(?:de )?(?:me|m|nous) (?:retirer|enlever|supprimer|effacer|rayer|oter|sortir|desabonner|desinscrire)"
    rf"(?: {_LIST})?{_TAIL}",
    rf"{_LEAD}(?:de )?(?:retirer|enlever|supprimer|effacer|rayer) (?:mon (?:numero(?: de (?:telephone|portable"
    rf"|tel))?|nom)|ce numero)(?: {_LIST})?{_TAIL}",
    rf"{_LEAD}(?:laisse[sz]?|laisser|fiche[sz]?|fichez|foute[sz]|fous|foutez|lache[sz]?) (?:moi|nous)"
    rf"(?: (?:tranquille|tranquil|en paix|la paix|vivre))?{_TAIL}",
    rf"{_LEAD}(?:je )?(?:retire|revoque|annule) mon consentement{_TAIL}",
]  # fmt: skip
_COMPLETE = re.compile("|".join(f"(?:{one})" for one in _WHOLE))


def is_clear(clause: str) -> bool:
    """Whether a clause asks for no more messages, beyond doubt.

    Args:
        clause: from ``clauses``.
    """
    return _COMPLETE.fullmatch(clause) is not None
