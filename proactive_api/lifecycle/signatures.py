"""What a phone or a mail program writes under a message by itself: "Sent from my iPhone"."""

# ruff: noqa: RUF001 - other scripts
from __future__ import annotations

import re
import unicodedata

#: What such a line says, before the device: in the languages in which phones and mail programs ship it.
_SENT = (
    r"sent (?:from|via|by|on|with|using)", r"typed on", r"written on", r"composed on",
    r"enviad[oa]s? (?:desde|de|do|da|con|com|a partir d[oea]|pel[oa]|por)", r"enviat (?:des de[l]?|amb)",
    r"envoyé(?:e)? (?:de|depuis|à partir d[eu]|avec|via|par)", r"gesendet (?:von|mit|über|via|aus)",
    r"verschickt (?:von|mit)", r"(?:diese nachricht )?wurde (?:von|mit)",
    r"inviat[oa] (?:da|dal|dall['’]|con|tramite)", r"(?:verzonden|verstuurd|verstuurt) (?:vanaf|van|met|via|vanuit)",
    r"skickat (?:från|via|med)", r"sendt (?:fra|via|med)", r"lähetetty", r"wysł(?:ane|ano|any) (?:z|ze|przy|za)",
    r"(?:odesláno|odoslané|posláno) (?:z|ze|zo)", r"trimis (?:de pe|din|de la|cu)", r"elküldve",
    r"poslano (?:s|sa|z|iz)", r"poslato sa?", r"στάλθηκε από", r"εστάλη από", r"отправлено (?:с|со|из|через)",
    r"(?:надіслано|відправлено) (?:з|із|зі|через)", r"изпратено от", r"(?:đã|được) gửi từ",
    r"dikirim (?:dari|melalui)", r"ส่งจาก", r"[发發来來傳传]送?自(?:我的)?", r"[從从]我的",
    r"(?:تم الإرسال|أ?ُ?رسلت|مرسلة?|أرسل) من", r"נשלח (?:מה|מ)?",
)  # fmt: skip
#: What it says after the device, in languages that put it first: "Von meinem iPhone gesendet", "iPhoneから送信".
_SENT_AFTER = (
    r"gesendet", r"verschickt", r"から送信(?:しました|されました)?", r"(?:에서|으로|로) (?:보냄|보낸 메시지|전송됨?)",
    r"gönderildi", r"(?:el)?küldve", r"से भेजा गया", r"[傳发發]送的?",
)  # fmt: skip
_BRAND = (
    r"(?:i-?phon|i-?pad|ipod|apple ?watch|macbook|android|samsung|galaxy|huawei|honor\b|xiaomi|redmi|poco\b|oneplus"
    r"|pixel|nokia|motorola|moto\b|lg\b|sony|xperia|htc\b|oppo\b|vivo\b|realme|nothing phone|fairphone|blackberry"
    r"|windows|outlook|hotmail|yahoo|gmail|aol\b|gmx|web\.de|t-?online|proton ?mail|thunderbird|mailbird|aqua ?mail"
    r"|blue ?mail|verizon|at&t|t-mobile|vodafone|мобильной почты|яндекс)"
)
#: Anybody may write of a phone; a signature says whose it is.
_OWN = (
    r"\b(?:my|mi|meu|mon|meinem|mio|mijn|min|mojego|mého|моего|我的|mojej|מהטלפון|minun)\s?(?:[\w&+-]+,?\s){0,4}?"
    r"(?:smart ?phone|(?:mobile |cell ?|hand)?phone\b|mobile?\b|cell\b|tablet|device|handy\b|móvil|celular"
    r"|téléphone|portable|cellulare|tel[eé]fon|telemóvel|mobiel|puhelim|mobil|телефон|смартфон|手机|手機|携帯)"
)
_DEVICE = rf"(?:{_BRAND}|{_OWN})"
_GET = (
    r"(?:get|download|obtener|obtén|obtenga|descargar|obter|obtenha|baix(?:ar|e)|transferir|télécharge[rz]"
    r"|obten(?:ez|ir)|hol(?:en sie sich|e dir)|ottieni|scarica|hämta|hent|skaff(?: deg)?|få|hanki|pobierz"
    r"|získa(?:t|jte|ť)|obțineți|скачать|получить|отримати|загрузить|indir|下载|下載|获取|取得)"
)
_PROGRAM = r"(?:outlook|yahoo mail|blue ?mail|aqua ?mail|proton ?mail|gmail|my ?mail|type ?app|spark)"
_PLATFORM = r"(?:ios|android|mac(?:os)?|windows|iphone|mobile?)"
_ADVERTISED = rf"(?:{_GET}\s?[\w'’]{{0,3}}\s?)?{_PROGRAM}\s[\w ]{{1,12}}?\s?{_PLATFORM}\b"
_LEAD = r"[\s>*_~–—-]*"
_TAIL = r"[^\n]{0,60}"
_FLAGS = re.IGNORECASE
_BEFORE_DEVICE = rf"(?:{'|'.join(_SENT)})[^\n.!?]{{0,30}}?{_DEVICE}"
_AFTER_DEVICE = rf"[^\n.!?]{{0,40}}?{_DEVICE}[^\n.!?]{{0,20}}?(?:{'|'.join(_SENT_AFTER)})"
_LINE = re.compile(rf"{_LEAD}(?:{_BEFORE_DEVICE}{_TAIL}|{_ADVERTISED}{_TAIL}|{_AFTER_DEVICE}[\s.!*_]*)", _FLAGS)
#: On the same line as the message the opener has to look like the beginning of a sentence, and the device ends it.
_INLINE = re.compile(
    rf"(?<=\S)[\s,;:–—-]+(?:(?:{'|'.join(_SENT)})\s?[\w ,'’-]{{0,20}}?{_DEVICE}|{_GET}\s{_PROGRAM}\s\w+\s{_PLATFORM})"
    rf"[\w ,'’+-]{{0,20}}[.!\s]*$",
    _FLAGS,
)
_RULE = re.compile(r"\s*(?:--+|__+|—+|–+|\*\*+|==+)\s*")
#: Beyond this, what stands under a rule of dashes is no signature.
_MOST_LINES, _LONGEST_LINE = 4, 60


