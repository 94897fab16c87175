"""The number that somebody chose, in digits or words, with what people write around it."""

# ruff: noqa: SIM905, RUF001 - word lists read better as a line of words; other scripts
from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from proactive_api.lifecycle.plain import folded

_COUNTED = (
    "one two three four five six seven eight nine ten",
    "first second third fourth fifth sixth seventh eighth ninth tenth",
    "uno dos tres cuatro cinco seis siete ocho nueve diez",
    "primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo",
    "primera segunda tercera cuarta quinta sexta septima octava novena decima",
    "un deux trois quatre cinq six sept huit neuf dix",
    "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme",
    "eins zwei drei vier funf sechs sieben acht neun zehn",
    "erste zweite dritte vierte funfte sechste siebte achte neunte zehnte",
    "uno due tre quattro cinque sei sette otto nove dieci",
    "um dois tres quatro cinco seis sete oito nove dez",
    "een twee drie vier vijf zes zeven acht negen tien",
    "ett tva tre fyra fem sex sju atta nio tio",
    "jeden dwa trzy cztery piec szesc siedem osiem dziewiec dziesiec",
    "один два три четыре пять шесть семь восемь девять десять",
    "первый второй третий четвертый пятый шестой седьмой восьмой девятый десятый",
    "один два три чотири п'ять шість сім вісім дев'ять десять",
    "bir iki uc dort bes alti yedi sekiz dokuz on",
    "一 二 三 四 五 六 七 八 九 十",
    "하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열",
    "واحد اثنان ثلاثة اربعة خمسة ستة سبعة ثمانية تسعة عشرة",
    "אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע עשר",
)
#: English words that are numbers elsewhere.
_NO_NUMBERS = frozenset("on due un um sex een sei bes".split())
_NUMBER_WORDS: Mapping[str, int] = {
    word: number
    for line in reversed(_COUNTED)
    for number, word in enumerate(folded(line).split(), 1)
    if word not in _NO_NUMBERS
}
#: Politeness and the like, which makes no other choice of a choice. As ``plain.folded`` writes them.
POLITE = frozenset(
    folded(
        "please pls plz plss plse plx pleas thanks thank you thankyou thanx thx thnx tnx tks ty tysm tyvm cheers kindly"
        " i'd i'll i ill i'm want choose pick take like would lol haha hehe sir ma'am madam"
        " por favor porfa porfavor gracias muchas quiero s'il vous te plaît plait svp stp merci beaucoup je veux"
        " bitte danke dankeschön dankeschon vielen dank gerne ich möchte nehme per favore piacere grazie mille vorrei"
        " obrigado obrigada quero alstublieft alsjeblieft aub bedankt graag tack tak takk kiitos"
        " proszę dziękuję dzięki prosím děkuji díky пожалуйста спасибо будь ласка дякую прошу"
        " lütfen teşekkürler teşekkür ederim sağol terima kasih tolong תודה בבקשה شكرا شكراً فضلك من धन्यवाद कृपया"
        " 谢谢 謝謝 请 請 ありがとう お願いします ください 감사합니다 주세요"
    ).split()
)
#: Words found in too many titles to point at one.
COMMON = frozenset("a an the to of and or is it me my i you your for in on at be do with this that".split())
#: What people say about a number that they choose.
_CHOOSING = frozenset(
    folded(
        "the a my your number num nr option opt reply choice answer selection select selected choosing chose it's its"
        " it is that's thats be me for go going with just then so much very let's lets guess think definitely"
        " el la los las número numero opción opcion respuesta mi es elijo escojo le numéro réponse choix mon c'est"
        " prends die der das den nummer antwort meine ist nehmen wähle il lo risposta opzione scelgo è o a opção"
        " escolho minha de het optie antwoord kies numer opcja wybieram номер вариант ответ выбираю варіант відповідь"
        " numara seçenek й я ой ий الخيار رقم אפשרות מספר"
    ).split()
)
#: Greetings and assent; where a title has such a word, the word may be meant.
_SOFT = frozenset(
    "ok okay okey k yes yep yeah yea yup sure hi hello hey hola bonjour hallo salut ciao ola great perfect good cool"
    " alright fine si oui ja sim da well um hmm done there all".split()
)
#: Chinese, Japanese, Korean and Thai write politeness and counters without blanks.
_JOINED = "\u0e00-\u0e7f\u3005-\u30ff\u4e00-\u9fff\uac00-\ud7af"
_JOINED_AROUND = re.compile(
    "(?:第|番目?|号|號|个|個|项|項|번째?|选择|選擇|选|選|请|請|我|要|谢谢|謝謝|を|で|が|に|の|は|お願い|おねがい|致します|いたします|します"
    "|ください|下さい|ありがとう|ございます|です|이요|예요|입니다|요|으로|로|할게|주세요|감사합니다|부탁|드립니다|드려요|해주세요"
    "|ครับ|ค่ะ|คะ|ขอ|ขอบคุณ|ข้อ|เลือก)+"
)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_PREFIX = re.compile(r"(?<!\w)(?:n[or]?|num|nr|opt)\s?[.°º]*\s?(?=\d)")
_DIGITS = re.compile(
    r"(?:option|opt|number|nummer|numero|no|nr)?(\d{1,2})"
    r"(?:st|nd|rd|th|o|a|e|er|re|eme|de|nde|do|da|ro|ra|to|ta|te|ter|tes|й|я|ой|ий|ая|ое)?"
)
#: More than one number, a sum, a time, an amount: no choice.
_OTHER_FIGURE = re.compile(r"\d\s*[.,:/–—-]\s*\d|(?<![\w-])[-+−]\d|\d\s*[%$€£¥+]|[$€£¥]\s*\d")


