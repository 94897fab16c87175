"""Clauses in English that ask for no more messages, beyond doubt."""

from __future__ import annotations

import re

_LEAD_WORD = (
    r"please|just|ok|okay|hey|hi|hello|yo|sorry|no|nope|nah|yes|yeah|thanks|sir|maam|kindly|now|then|well|omg|wtf"
    r"|ffs|god|damn"
    r"|jesus|lord|dude|bro|man|guys|people|everyone|ugh|seriously|immediately|simply|also|oh|um|uh|hmm|so"
    r"|good (?:morning|day|evening)"
    r"|wrong (?:number|person)|not interested|i m not interested|i am not interested|no thanks|for the \w+ time"
    r"|once (?:again|more)"
    r"|i (?:said|repeat|beg you|am begging you to|m begging you to|demand(?: that)? you|request that you|insist you)"
    r"|(?:can|could|would|will|wont|cant|couldnt|wouldnt) (?:you|someone)(?: guys| people| all)?"
    r"|i (?:would like|d like|want|need|wish|beg|ask|asked|told|have told|have asked|ve told|ve asked|am asking"
    r"|m asking|am telling"
    r"|m telling|order|command|already told|already asked|would appreciate)(?: for)? you(?: guys| people"
    r"| all)?(?: to| would)"
    r"|you(?: guys| people| all)? (?:need to|have to|must|should|better|had better|ve got to|can|may)|(?:i m "
    r"|i am )?asking you(?: to)?"
    r"|do me a favor|for (?:god|gods|christ|heaven)(?: s)? sake|who (?:is|are|s) (?:this|you)|whos this|let s|lets"
    r"|again|already|go ahead|enough|why|how about(?: you)?"
)
_LEAD = rf"(?:(?:{_LEAD_WORD}) )*"
_SELF = (
    rf"(?:{_LEAD_WORD}|(?:i|we) (?:(?:do|really|would|just|will|d|ll|m|am) )*(?:like|want|need|wish|choose|have"
    r"|prefer|asking|request|trying"
    r"|going|ready|decided|love|hereby)(?: to)?|i m trying to|let me|(?:can|may|could|might) i|(?:i )?hereby"
    r"|id like to|i am|i m|i|we) "
)
_TAIL_WORD = (
    r"please|thanks|anymore|again|ever|now|right now|right away|immediately|asap|at once|already|today|at all"
    r"|any longer|forever|for good"
    r"|(?:to|on|at|from) (?:me|us|this|my|here|you|your|now on|ur)(?: (?:number|phone|cell|mobile|line|company"
    r"|store|business|cell phone|people))?"
    r"|here|ok|okay|sir|maam|dude|bro|man|guys|people|wrong (?:number|person)|period|permanently|completely"
    r"|altogether|(?:moving|going) forward"
    r"|in the future|will you|would you|can you|kindly|as well|too|i said|i beg you|with (?:this|these|that|it"
    r"|all this)|via (?:text|sms)"
    r"|god|damn it|dammit|fucking|so|effective immediately|for real|full stop|i m not interested|not interested"
    r"|i am not interested"
    r"|for (?:god|gods|christ|heaven)(?: s)? sake|this is (?:harassment|spam|illegal|a \w+ number)|or i (?:will"
    r"|ll) \w+.*|before i \w+ .*"
    r"|jesus|lol"
)
_TAIL = rf"(?: (?:{_TAIL_WORD}))*"
_ME = (
    r"(?:me|us|this (?:number|phone|cell|line)|my (?:cell |mobile |work )?(?:phone|number|cell|line)(?: number)?"
    r"|here|people|to me|to us"
    r"|to this number|to my phone)"
)
_CONTACTING = (
    r"(?:texting|messaging|contacting|spamming|bothering|harassing|calling|pestering|bugging|annoying|writing"
    r"|disturbing|dming|hounding"
    r"|soliciting|badgering|stalking|blowing up)"
)
_CONTACT = r"(?:text|message|contact|spam|bother|harass|call|pester|bug|annoy|write|write to|disturb|sms|solicit|dm)"
_MESSAGE = (
    r"(?:texts?|messages?|sms|smses|spam|ads?|adverts?|advertisements?|advertising|promos?|promotions?|promotional"
    r"|marketing|notifications?"
    r"|alerts?|offers?|campaigns?|communications?|communication|contact|stuff|things|crap|shit|junk|garbage|bs"
    r"|bullshit|nonsense"
    r"|newsletters?|solicitations?|msg|texting|messaging|spamming)"
)
_ANY = (
    r"(?:the|these|those|this|that|your|any|anymore|more|all|of|stupid|annoying|damn|fucking|freaking|dumb"
    r"|unwanted|unsolicited|constant"
    r"|automated|daily|weekly|such|other|future|further|with|kind|sort|random|silly|bloody|endless|sales|silly"
    r"|ridiculous|goddamn|spam)"
)
_MESSAGES = rf"(?:{_ANY} )*{_MESSAGE}(?: {_MESSAGE})*"
_THESE = (
    rf"(?:{_MESSAGES}|(?:any(?:thing)?|these|those|this|that|it|more|anymore)(?: (?:else|more|of (?:these|this"
    r"|your)))?)"
)
_LIST = (
    r"(?:list|lists|database|data base|system|systems|contacts?|texts?|messages?|campaigns?|group texts?"
    r"|texting(?: list)?|distribution|phonebook"
    r"|subscription|subscriptions|mailing|mailings|directory|rotation|thing|records|files|sms|spam|promotions?"
    r"|marketing|service|program|club|group|chat|thread)"
)
_FROM_LIST = (
    r"(?:(?:off|from|out of|of|on) )+(?:(?:of|your|the|this|that|these|those|all|any|mailing|texting|text|sms"
    r"|marketing|contact|call|calling|phone"
    r"|distribution|message|messaging|spam|damn|fucking|stupid|mass|email|subscriber|customer|group|promo"
    rf"|promotional) )*{_LIST}"
)
_WHO = (
    r"(?:me|us|my (?:cell |phone |mobile )?(?:number|name|contact|contact info|phone|cell|info|details|phone number)"
    r"|this (?:phone |cell )?(?:number|phone|line)|number)"
)