def without_signature(text: str) -> str:
    """Take off what a phone or a mail program wrote under the words by itself.

    Known are lines such as "Sent from my iPhone" and "Get Outlook for iOS" in the languages in which phones ship them,
    and up to four short lines under a rule (``--``), as mail programs write them.

    Args:
        text: the message as it arrived.

    Returns:
        The words without it; ``text`` itself where there is none, or where nothing else would be left.
    """
    plain = unicodedata.normalize("NFC", text)
    bare = _without_inline(_without_lines(plain))
    return text if bare == plain or not bare.strip() else bare.rstrip()


def _without_lines(text: str) -> str:
    lines = _without_block(text.splitlines())
    found = False
    while lines and (not lines[-1].strip() or _LINE.fullmatch(lines[-1]) or (found and _RULE.fullmatch(lines[-1]))):
        found = found or bool(lines[-1].strip())
        lines.pop()
    return "\n".join(lines) if found or len(lines) < len(text.splitlines()) else text


def _without_block(lines: list[str]) -> list[str]:
    """The lines above a rule of dashes, where what follows is as short as a signature."""
    for at, line in enumerate(lines):
        below = [one for one in lines[at + 1 :] if one.strip()]
        short = len(below) <= _MOST_LINES and all(len(one) <= _LONGEST_LINE for one in below)
        if at and line.strip() in ("--", "—") and below and short:
            return lines[:at]
    return lines


def _without_inline(text: str) -> str:
    found = _INLINE.search(text)
    if found is None:
        return text
    opener = found.group().lstrip(" \t\n,;:–—-")
    begins_sentence = opener[:1] != opener[:1].lower() or opener[:1] == opener[:1].swapcase()
    return text[: found.start()] if begins_sentence else text
