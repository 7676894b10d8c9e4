"""What customers say to a form besides answers, as patterns over normalised words. Pure.

`bot.dialogue.turn_message` says what each stands for.
"""

from __future__ import annotations

import re

BACK = re.compile(
    r"(ga |even |stapje |een stap |1 stap )?(terug|vorige( vraag| stap)?)( gaan| aub| svp)?"
)
LEAVE = re.compile(
    r"(ik wil |wil )?(stop|stoppen|annuleer|annuleren|laat maar( zitten)?|hou maar op|kap maar)"
    r"( hiermee| ermee| maar| aub| svp)?"
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
UNKNOWN = re.compile(
    r"\b(weet (ik )?(het )?(niet|nie)|geen idee|geen \w*nummer|"
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
WITHDRAWS = re.compile(
    r"\b(toch (maar )?niet( meer)?|laat maar|niet (meer )?doen|bedacht|bedenk me|"
    r"(toch )?(maar )?(houden|behouden)|zie er(van)? af)\b"
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
