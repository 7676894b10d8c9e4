"""The words and turns of phrase behind the escape word; `bot.conversation.escape` combines them.

All patterns are matched against normalised text: lower case, no accents or punctuation, words
separated by one space.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

#: Words that name a person to talk to. Long ones may be misspelt (see `is_person`).
PERSON = frozenset(
    """medewerker medewerkers medewerkster medewerksters mederwerker medewerkr mens mensen persoon
    personen iemand someone somebody collega collegas human agent agents person operator
    klantenservice klantenservicemedewerker klantenservicemedewerkster servicemedewerker helpdesk
    helpdeskmedewerker supervisor teamleider manager baas baliemedewerker adviseur adviseuse
    representative""".split()
)
#: Everyday words: they need a verb of talking, not just any wish.
WEAK = frozenset(
    """iemand someone somebody mens mensen persoon personen person collega collegas manager baas
    helpdesk""".split()
)
#: Weaker still: alone with filler they ask for nobody.
ANYONE = frozenset({"iemand", "someone", "somebody"})
#: Words that name the machine.
MACHINE = frozenset(
    """robot robots bot bots chatbot chatbots computer machine ai robotje automaat
    chatrobot assistent aiassistent""".split()
)
#: Persons whose name is long enough that one or two slips leave it recognisable.
_MISSPELLABLE = (
    "medewerker",
    "medewerkers",
    "medewerkster",
    "collega",
    "persoon",
    "klantenservice",
)
#: Ordinary words that lie within the edit distance of a word above.
_LOOKALIKES = frozenset(
    """bewerker medewerking medewerkt meewerken medewerken collegas collectie college persoons
    personeel""".split()
)
#: The escape word without its vowels, as some write on a phone: "mdwrker".
_CONSONANTS = re.compile(r"mdwrkrs?")
#: Words that add nothing to a bare request.
FILLER = frozenset(
    """een de het n echte echt levende levend aub svp graag alstublieft alsjeblieft please pls plz a
    real met naar van bij ff even eens nu direct meteen onmiddellijk gewoon hallo hoi hey
    goedemorgen goedemiddag goedenavond dag ja nee ok oke wel maar toch dan en of om te mij me mn
    mijn ik jullie u uw dank dankjewel bedankt snel gauw hier via service contact live meer andere
    ander menselijke menselijk persoonlijk persoonlijke to the for an i want need can speak talk doe
    geef krijgen mag kan wil verdomme verdorie godverdomme gvd potverdorie jezus shit fuck fucking
    kut""".split()
)
#: Someone is asked for, when a person's word follows or precedes.
WISH = re.compile(
    r"\b(wil|wilt|wou|wilde|willen|mag|kan|kunt|kun|kunnen|graag|liever|zou|zoek|vraag|verbind|"
    r"verbinden|doorverbind\w*|doorverbonden|doorverwij\w*|doorgeschakel\w*|schakel|spreek|spreken|"
    r"praten|praat|bellen|chatten|contact|nodig|geef|geeft|haal|roep|behoefte|want|need|speak|talk|"
    r"connect|give|doe|stuur|doorsturen|please|aub|svp|alstublieft|alsjeblieft)\b"
)
#: Talking to: these verbs make the person the one who is spoken to.
TALK = re.compile(
    r"\b(spreken|spreek|praten|praat|doorverbind\w*|doorverbonden|verbind|verbinden|verbonden|"
    r"overleggen|chatten|contact|doorgeschakel\w*|schakel|schakelen|doorverwij\w*|bellen|gebeld|"
    r"telefoon|telefonisch|lijn|speak|talk|connect)\b"
)
#: A wish that is about now, whatever else the message tells.
WANTS_NOW = re.compile(r"\b(wil|wou|mag|kan ik|liever|graag|verbind)\b")
#: Put me through: a request that needs no word for a person beside it.
PUT_THROUGH = re.compile(
    r"\b(doorverbind\w*|doorverbonden|doorgeschakeld|(door)?schakel\w* (me|mij) door|"
    r"(verbind|stuur|zet) (me|mij|ons)( \w+)? door)\b"
)
#: Was put through, or does not want to be. "Kunt u mij niet doorverbinden" is a polite request.
NOT_PUT_THROUGH = re.compile(
    r"\b(heeft|had|hebben|hadden|ben|werd|was) (\w+ ){0,4}(doorverbonden|doorgeschakeld)\b"
    r"|^(?!.*\b(kan|kunt|kun|kunnen|waarom)\b).*"
    r"\bniet (\w+ ){0,2}(doorverbind\w*|doorverbonden|doorgeschakeld|doorschakel\w*)\b"
)
#: Is anybody there.
ANYBODY = re.compile(
    r"\bis (er|daar|hier)( \w+)? (een |n )?(echte? )?"
    r"(medewerker|mens|persoon|collega|agent|iemand)\b"
    r"(?! (thuis|overleden|ziek|anders|langs|die dit))( \w+)?"
    r"( (beschikbaar|aanwezig|vrij|die|daar))?"
)
#: Requests for help or a call from nobody in particular; they count when nothing else is said.
SOMEONE = re.compile(
    r"\b((kan|kunnen|wil|zou|is) (er )?(iemand|een collega)( van jullie)? (mij|me|ons)( \w+)? ?"
    r"(helpen|bellen|terugbellen|te woord staan)"
    r"|(can|could) (someone|somebody) (help|call)( me)?|call me|bel (mij|me|ons)"
    r"|(kunt|kun|kan|kunnen|wilt|wil) (u|je|jij|jullie) (mij|me|ons) ((even|ook) )*(terug)?bellen"
    r"|kan ik (jullie |u |je )?(ook |even )?bellen"
    r"|wil (graag |liever |gewoon |even |nu |jullie |u )*(terug)?(bellen|gebeld( worden)?)"
    r"|word (graag |liever )*(terug)?gebeld)\b"
)
#: "Kunnen jullie mij morgen bellen?": a clause of its own, also in a longer message; but not
#: "... als het klaar is".
CALL_ME = re.compile(
    r"\b(kunt|kun|kan|kunnen|wilt|wil|zou|zouden|zoudt) (u|je|jij|jullie) (mij|me|ons) "
    r"(?!niet meer)(\w+ ){0,4}(terug|op)?bellen\b(?! (als|zodra|wanneer|voordat|voor)\b)"
)
#: What may follow such a request: when, or what about.
AFTER_SOMEONE = re.compile(r"(over|want|op|terug|vandaag|morgen|zsm|zo snel)\b")
#: A question about the one who answers here, no request: "praat ik met een mens?"
CHALLENGE = re.compile(
    r"^(ben je|bent u|ben jij) (een |n )|\b(praat|spreek|chat|app) ik\b.*\bmet\b"
    r"|\bben ik (nu |hier )?met\b.*\baan het (chatten|praten)"
    r"|\bzit ik (nu |hier )?met\b.*\bte (chatten|praten)|\bheb ik (nu |hier )?contact met\b"
)
#: When can somebody be reached: a question about opening hours.
HOURS = re.compile(r"\b(hoe laat|hoe vroeg|wanneer|tijden|openingstijden)\b")
#: A colleague of the customer's own, or a job: no person to talk to here.
NOT_OURS = re.compile(
    r"\b((mijn|mn|onze)|(als|ben|was)( een)?) (medewerkers?|medewerkster|collegas?|manager|baas)\b"
)
#: A department that can or cannot see something is asked about, not asked for.
ABLE = re.compile(
    r"\b(kan|kunnen|kon|ziet|weet|heeft) ((de|uw|jullie|een|n) )?(klantenservice|helpdesk) "
    r"((dat|dit|die|ook|wel|nu|hier|gewoon|al|niet) )*"
    r"(zien|inzien|zie|weten|vinden|volgen|bekijken|opzoeken|nakijken|terugzien|terugvinden)\b"
)
#: "Is er nu iemand" asks for the opening hours; "is er nu een medewerker" for a person.
ANYBODY_NOW = re.compile(
    r"is (er|daar|hier) (nu|nog|vandaag|vanavond|vanmiddag|morgen|overmorgen|straks|\w+dag) iemand"
    r"( nog| nu)?"
)
#: A colleague as an address; counts as one of ours only where somebody is to be talked to.
TO_COLLEAGUE = re.compile(r"\b(aan|naar|bij|voor|door) (een |n )?collegas?\b")
JOB = re.compile(r"\b(vacatures?|baan|sollicit\w*|functie|stage|bijbaan\w*)\b")
#: How a letter or mail opens: "Geachte medewerker".
SALUTATION = re.compile(
    r"\b(beste|geachte|lieve|waarde) (\w+ )?(medewerk\w+|collegas?|klantenservice|helpdesk|"
    r"manager|mensen|persoon|adviseur)\b"
)
GREETINGS = frozenset("hallo hoi hey dag goedemorgen goedemiddag goedenavond goedendag".split())
#: A person who already did something: a mention, not a request.
MENTION = re.compile(
    r"\b(uw|jullie|je|die|deze|zn|zijn|haar|dezelfde|vorige|eerdere)\s+(\w+\s+)?(medewerkers?|"
    r"medewerkster|collega|collegas|klantenservice|helpdesk|agent|manager|adviseur)\b"
    r"(?=.*\b(heeft|had|hebben|hadden|zei|zeiden|zegt|vertelde|beloofde|stuurde|gaf|was|is|werd|"
    r"hielp|heb|sprak|gesproken|kwam|liet|ging|geholpen|gezegd|beloofd)\b)"
)
PAST_TALK = re.compile(
    r"\b(gesproken|sprak|gebeld|belde|geholpen|gehad|gehoord|verteld|gezegd|zei|beloofd|beloofde)\b"
)
#: What an employee who is told about does or is: follows on "medewerker" that opens a message.
TOLD = re.compile(
    r"(van|in|aan|bij|op|uit|die|der|met|wil|wilde|kan|kon|doet|deed|moet|moest|zegt|snapt|snapte|"
    r"nam|hing|komt|kwam|geeft|gaf|vindt|vond|niet|onbeleefd|onvriendelijk|was|waren|is|zijn|werd|wordt|"
    r"worden|gezocht)\b"
    r"|.*\b(heeft|hebben|had|hadden|zei|zeiden|vertelde|beloofde|stuurde|hielp|sprak|gesproken|liet|ging|"
    r"geholpen|gezegd|beloofd)\b"
)
REFUSES_MACHINE = re.compile(
    r"\b(geen|niet|stop|weg|genoeg|kap|kappen|houd? op)\b(\s+\w+){0,4}?\s+"
    r"(robots?|bots?|chatbots?|chatrobot|(?P<device>computer|machine|automaat|ai|assistent))\b"
)
#: A device is refused as a partner to talk with only beside one of these.
CONVERSES = re.compile(r"\b(praat|praten|spreek|spreken|chat|chatten|gesprek|talk|speak)\b")
#: A person's word behind one of these belongs to the sentence, it does not stand alone.
LINKS = frozenset(
    "een n de het van door aan bij met voor over als is was uw jullie je die deze geen".split()
)
#: Sentences beyond this many words ask only in so many words.
SHORT = 9


@lru_cache(maxsize=4096)
def is_person(word: str) -> bool:
    """Whether a normalised word names a person to talk to, slips of the keyboard included."""
    return word in PERSON or is_escape_word(word) or _misspelt(word, _MISSPELLABLE)


@lru_cache(maxsize=4096)
def is_escape_word(word: str) -> bool:
    """Whether a normalised word is "medewerker" or one of its shapes."""
    if _CONSONANTS.fullmatch(re.sub("[aeiou]", "", word)):
        return True
    return (word.startswith("medewerk") and word in PERSON) or _misspelt(word, _MISSPELLABLE[:3])


def _misspelt(word: str, targets: tuple[str, ...]) -> bool:
    """Whether a word is a slip of the keyboard away from one of the targets.

    One slip (a letter too many, missing, changed or swapped) up to eight letters, two beyond.
    """
    if word in _LOOKALIKES or len(word) < 6:
        return False
    for target in targets:
        allowed = 1 if len(target) <= 8 else 2
        if OSA.distance(word, target, score_cutoff=allowed) <= allowed:
            return True
    return False
