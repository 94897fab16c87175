"""A message, taken apart into clauses of plain words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher

#: Where a clause ends: marks, line ends, and the words between two sentences.
_END = re.compile(
    r"[.!?;:,()\[\]\"“”«»…¡¿|\n。！？、，]+|\s[-–—~*/\\]+\s|\b(?:and|but|or|because|cuz|bc|et|mais|ou|y|pero|porque"
    r"|o)\b|[&+]"
)
_WORD = re.compile(r"[^\W_]+")
_NOT = re.compile(r"n\s?['’`´‘]\s?t\b")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")

#: How people shorten and mistype the words that matter here.
_SPELLINGS: Mapping[str, str] = {
    **dict.fromkeys(("pls", "plz", "plss", "plse", "pleas", "plese", "pleese", "plase", "pelase", "plis"), "please"),
    **dict.fromkeys(("thx", "ty", "tnx", "thnx", "thanx", "tks", "tysm", "thankyou", "thank", "thnks"), "thanks"),
    **dict.fromkeys(
        ("stopp", "sstop", "stpo", "sotp", "tsop", "stopo", "stiop", "styop", "st0p", "5top", "sttop", "stpp", "dtop",
         "stahp", "stopit", "stoop", "stup", "stoip"),
        "stop",
    ),
    **dict.fromkeys(("txting", "txtin", "textin", "texing", "txing", "texitng", "textting"), "texting"),
    **dict.fromkeys(("msging", "msgin", "messagin", "mesaging", "messging", "massaging", "messeging"), "messaging"),
    **dict.fromkeys(("txt", "texte", "txet", "tetx", "tect"), "text"),
    **dict.fromkeys(("txts", "textes"), "texts"),
    **dict.fromkeys(("msg", "mesage", "messge", "massage"), "message"),
    **dict.fromkeys(("msgs", "mesages", "messges", "massages", "mssgs", "mensages"), "messages"),
    **dict.fromkeys(("dnt", "donot", "donut", "dontt"), "dont"),
    **dict.fromkeys(("remve", "remvoe", "remov", "romove", "rmove"), "remove"),
    **dict.fromkeys(("mesg",), "message"),
    **dict.fromkeys(("contcat", "conctact", "conatct"), "contact"),
    "u": "you", "yall": "you", "ur": "your", "r": "are", "im": "i m", "ive": "i ve", "wanna": "want to",
    "w": "with", "sendin": "sending", "snd": "send", "num": "number", "nr": "number", "nbr": "number",
    "anymor": "anymore", "agian": "again", "agin": "again", "unsub": "unsubscribe",
    "q": "que", "xfavor": "por favor", "xfa": "por favor", "porfa": "por favor", "porfavor": "por favor",
    "porfis": "por favor", "svp": "svp", "mp": "messages", "mms": "sms",
}  # fmt: skip
_PHRASES = (
    (re.compile(r"\bthanks (?:you|u)(?: (?:so|very) much)?\b"), "thanks"),
    (re.compile(r"\bdo not\b"), "dont"),
    (re.compile(r"\bdid not\b"), "didnt"),
    (re.compile(r"\bany more\b"), "anymore"),
    (re.compile(r"\bun (?=subscribe|stop)"), "un"),
    (re.compile(r"\bopt(?:ing)? (?:me )?out\b"), "optout"),
    (re.compile(r"\bstop all\b(?=$| (?:please|thanks)\b)"), "stopall"),
    (re.compile(r"\btext messages?\b"), "texts"),
    (re.compile(r"\bsomebody\b"), "someone"),
    (re.compile(r"\bx favor\b"), "por favor"),
    (re.compile(r"\bmenvo(?=y|i)"), "m envo"),
)

_DEVICES = (
    r"i ?phone|i ?pad|i ?os|android|samsung|galaxy|blackberry|outlook|yahoo|gmail|proton ?mail|huawei|pixel|xiaomi"
    r"|redmi"
    r"|motorola|oneplus|oppo|nokia|windows|t-mobile|verizon|at&t|sprint|smartphone|mobile device|handy"
    r"|mobiltelefon"
    r"|4g|5g|lte|icloud|mail\.ru|aol|apple watch|metropcs"
)
#: "Sent from my iPhone", in the words of many languages.
_SENT = (
    r"(?:sent|get|send|envoye|telecharg\w*|obtenir|enviado|enviada|obtener|obten|gesendet|von mein\w*|holen sie"
    r"|inviato|scarica"
    r"|verzonden|verstuurd|skickat|sendt|hentet?|lahetetty|wyslan\w*|wysłan\w*|отправлено|надіслано|送信|发自|傳自|发送|보냄"
    r"|gonderildi"
    r"|odeslano|trimis|kuldve|elkuldve|στα|σταλθηκε|נשלח|ارسل|أرسلت|dikirim|duoc gui|ส่ง|obter|baixe)"
)
_SENT_FROM_MINE = (
    r"^(?:sent (?:from|via|with|using) (?:my|the)|envoye (?:de|depuis|avec|a partir de) mon|enviado (?:desde|de"
    r"|con) mi|enviado do meu)\b"
)
_INLINE = re.compile(
    r"\s+(?:sent (?:from|via|with|using)|envoye (?:de|depuis|a partir)|enviado (?:desde|do|de|por)|von meinem"
    r"|gesendet von"
    rf"|inviato da(?:l)?|get outlook for)\b.{{0,20}}?(?:{_DEVICES}).*$",
    re.DOTALL,
)
_SIGN_OFF = re.compile(
    r"(?:kind |best |warm )?regards|best(?: wishes)?|sincerely|yours(?: truly)?|cordialement|bien a vous|salutations"
    r"|saludos(?: cordiales)?|atentamente|atte|cheers|respectfully|xoxo"
)
_NAME = re.compile(r"[-–—~]{0,2}\s*(?:[A-ZÀ-Þ][\w'’.-]*)(?:\s+[A-ZÀ-Þ][\w'’.-]*){0,2}\s*")
_RULE = re.compile(r"\s*(?:-{2,}|_{2,}|—+|={2,}|\*{2,})\s*.*")


def fold(text: str) -> str:
    """Case, width, accents and what cannot be seen do not matter."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in spread if unicodedata.category(char) not in ("Mn", "Me", "Cf"))