#: Complete wishes; only what stands for politeness may stand around them.
_WHOLE = [
    rf"{_LEAD}(?:stop|quit|cease|discontinue) (?:(?:all|any|the|with the|with) )?{_CONTACTING}(?: {_ME})*(?: "
    rf"{_THESE})?{_TAIL}",
    rf"{_LEAD}(?:stop|quit|cease) (?:sending|pushing|giving)(?: {_ME})*(?: {_THESE})?(?: {_ME})?{_TAIL}",
    rf"{_LEAD}stop (?:text|message|contact|sms|spam)(?: me| us)?{_TAIL}",
    rf"{_LEAD}(?:stop|end|quit|cancel|cease|halt|no more|enough|discontinue|block|disable|turn off)(?: with)? "
    rf"{_MESSAGES}(?: from you)?{_TAIL}",
    rf"{_LEAD}(?:stop|quit) with (?:these|this|those|that|it)(?: {_MESSAGE})?{_TAIL}",
    rf"{_LEAD}(?:(?:i|we) (?:want|need|would like|d like) )?no (?:more )?(?:of )?(?:these |your |this )?"
    rf"{_MESSAGE}(?: from you)?{_TAIL}",
    rf"{_LEAD}no more (?:of )?(?:these|this|your)(?: {_MESSAGE})?{_TAIL}",
    rf"{_LEAD}(?:dont|never)(?: you)?(?: dare)?(?: ever| even| try to)? (?:{_CONTACT})(?: {_ME})?(?: (?:again"
    rf"|anymore|ever))+{_TAIL}",
    rf"{_LEAD}(?:dont|never)(?: ever)? send (?:me |us )?(?!it\b){_THESE}(?: (?:to|from) (?:me|you))?{_TAIL}",
    rf"{_LEAD}(?:i|we) (?:(?:really|just|also|still) )*(?:dont|no longer|never|cant|wont)(?: (?:ever|really|even"
    r"|care))*(?: (?:want|wish|need|like|consent|agree"
    rf"|care|authorize)(?: to)?)(?: (?:get|receive|getting|receiving|see|have|be getting|be receiving))?(?: {_ME})?"
    rf" (?:{_MESSAGES}|these|those|anything from you|(?:any|anymore|more) of (?:these|this|your {_MESSAGE}))(?: "
    rf"{_MESSAGE})?(?: from you)?{_TAIL}",
    rf"{_LEAD}(?:i|we) (?:(?:really|just) )*(?:dont|no longer|never)(?: ever)? (?:want|wish|care|like|need)"
    r"(?: to)? (?:be (?:contacted|texted|messaged|bothered|called|disturbed|spammed"
    rf"|on (?:this|your|the|any) (?:\w+ )?{_LIST})|hear from you|hear anything from you|(?:be )?subscribed){_TAIL}",
    rf"{_LEAD}(?:i|we) (?:(?:really|just) )*(?:dont|never)(?: ever)? want you(?: guys| people| all)? (?:to )?(?:"
    rf"{_CONTACT}|texting|messaging|contacting|calling|send|sending)(?: {_ME})?(?: {_THESE})?{_TAIL}",
    rf"{_LEAD}(?:i|we) (?:would )?(?:want|need|like|d like|wish)(?: all)? (?:these|this|those|the|your)?(?: "
    rf"{_MESSAGE})? ?to stop{_TAIL}",
    rf"(?:{_SELF})*(?:stop|quit|be done|cease) (?:getting|receiving|being sent|hearing from you)(?: "
    rf"{_THESE})?(?: from you)?{_TAIL}",
    rf"(?:{_SELF})*unsubscribe(?: (?:me|us|my (?:phone )?number|my phone|this number|all|now|stop|immediately|from"
    rf"|the|these|this|your|all|of|to|any|everything|you|{_MESSAGE}|{_LIST}))*{_TAIL}",
    rf"(?:{_SELF})*optout(?: (?:me|us|all|of|from|the|these|this|your|any|all|everything|now|future|receiving"
    rf"|getting|my number|{_MESSAGE}|{_LIST}))*{_TAIL}",
    rf"(?:{_SELF})*(?:revoke|withdraw|rescind|cancel)(?:ing)? (?:(?:my|all|any|the|prior|previous) )*(?:consent"
    rf"|permission|authorization)(?: (?:to|for|from|of) .*)?{_TAIL}",
    rf"(?:{_SELF})*(?:remove|take|delete|drop|get|strike|erase|scrub|cut|pull) {_WHO} {_FROM_LIST}{_TAIL}",
    rf"{_LEAD}(?:remove|take|delete|get) {_FROM_LIST}{_TAIL}",
    rf"(?:{_SELF})*be (?:removed|taken off|taken|deleted|unsubscribed|opted out|optout|dropped)(?: {_FROM_LIST})?"
    rf"{_TAIL}",
    rf"{_LEAD}(?:remove|take off) {_WHO}{_TAIL}",
    rf"{_LEAD}(?:take|get) {_WHO} off(?: (?:of )?(?:this|here|it|these|that|there|your {_LIST}))?{_TAIL}",
    rf"{_LEAD}(?:delete|erase|lose|forget) (?:my|this) (?:cell |phone |mobile )?(?:number|num|contact)(?: "
    rf"{_FROM_LIST})?{_TAIL}",
    rf"{_LEAD}(?:refrain|desist) from {_CONTACTING}(?: {_ME})*(?: {_THESE})?{_TAIL}",
    rf"{_LEAD}make (?:it|this|these|them|the (?:texts|messages)) stop{_TAIL}",
    rf"{_LEAD}(?:cancel|end|stop) (?:(?:my|this|the|all|sms|text) )+(?:sms|text|texts|texting|message|messaging"
    rf"|messages|alerts?) ?(?:subscription|service|alerts|program)?s?{_TAIL}",
    rf"{_LEAD}(?:put|place|add) (?:me|us|my number|this number) (?:on|to|in) (?:(?:your|the|a) )*(?:do not"
    rf"|dont) (?:call|contact|text)(?: list)?{_TAIL}",
]  # fmt: skip
#: Not where something else is said as well: "don't text me, call me".
_ALONE = re.compile(
    rf"{_LEAD}(?:dont|never)(?: ever| even)? (?:{_CONTACT} {_ME}|text|message|contact|sms)(?: {_THESE})?{_TAIL}"
    rf"|{_LEAD}(?:leave|let) (?:me|us) (?:(?:the )?(?:fuck|hell|heck|f|f k) )?(?:alone|be|in peace){_TAIL}"
    rf"|{_LEAD}i want out(?: of (?:this|it|here|your {_LIST}|this {_LIST}))?{_TAIL}"
)
_COMPLETE = re.compile("|".join(f"(?:{one})" for one in _WHOLE))