def chosen_number(text: str, titled: Collection[str]) -> int | None:
    """The number that a message consists of, if it says nothing else.

    Args:
        text: the person's own words (``plain.own_words``).
        titled: words of the titles to choose from, folded; where they occur in the message they may mean themselves.
    """
    words = _tokens(text)
    if words is None:
        return None
    read = [(word, _as_number(word)) for word in words]
    in_digits = {number for word, number in read if number is not None and word not in _NUMBER_WORDS}
    named = {number for word, number in read if word in _NUMBER_WORDS and word not in titled and number is not None}
    # "the second one": the one is no number where there is another.
    numbers = in_digits | (named - {1} if named | in_digits > {1} else named)
    around = all(number is not None or _is_around(word, titled) for word, number in read)
    lost = any(word in titled for word in words if word in _NUMBER_WORDS)
    return numbers.pop() if len(numbers) == 1 and around and not lost else None


def numbers_in(text: str) -> Iterator[tuple[int, str]]:
    """Each number in digits that stands alone in a message, with the words around it: ``2. Talk`` is 2, ``Talk``."""
    for found in re.finditer(r"(?<![\w.,:/$€£-])#?(\d{1,2})(?:st|nd|rd|th)?(?![\w%]|[.,:/]\d)", text):
        before = re.sub(r"(?:#|\b(?:number|option|no|nr)\b\.?)\s*$", "", text[: found.start()], flags=re.IGNORECASE)
        yield int(found.group(1)), f"{before} {text[found.end() :].lstrip(' .):-')}"


def _tokens(text: str) -> list[str] | None:
    spread = _PREFIX.sub("", folded(text)).replace("第", " ")
    if _OTHER_FIGURE.search(spread):
        return None
    return _TOKEN.findall(re.sub(rf"(?<=\d)(?=[{_JOINED}])|(?<=[{_JOINED}])(?=\d)", " ", spread))


def _as_number(word: str) -> int | None:
    found = _DIGITS.fullmatch(word)
    return int(found.group(1)) if found else _NUMBER_WORDS.get(word)


def _is_around(word: str, titled: Collection[str]) -> bool:
    if word in POLITE or word in _CHOOSING:
        return True
    return (word in _SOFT and word not in titled) or _JOINED_AROUND.fullmatch(word) is not None
