"""What customers say to a form besides answers, as patterns over normalised words. Pure.

`bot.dialogue.turn_message` says what each stands for.
"""

from __future__ import annotations

import re

from bot.dutch import clauses

BACK = re.compile(
    r"(ga |even |stapje |een stap |1 stap )?(terug|vorige( vraag| stap)?)( gaan| aub| svp)?"
)
LEAVE = re.compile(
    r"(ik wil |wil )?(stop|stoppen|annuleer|annuleren|laat maar( zitten)?|hou maar op|kap maar)"
    r"( hiermee| ermee| maar| aub| svp)?"
)
#: Wants the task to go on, in words of its own: "gewoon verder", "ga maar door".
GOES_ON = re.compile(
    r"((ja|nee|ok|oke|nou|dan) )*(ga |doe )?((maar|gewoon|nu|dan|weer|even) )*"
    r"(verder|door|doorgaan|verdergaan|gewoon)( (gaan|maar|graag|hoor|ermee|hiermee|aub|dan))*"
)
#: "Laat hem maar komen", "laat maar avond worden": wants it so, and drops nothing.
LETS_BE = re.compile(
    r"\bla(at|ten)( (het|hem|ze|die|dat|t|mijn|de|\w+))? (maar |gewoon )(\w+ ){0,3}"
    r"(komen|worden|brengen|leveren|ingaan|sturen)\b"
)
#: Asks what may be done another time, also without a question mark, and says nothing else.
ASKS_OF_LATER = re.compile(
    r"\W*(kan|mag|kun|moet) (ik|je) (dan |ook |nog )?(later|tussentijds|altijd|ooit|daarna)\b"
    r"[^,;.!?]*\W*",
    re.IGNORECASE,
)
#: A question that can only be a wish to stop here: "kunnen we hier mee stoppen?".
ASKS_TO_STOP = re.compile(
    r"(kan|kun|kunnen|mag|zullen|wil|wilt) (ik|we|wij|je|u)"
    r"( (er|hier|hiermee|ermee|dit|nu|nog|ook|even|gewoon|mee|alsjeblieft|aub|maar))*"
    r" (stop|stoppen|annuleren|afbreken|ophouden|afsluiten)( (mee|aub|svp|hiermee|ermee))*"
)
CORRECTS = re.compile(
    r"\W*(nee|neen|niet|sorry|oeps|foutje|toch|liever|ik bedoel)\b"
    r"(\W*(nee|sorry|toch|liever|ik bedoel\w*|het is|het moet|doe maar|maak er|wel)\b)*\W*",
    re.IGNORECASE,
)
#: What calls itself a correction; "nee" and "niet" may begin anything.
CALLED_CORRECTION = re.compile(
    r"\b(sorry|oeps|foutje|toch|liever|ik bedoel\w*|het moet|maak er)\b", re.IGNORECASE
)
#: Begins with what is not so.
DENIES_FIRST = re.compile(r"((nee|neen|nou|sorry|maar) )*(niet|nie|geen) ")
UNKNOWN = re.compile(
    r"\b(weet (ik )?(het )?(niet|nie)|weet ik veel|geen idee|geen \w*nummer|"
    r"niet bij de hand|kwijt|heb ik niet|"
    r"heb (die|dat|hem) niet|waar (vind|staat|zie|kan ik)|welk nummer|hoe kom ik aan)\b"
)