_SIGNATURE = re.compile(fold(rf"{_SENT}.*(?:{_DEVICES})|(?:{_DEVICES}).*{_SENT}|{_SENT_FROM_MINE}"))


def without_signature(text: str) -> str:
    """The message without what a phone or a mail program puts under it, and without a name in a line of its own."""
    lines = [line for line in text.strip().splitlines() if fold(line).strip()]
    for number, line in enumerate(lines[1:], 1):
        if _RULE.fullmatch(line) or _SIGNATURE.search(fold(line)) or _SIGN_OFF.fullmatch(fold(line).strip(" .,!-")):
            lines = lines[:number]
            break
    if len(lines) > 1 and _NAME.fullmatch(lines[-1]) and not lines[-1].isupper() and len(clauses(lines[0])) == 1:
        lines = lines[:-1]
    whole = fold("\n".join(lines))
    return _INLINE.sub("", whole)


def clauses(text: str) -> list[str]:
    """The clauses of a message, each in plain words with one blank between them."""
    folded = _NOT.sub("nt", fold(text))
    letters = _WORD.findall(folded)
    if len(letters) > 2 and all(len(letter) == 1 for letter in letters):
        folded = "".join(letters)  # S.T.O.P
    parts = (_plain(part) for part in _END.split(folded))
    return [part for part in parts if part]


def _plain(part: str) -> str:
    plain = " ".join(_spelled(word) for word in _WORD.findall(part))
    for pattern, meant in _PHRASES:
        plain = pattern.sub(meant, plain)
    return plain


def _spelled(word: str) -> str:
    word = _STRETCHED.sub(r"\1", word)
    if word.startswith(("unsu", "unsb", "usub", "unub", "nusub", "ubsub")) and not word.endswith(
        ("ed", "er", "ers", "ing")
    ):
        close = SequenceMatcher(None, word, "unsubscribe", autojunk=False).ratio()
        return "unsubscribe" if close >= 0.75 or word == "unsub" else word
    return _SPELLINGS.get(word, word)
