"""Recognises danger by words alone: phrases that nobody can mistake, and more without a model.

Words see less than the model does (`bot.core.safety_net`): of messages in other people's words
fewer than half. They hold where nothing else does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from bot.safety.concepts import said
from bot.safety.kinds import KINDS, Kind

#: More of a message than this is not read.
_READ: Final = 2000
_I: Final = r"(?:ik|we|wij|hij|ze|zij|iemand|die)"
#: Up to so many words between two that belong together.
_FEW: Final = r"(?:\w+ ){0,4}"
#: What a fire takes, or smoke comes from; "er brandt een lampje" is none.
_GAS: Final = r"(?:gaslucht|gasgeur|gaslek(?:kage)?|gasalarm|koolmonoxide(?!melder)\w*)"

#: Nobody means anything else by these.
UNMISTAKABLE: Final[Mapping[Kind, str]] = {
    "self_harm": (
        rf"\b(?:wil|wou|zou|hoef) {_FEW}niet (?:meer|langer) (?:verder )?leven\b|"
        r"\b(?:ik wil|wil ik|ik zou) (?:\w+ ){0,2}(?:dood|doodgaan|sterven)\b|"
        r"\bliever dood\b|\bwas ik maar dood\b|"
        r"\bzelfmoo[rd]+t?(?!missie|squad|aanslag)\w*|\bzelfdoding\w*|\bsuicid\w*|"
        rf"\b(?:maak|maken|stap|stappen) {_FEW}(?:er ?een eind(?:e)? aan|uit het leven)\b|"
        r"\been eind(?:e)? (?:\w+ ){0,2}(?:maken )?aan mijn leven\b|"
        r"\bmijn leven (?:heeft geen zin|is niets? (?:meer )?waard)|"
        r"\bmezelf (?:\w+ )?(?:iets aandoen|aandoen|van kant|doden|ophangen)\b|"
        r"\b(?:leven|er) niet meer zitten (?:op|in) (?:de|deze) wereld\b|"
        r"\bhet leven (?:\w+ )?niet meer zitten\b|\bgeen zin meer (?:om te|in het) leven\b|"
        r"\bniet meer wakker worden\b|\bhang mezelf op\b"
    ),
    "child": (
        r"\bkindermishandel\w*|"
        r"\b(?:papa|mama|mijn (?:vader|moeder|stiefvader|stiefmoeder|ouders)) "
        r"(?:slaat|slaan|mishandelt|mishandelen) (?:me|mij|ons|mijn (?:broer|zus)\w*)\b|"
        rf"\b(?:kind|baby|dochter\w*|zoon\w*|peuter|kleuter) (?:\w+ )?(?:is in gevaar|ademt niet|"
        r"stikt|is bewusteloos|is vermist)\b|"
        rf"\b(?:knoopcel|batterij|magneet\w*|pillen) {_FEW}(?:ingeslikt|doorgeslikt)\b"
    ),
    "gas": (
        rf"\b{_GAS}\b(?!.*\b(?:kopen|spreekbeurt|verkopen)\b)|"
        r"\b(?:ruik|ruikt|ruiken|rook|stinkt|riekt) (?:\w+ ){0,5}gas\b|"
        r"\bgas (?:\w+ ){0,2}(?:ruik|ruikt|ruiken|lekt|ontsnapt)\b|"
        r"\b(?:gasmeter|gas(?:leiding|kraan|slang|buis|fles)) (?:\w+ ){0,2}"
        r"(?:lekt?|sist|gescheurd)\b|"
        r"\bco ?(?:melder|alarm) (?:\w+ ){0,3}(?:gaat af|piept|af)\b"
    ),
    "fire": (
        r"\b(?:staat|staan|vloog|vliegt|gevlogen) (?:\w+ )?in (?:de )?(?:brand|fik|lichterlaaie)\b"
        r"|\bin (?:de )?(?:brand|fik) (?:gevlogen|gestaan)\b|"
        r"\b(?:er is|help|hier is) (?:\w+ )?brand\b|^brand$|\bbrand in (?:de|het|mijn|ons)\b|"
        r"\bbrandlucht\b|\bschroeilucht\b|"
        r"\b(?:rook|vlammen|vuur) (?:\w+ )?(?:uit|onder) (?:de|het|mijn|een)\b|"
        r"\b(?:rookalarm|brandalarm) (?:\w+ ){0,2}af\b|\bvlam gevat\b|\bhet huis brandt\b"
    ),
    "electricity": (
        r"\bstroomschok\w*|\b(?:elektrische|electrische) schok\w*|\bgeelektrocuteerd\b|"
        r"\b(?:kreeg|krijg|krijgt|gekregen) (?:\w+ ){0,3}schok(?:ken)? (?:van|door|gekregen)\b|"
        r"\b(?:staat|staan|stond) (?:\w+ )?onder (?:stroom|spanning)\b|"
        r"\bvonken (?:\w+ ){0,2}uit (?:de|het|mijn|een)\b|"
        r"\b(?:blote|losse) (?:stroom)?draden\b"
    ),
    "battery": (
        r"\b(?:fiets|thuis)?(?:accu|batterij|powerbank)\w* (?:\w+ ){0,4}"
        r"(?:gloeiend|bol|opgezwollen|gezwollen|opgeblazen|rookt|sist|ontploft\w*|smelt|"
        r"oververhit|in brand)\b|"
        r"\b(?:bolle|opgezwollen|gezwollen|opgeblazen|hete|gloeiende|lekkende) "
        r"(?:accu|batterij|powerbank)"
    ),
    "violence": (
        r"\b(?:word|wordt|werd|ben) (?:\w+ ){0,3}(?:bedreigd|mishandeld|gestalkt|afgeperst|"
        r"verkracht|aangerand)\b|\bhuiselijk geweld\b|"
        rf"\b{_I} (?:\w+ )?(?:vermoord|vermoorden) (?:je|jou|jullie|u|hem|haar)\b|"
        r"\bik (?:maak|schiet|steek|sla) (?:je|jullie|u|hem|haar) "
        r"(?:\w+ ){0,2}(?:af|dood|neer|overhoop|kapot)\b|\bmet de dood bedreig\w*"
    ),
    "fraud": (
        r"\bphishing\w*|\bidentiteitsfraude\b|\b(?:ben|is|zijn|word|werd) (?:\w+ )?opgelicht\b|"
        r"\b(?:nep|valse|vals|rare|vreemde|verdachte?) ?(?:e ?)?(?:mail\w*|sms\w*|bericht\w*|"
        r"betaalverzoek\w*|telefoontje\w*)\b|\baccount (?:\w+ )?gehackt\b|\bspoofing\b"
    ),
}
#: What is taken for danger besides where no model looks: more is offered than is needed.
WITHOUT_MODEL: Final[Mapping[Kind, str]] = {
    "self_harm": (
        r"\bniet meer (?:zitten|verder leven)\b(?!.*\b(?:wachten|bellen)\b)|"
        r"\ber (?:gewoon |straks |morgen )?niet meer (?:zijn|ben|was)\b|"
        r"\b(?:beter af|klaar) (?:zonder mij|met (?:het )?leven)\b|\bafscheidsbrief\b|"
        r"\b(?:snij|snijd|sneed) (?:\w+ )?mezelf\b|\boverdosis\b|\bgeen uitweg\b|"
        r"\bleven (?:\w+ )?(?:geen zin|zat|moe|beu)\b|\bspring\w* (?:\w+ ){0,3}"
        r"(?:brug|trein|dak|balkon|flat)\b|\bvoor de trein\b"
    ),
    "child": (
        r"\b(?:ik ben|ben) (?:pas |nog maar |een \w+ van )?(?:[5-9]|1[0-5])\b.*"
        r"\b(?:bang|slaat|geslagen|hulp|thuis|weg)\b|"
        r"\bkind(?:eren)?\b.*\b(?:geslagen|slaan|slaat|opgesloten|verwaarloosd|mishandeld|"
        r"gilt?|ingeslikt|vermist|zoek|gevaar)\b|\b(?:zit|zitten) aan (?:mij|me)\b"
    ),
    "gas": r"\brotte eieren\b|\bhoofdpijn\b.*\b(?:ketel|kachel|geiser)\b|\bco ?(?:melder|alarm)\b",
    "fire": (
        r"\b(?:rook|brand|vlammen|vuur|brandweer|ontploft|ontploffing|smeult|fik|fikt)\b"
        r"(?!.*\b(?:lampje|kopen|niet)\b)"
    ),
    "electricity": r"\b(?:schok(?:ken)?|vonk(?:en|t)?|knettert|kortsluiting|optater|opdoffer)\b",
    "battery": r"\b(?:accu|batterij|powerbank)\w*\b.*\b(?:heet|lekt|stinkt|zwelt|dik|ruikt)\b",
    "violence": (
        r"\b(?:sla|trap|steek|schiet|wurg|vermoord|maak) (?:je|jullie|u|hem|haar|die)\b|"
        r"\b(?:slaat|sloeg|bedreigt|bedreigde|stalkt|mishandelt) (?:me|mij|haar|hem)\b|"
        r"\bvallen (?:\w+ )?(?:klappen|doden)\b|\b(?:gaat|gaan) eraan\b|\been bom\b|"
        r"\bniet veilig\b"
    ),
    "fraud": (
        r"\b(?:mail\w*|sms\w*|bericht\w*|app\w*|link|whatsapp)\b.*\b(?:betalen|betaal|bijbetalen|"
        r"overmaken|pincode|bankgegevens)\b|\b(?:oplicht\w*|fraude|scam|gehackt|nep)\b|"
        r"\bop mijn naam\b|\bpincode\b"
    ),
}
_SURE: Final = {kind: re.compile(UNMISTAKABLE[kind]) for kind in KINDS}
_LIKELY: Final = {kind: re.compile(WITHOUT_MODEL[kind]) for kind in KINDS}


def unmistakable(text: str, off: Collection[Kind] = ()) -> Kind | None:
    """The danger in words that nobody can mistake; None: there are none.

    Args:
        text: what the customer typed.
        off: kinds that the organisation switched off.
    """
    return _first(_SURE, said(text[:_READ]), off)


def likely(text: str, off: Collection[Kind] = ()) -> Kind | None:
    """The danger that words alone point to, for where there is no model; None: none."""
    heard = said(text[:_READ])
    return _first(_SURE, heard, off) or _first(_LIKELY, heard, off)


def _first(
    patterns: Mapping[Kind, re.Pattern[str]], heard: str, off: Collection[Kind]
) -> Kind | None:
    found = (kind for kind, pattern in patterns.items() if pattern.search(heard))
    return next((kind for kind in found if kind not in off), None)