WAITS = re.compile(
    r"(ok |ja )?((wacht|moment|momentje|ogenblik|ogenblikje|seconde|sec|secondje)|"
    r"(even|ff|effe|een) (wachten|geduld|kijken|zoeken|moment|momentje|ogenblik|ogenblikje|tel))"
    r"( (even|ff|effe|aub|svp|hoor|graag|a u b))*"
    r"( (ik )?(ga |moet |zoek |pak |kijk )?(het |hem |die |dat )?(nummer |even |ff )*"
    r"(op ?zoeken|op|erbij|zoeken|pakken|kijken|na|nakijken))?"
)
ELSE = re.compile(r"(ik wil |graag )?(wat|iets) anders( graag| aub| vragen)?")
#: Says somewhere in a message that nothing need be done.
#: Behind "laat maar": lets something be done, as "laat maar ophalen" and "laat maar weten" do.
_BE_DONE = (
    r"(?! (?:(?!(?:ik|we|wij|u|het|dat|dit|er)\b)[a-z]+ ){0,3}?"
    r"(?!(?:zitten|rusten|liggen|varen|gaan|lopen|vallen|hangen|even|een|geen|morgen|alleen|tegen|samen|en|ondertussen)\b)[a-z]+en\b)"
)
WITHDRAWS = re.compile(
    rf"\b(toch (maar )?niet( meer)?|laat( (het|dat|dan|nu|ook))* maar{_BE_DONE}|"
    r"niet (meer )?doen|bedacht|"
    r"bedenk me|(toch |maar )(be)?houden|wil \w+ (be)?houden|zie er(van)? af|"
    r"(niks|niets) (meer )?(te )?(wijzigen|veranderen|aanpassen|doen|regelen|verzetten)|"
    r"geen (wijziging|verandering)(en)?|dan (maar |toch |liever )?niet|"
    r"(dat|dit) (wil|wou|wilde) ik( (helemaal|echt|toch|eigenlijk))* niet( meer)?|"
    r"doe( (het|dat|dan|toch|maar))* (maar |toch )niet|"
    r"hoe(f|ft|ven)( (ik|we|u|al|dan|dat|het|eigenlijk|nu|er|toch))* (niet|niks|niets)( meer)?|"
    r"(al|intussen|inmiddels) (opgelost|geregeld|gelukt|gevonden))\b"
    r"|\b(ik|we|wij) (wil|willen|ga|gaan|hoef|hoeven|moet|moeten) (\w+ )?(niks|niets)\b"
)
#: Can only drop something, whatever it names.
AFTER_ALL_NOT = re.compile(r"\btoch maar niet\b")
_STAYS = r"^nee (hoor )?(\w+ ){1,3}(is|vind ik|blijft) (al |ook |wel )?(prima|goed|oke|ok|best)\b"
#: Says that what there is may stay as it is; a value beside it is the one there is.
KEEPS = re.compile(
    r"\b(laat|laten)( \w+){0,4} (staan|zitten|zo)\b"
    r"|\b(laat|laten)( \w+){0,4} doorlopen\b"
    r"|\b(blijft?|blijven|hou|houd|houden)( \w+){0,3} (zo|zoals)\b"
    r"|\bzoals (het|hij|die) (is|was|staat)\b"
    rf"|{_STAYS}"
)
STAYS = re.compile(_STAYS)
BEGINS_WITH_YES = re.compile(r"(ja+|jawel|jazeker|ok|oke|prima|goed|akkoord|klopt) ")
#: A no and nothing else.
NO = re.compile(r"ne+e*n?( hoor)?")
#: Asks for another value: "doe maar zaterdag", "liever vrijdag".
INSTEAD = re.compile(
    r"\b(liever|graag|(doe|doet|maak|zet|kies|neem)( (het|er|dan|hem))* maar (?!niet\b))"
)
#: Begins a clause with what is wanted in the place of what was before it.
OTHERWISE = re.compile(r"(maar|doe|doet|dan|liever|wel|neem|maak|zet)\b(?! (niet|niks|niets)\b)")
#: What a "no" may say besides declining: that something is wrong, or that anything is right.
NOT_DECLINED = re.compile(
    r"\b(klopt?|kloppen|klopte|fout\w*|verkeerd\w*|onjuist\w*|ander\w*|maakt\b.*\buit|voorkeur"
    r"|om het even|geen van|bedoel\w*)\b"
)
_SAID = r"(zei|zeg|vroeg|schreef|gaf|vertelde|typte)"
_WHAT = r"(alleen|gewoon|of|wat|welke?|hoe\w*|waar\w*|wanneer|dus)"
#: Says that one was not understood, or said it before: "dat vroeg ik niet", "zei ik toch net".
OBJECTS = re.compile(
    rf"\b{_SAID} ik( \w+){{0,2}} (niet|net|al|toch|eerder)\b"
    rf"|\b(ik|we) (vroeg|vraag|vroegen|bedoel|bedoelde) {_WHAT}\b"
    r"|\b(ik|we) (wil|wilde|wou)( (alleen|gewoon|graag|dus|wel|eigenlijk|eerst|even|nu))* "
    r"(weten|horen)\b"
    r"|\bik heb( (je|u|jullie|het|dat|die))* (net|al) "
    r"(gezegd|gegeven|verteld|gestuurd|doorgegeven)\b"
    r"|\b(begrijp|snap|lees|luister)(t|en)? (u|je|jij|jullie) (me|mij|het|wel|niet)\b"
    r"|\b(u|je|jij|jullie) (begrijp|snap|luister)(t|en)? (me|mij|het|niet)\b"
    r"|\b(dat|dit) is niet wat ik\b|\bdaar gaat het (niet|mij niet) om\b"
)
#: "Is dat nu gewijzigd of niet", "heb je het al gedaan", "staat het er nu in".
WHETHER_DONE = re.compile(
    r"((en|maar|oke|ok|ja) )*(is|staat|heb|hebt|heeft|zijn) "
    r"(dat|het|dit|die|u|je|jullie|alles)( \w+){0,3} "
    r"(ge\w{2,}[dtn]|aange\w+|door\w+|(ver|ont|be)\w+[dt]|klaar|rond|in orde|erin|er in)( nu)?"
    r"( of niet| of nog niet)?"
)
#: "Klopt dat wel?" behind a summary: what it says is looked at once more.
WHETHER_RIGHT = re.compile(r"\b(klopt|kloppen|juist|correct)\b")
#: Before a day: from when something is to hold. "Vanaf 20 december", "pas ingaan op 1 januari".
EFFECTIVE = re.compile(
    r"\b((pas )?(vanaf|per|met ingang van|ingaan\w*( (op|per|vanaf))?)|pas (op|in))\s+",
    re.IGNORECASE,
)
#: "De grote in plaats van de kleine": what is named last is what there was.
INSTEAD_OF = re.compile(
    rf"\s*\b{clauses.IN_PLACE_OF}\s+(?:(?:de|het|een|mijn|die|dat) )?\S+", re.IGNORECASE
)
#: "Niet kapot maar te klein": only what follows is so.
NOT_BUT = re.compile(
    rf"{clauses.NOT_BUT}(?P<so>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: Begins another wish, beside the one that is agreed to.
ALSO = re.compile(
    r"\W*(?:en|dan|daarna|graag|ook)\b(?=.*\b(?:ook|nog|daarna|daarnaast|erbij)\b)",
    re.IGNORECASE,
)
#: Begins as a complaint does that has the form of a question.
COMPLAINS = re.compile(
    r"\W*(?:en |maar |dus )?(?:waarom|waarvoor|hoezo|hoe kan (?:het|dat|t)"
    r"|hoe (?:komt|is) (?:het|dat)|wanneer|waar blijft|wat is dit)\b",
    re.IGNORECASE,
)
ASKS = re.compile(r"(en |maar )?(wat|hoe|hoeveel|wie|wanneer|waarom|kost|kan|mag|moet|is|zijn)\b")
NONE_OF_THESE = re.compile(
    r"(nee )?((het is |dat is )?geen van (deze|die|dit|beide|allen|allemaal|de (twee|drie|vier))"
    r"|geen (een|enkele)( ervan)?"
    r"|((die|dat|het|hij|mijne|de mijne) )?(staat|zit) er niet (bij|tussen|op)"
    r"|(die|dat|het|hij) (staat|zit) niet in de lijst)( dank (u|je)( wel)?| aub| helaas)?"
)
#: "Waarom wilt u mijn postcode", "waar is dat voor nodig", "wat doet u daarmee".
ASKS_WHY = re.compile(
    r"^(en |maar )?(waarom|waarvoor|hoezo)\b.*\b(wil|wilt|willen|moet|moeten|vraag|vraagt|vragen|"
    r"nodig|weten|geef|geven|heb|heeft|hebben)\b"
    r"|\b(waar|waarvoor) (is|heb|heeft|hebben) .*\b(voor )?nodig\b"
    r"|^(en |maar )?wat (doe|doen|doet|gaat) .*\b(daar|er|hier)?mee\b"
)
#: What turns a yes into a question, a condition or a no.
ATTACHED = re.compile(
    r"\b(maar|mits|tenzij|als|indien|bijna|eerst|niet|geen|behalve|wanneer|zodra|nog niet)\b"
)
SLIP = re.compile(r"\b(oeps|sorry|nee|neen|ik bedoel|bedoel|foutje|correctie)\b", re.IGNORECASE)
#: Words of other languages that Dutch does not have.
FOREIGN = frozenset(
    """the my where please i can't could you your to how when what's with would this
    cancel hello thanks speak english suis voudrais mon mes bonjour où est s'il
    vous plaît merci ich möchte mein wo bitte""".split()
)
FOREIGN_WORDS = 2
#: Words that say that something must end, whatever stands around them.
STOP = re.compile(
    r"\b(\w*stop(pen|t)?|annul\w+|afbreken|breek|cancel\w*|exit|quit|einde|beeindig\w*|nvm|reset|"
    r"hoofdmenu|overslaan|afsluiten|ophouden|hou(d|den)?( \w+){0,3} op|kap(pen)?|opgeven|opnieuw|"
    r"la(at|ten)( \w+){0,2} (maar|zitten)|vergeet( het| dit)?|(niet|geen)( \w+){0,2} meer|"
    r"hie?r ?uit|bedenk me|bedacht)\b"
)
UNSURE = re.compile(
    r"\b(weet (ik )?(het |dat )?(nog |zelf |echt )*(niet|nie)|geen (flauw )?idee|twijfel)\b"
)
_HEDGE = r"(misschien|mss|wellicht|mogelijk|eventueel)"
#: "Misschien", "nou misschien wel", "ja misschien": no word says which of the two.
MAYBE = re.compile(
    rf"((ja|nee|nou|tja|hm+|eh+|uh+|dat|het|ik) )*(zou (best )?kunnen|{_HEDGE})"
    rf"( ({_HEDGE}|wel|niet|ja|nee|hoor|ook))*"
)
