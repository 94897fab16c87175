"""What people write around a score, and what they count: the words behind ``feedback``."""

# ruff: noqa: SIM905, RUF001 - word lists read better as a line of words; other scripts
from __future__ import annotations

import re

from proactive_api.lifecycle.plain import folded

NUMBERS = {
    word: number
    for line in ("one two three four five", "uno dos tres cuatro cinco", "un deux trois quatre cinq")
    for number, word in enumerate(line.split(), 1)
}
#: What may stand before the score: the beginning of "I'd say it was a solid 4, …".
LEAD = (
    r"(?:(?:i|i'd|id|i'll|ill|we|we'd|would|will|say|give|gave|giving|rate|rated|rating|score|scored|you"
    r"|it|this|that|her"
    r"|him|them|a|an|the|my|our|was|is|it's|its|for|me|us|definitely|probably|maybe|only|just|about|solid|easily|full"
    r"|well|hmm+|um+|ok|okay|so|sure|yes|yeah|thanks|thank|thx|hi|hello|hey|of|as|answer|number|experience"
    r"|service|chat"
    r"|conversation|agent|le|un|una|doy|pongo|je|mets|donne|gebe|ein|eine|dear|honestly|overall)[\s,:.!-]+)*?"
)
SCALE = r"\s*(?:/|\\|out\s+of|of|von|de|sur|su|van)\s*(?P<scale>\d{1,3}|five|cinco|fünf|funf|cinq|cinque|vijf)\b"
STARS = r"[\s-]*(?:\bstars?\b|estrellas?|étoiles?|etoiles?|sterne?|stelle|estrelas?|⭐+|\*+|★+|🌟+)"
HEAD = re.compile(
    rf"(?P<lead>{LEAD})#?(?P<score>\d{{1,2}}|{'|'.join(NUMBERS)})(?P<unit>{SCALE}|{STARS})?(?P<rest>(?![\w%]).*)",
    re.DOTALL | re.IGNORECASE,
)
STAR_ROW = re.compile(r"(?P<row>(?:[⭐★🌟]\s*){1,5})(?P<rest>[^⭐★🌟☆]*\w.*)", re.DOTALL)
#: The score after the words, behind a mark or with its scale: "Ada was great! 5", "very slow, 2/5".
TAIL = re.compile(
    rf"(?P<words>\S.*?)(?P<mark>\s*[.!,;:…\n–—-]+\s*|\s+)"
    rf"(?:(?:so|it's|its|a|my|rating|score|i|give|it|i'd|say|is|was|definitely|solid|overall)[\s:]+)*"
    rf"(?P<score>[0-9]|{'|'.join(NUMBERS)})(?P<unit>{SCALE}|{STARS})?[\s.!)]*",
    re.DOTALL | re.IGNORECASE,
)
#: A mark after the score that ends it: what follows is about it. A stop between digits is a decimal, not one.
MARK = re.compile(r"\s*(?:[.!,;:…)(\n]+(?!\d)|\s[-–—]+(?=\s)|[–—]+|[^\w\s.,;:!?'\"()/\\%$€£#&@+*=<>°-]+)")
#: How a sentence about the score begins.
BEGINS = frozenset(
    folded(
        "because bc cause cuz coz cos 'cause since due as but though although however and the my your it"
        " it's its that's"
        " thats this there i i'm im i've ive we he she you they nobody noone no never not nothing everything everyone"
        " every all always very really so too super such pretty quite absolutely totally extremely completely overall"
        " great good bad nice awesome excellent perfect okay ok terrible awful horrible amazing fantastic"
        " poor useless"
        " slow fast quick easy helpful unhelpful friendly rude love loved loving hate hated happy unhappy"
        " disappointed"
        " disappointing best worst wonderful brilliant outstanding superb lovely fine decent average mediocre thanks"
        " thank thx ty cheers well glad sorry wish would could couldn't should just got had didn't"
        " doesn't don't can't"
        " wasn't isn't aren't won't wouldn't your our took waited waiting needs needed helped solved"
        " fixed still almost meh"
        " wow top fab fabulous wrong waste long kind polite professional patient courteous impressed"
        " satisfied ridiculous"
        " потому очень спасибо все всё никто но отлично хорошо плохо ужасно дуже дякую"
        " porque por pero muy la el lo los gracias excelente bueno buena malo mala todo nadie nunca me fue fueron"
        " weil da aber sehr danke der die das ich es er sie niemand keiner war alles nie"
        " parce car mais très tres merci le la les je il elle personne tout c'etait c'était"
        " perché perche ma molto grazie mas muito obrigado obrigada ninguém omdat maar heel"
    ).split()
)
#: Beginnings that a second number or a measure turns into something else: "5 and a half", "2 for tomorrow".
NO_SCORE = re.compile(
    r"\s*(?:(?:and|or|y|o|und|oder|et|ou|to|-)\s+(?:a\s+half|half|\d|one\b|two\b|three\b|four\b|five\b)"
    r"|(?:of|more|of\s+(?:us|them|my|the|you)|all\s+together|in\s+total|the\s+same|as\s+well|at\s+(?:a|\d)"
    r"|por\s+favor)\b"
    r"|(?:please|pls|plz)\b|still\s+(?:missing|left|open|outstanding|to\s+come|not\s+here|available|due)\b"
    r"|(?:just|would|could|should|had|got|i|we|you|what)\s+(?:be|ordered|bought|got|received|wanted|want"
    r"|need|have|asked"
    r"|paid|more|left|arrived|came)\b)",
    re.IGNORECASE,
)
#: What people count in a conversation with a shop; ``one item was missing`` is no rating.
COUNTED = frozenset(
    folded(
        "item package parcel box bag piece order ticket table room seat bed bedroom person people adult"
        " child kid man woman"
        " guest minute min hour hr day week month year night second moment sec time thing question"
        " problem issue star pack"
        " pair size bottle pill ton pound kilo kg lb mile km half percent point dollar euro buck usd eur"
        " am pm o'clock oclock"
        " photo picture message email text call number code letter page part product unit copy more other"
        " others another"
        " last left missing hotel general review restaurant persona personas dia dias minutos horas"
        " semanas boletos entradas"
        " tage stunden minuten wochen leute personen karten personnes jours heures semaines billets"
    ).split()
)
OPINION = re.compile(
    r"\b(?:great|good|bad|nice|awesome|excellent|perfect|terrible|awful|horrible|amazing|fantastic|poor"
    r"|useless|slow|fast"
    r"|quick|easy|help\w*|unhelpful|friendly|kind|rude|love\w*|hate\w*|happy|unhappy|disappoint\w*|best"
    r"|worst|wonderful"
    r"|brilliant|thank\w*|satisf\w*|solved|fixed|nobody|never|ridiculous|waste|recommend|super|wow|well done|polite"
    r"|excelente|gracias|merci|danke|grazie|obrigad[oa])\b",
    re.IGNORECASE,
)
IS_JUDGED = re.compile(
    r"(?:[^\W\d_][\w'.-]*\s+(?:was|is|has|did|does|helped|made|really|got|took|solved|fixed|answered"
    r"|explained|never|didn't"
    r"|wasn't|couldn't|knew|deserves|rocks|rules)"
    r"|[^\W\d_][\w'-]*\s+(?:and|&|y|und|et)\s+[^\W\d_][\w'-]*\s+(?:were|are|was|helped|did|rock)"
    r"|(?:problem|issue|question)\s+(?:solved|resolved|fixed|sorted|answered)"
    r"|(?:service|support|staff|agent|bot|response|communication|customer|delivery|team|driver|technician"
    r"|quality|price"
    r"|experience|food|waiter|chat)\b(?!.*\b(?:please|pls|plz)\b))\b",
    re.IGNORECASE | re.DOTALL,
)
SOLVED = re.compile(r"\s*(?:problem|issue|question)\s+(?:solved|resolved|fixed|sorted|answered)", re.IGNORECASE)
#: "5 for Ada" and "5 stars for the driver", but not "2 for tomorrow".
FOR_SOMEBODY = re.compile(
    r"\s*for\s+(?:her|him|them|your|this|being|ada|(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Tomorrow"
    r"|To|Me\b|Us\b)[A-Z])"
)
#: "1 quick question" counts questions, whatever stands between.
BETWEEN = frozenset(
    "quick good nice great fast easy free best new small big large extra additional simple short really"
    " very little tiny"
    " final next long super".split()
)
#: Words that add nothing to a score.
EMPTY = frozenset(
    folded(
        "thanks thank you thx ty tysm cheers please pls so much very a lot again bye and gracias muchas"
        " merci beaucoup danke"
        " vielen dank grazie obrigado obrigada star stars from me for now all point points then guys dear"
        " i guess think"
        " yes ok okay is my rating answer score number sure hi hello"
    ).split()
)
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
BLANKS = re.compile(r"\s+")
#: Longer than this, nobody puts the score last.
LONGEST_BEFORE = 400
#: A numbered list is no rating.
LIST = re.compile(r"\s*1\s*[.):]\s.*\b2\s*[.):]\s", re.DOTALL)