#: So clear that other words may stand around it, where nobody punctuates, unless they turn it round.
_CORE = re.compile(
    rf"\b(?:(?:stop|quit|cease) {_CONTACTING} (?:me|us|this number|my (?:phone|cell|number))"
    r"|(?:stop|quit) sending me (?:(?:these|those|this|your|all|any|more|spam|stupid) )*(?:texts?|messages?|sms"
    r"|spam|promos?|promotions?|ads?)"
    r"|(?:take|get|remove) (?:me|my number|my name|this number) (?:off|from) (?:of )?(?:your|this"
    r"|the) (?:\w+ )?(?:list|database)"
    rf"|dont (?:ever )?(?:text|message|contact|call) (?:me|us|this number)(?: ever)? (?:again|anymore)"
    rf"|never (?:text|message|contact) (?:me|us|this number)(?: ever)? again)\b"
)
#: What turns a wish round, or makes it somebody else's, an older one, or a question.
_TURNED = re.compile(
    r"(?:\b(?:how|when|whether|until|till|did|does|was|were|he|she|they|him|her|them|his|their|we|someone|anyone"
    r"|anybody|reply|respond|example)\b.*"
    r"|\b(?:dont|never|not|didnt|wont|cant|wouldnt|shouldnt|couldnt|isnt)(?: (?:ever|want|ask|asked|say|said|tell"
    r"|told|mean|meant|need|think|you|to"
    r"|wish|have|should|plan|going|planning|intend|please|like))*"
    r"|(?:to|and|will|ll|would|d|should|i|my \w+|why|if|because|who|the|of|thing))$"
)
_NEGATED = re.compile(
    r"\b(?:dont|never|not|didnt|wouldnt|nobody)(?: \w+){0,3} you(?: guys| people| all)?(?: to| would)?$"
)
_STILL = re.compile(
    r"\b(?:(?:want|need|like|asked|told|tell|telling|asking|begging|beg|wish|ask) (?:you|your \w+)(?: guys| people"
    r"| all)? (?:to|would)"
    r"|you (?:need|have|ought|people need|guys need) to|(?:if|unless|why|when) (?:you )?(?:dont|wont|cant|will"
    r"|are)? ?(?:you )?(?:please )?"
    r"|(?:better|got|want) to|(?:you|guys|people) should|times (?:do|must|did) i (?:have to|need to)? ?(?:say"
    r"|tell you to|ask you to))\s?$"
)
#: What limits a wish to a time, a manner or a matter.
_LIMITED = re.compile(
    r" (?:at|so|every|before|after|until|till|when|while|during|in|on|twice|like|about|for|if|unless|because i"
    r"|during|this (?:early|late|often|much)|and|except|but|instead|by)\b"
)
_ALLOWED_AFTER = re.compile(
    r" (?:on (?:this|my)|at (?:this number|all|once)|in the future|for (?:good|god|the love|real)|so i dont)\b"
)


def is_clear(clause: str) -> bool:
    """Whether a clause asks for no more messages, beyond doubt.

    Args:
        clause: from ``clauses``.
    """
    if _COMPLETE.fullmatch(clause):
        return True
    core = _CORE.search(clause)
    if core is None:
        return False
    before, after = clause[: core.start()].strip(), clause[core.end() :]
    if _NEGATED.search(before) or (_TURNED.search(before) and not _STILL.search(before)):
        return False
    return not _LIMITED.match(after) or bool(_ALLOWED_AFTER.match(after))


def is_clear_alone(clause: str) -> bool:
    """Whether a clause asks for no more messages where nothing else is said.

    Args:
        clause: from ``clauses``.
    """
    return _ALONE.fullmatch(clause) is not None
