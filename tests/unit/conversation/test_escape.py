"""The escape word hands over, and only the escape word."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.conversation.escape import asks_for_person

#: What customers type when they want a person.
ASKS = """\
medewerker
MEDEWERKER!!
medewerkr
mdewerker
medwerker
medewekrer
mede werker
mens
een mens aub
iemand spreken
kan ik iemand spreken
kan ik iemand aan de lijn krijgen
echt persoon
ik wil een echt persoon
collega
human
agent
mag ik een medewerker aub
ik wil geen robot
ik wil een medewerker spreken
verbind me door
verbind mij door met een collega
geef me een medewerker
GEEF ME EEN MENS
i want to speak to a human
can i talk to a real person please
ik praat niet met een robot
geen chatbot aub
is er een medewerker beschikbaar
is er iemand die mij kan helpen
is er nu iemand die mij kan helpen
is er nu een medewerker
kan de klantenservice mij bellen
medewerker graag
ik wil met een mens praten
kan er iemand mij bellen
mag ik een echte medewerker
doorverbinden met medewerker
kunt u mij doorverbinden
ik wil niet met een bot praten
laat me met een mens praten
klantenservice bellen
mag ik met uw collega praten
jullie snappen er niks van, geef me gewoon een medewerker
uw vorige medewerker heeft me niet goed geholpen, ik wil een andere medewerker spreken
nee, medewerker
medewerker svp, ik kom er niet uit
ik kom er niet uit, ik wil graag iemand spreken
ik heb al drie keer mijn nummer ingetypt en het werkt niet dus ik wil graag een medewerker spreken
mederwerker
medewerkerr
medeweker
echt mens
levend persoon
praten met een mens
spreek met een medewerker
Spreek met een medewerker
weg met die robot
mevr mag ik aub een medewerker
liever een mens
kan ik bellen met iemand
👩‍💼 medewerker
mij doorverbinden met een medewerker
ik wil n medewerker
human please
agent please
hallo? is daar iemand
/medewerker
ik wil iemand spreken over mijn factuur
kan ik een medewerker spreken over mijn bestelling pp-100234
ik wil graag met een van uw medewerkers praten
kan ik ook gewoon met iemand bellen
is er ook een echt mens
ik wil iemand aan de telefoon
help me, ik wil een mens
laat mij aub een medewerker spreken want dit werkt niet
mag ik iemand van de klantenservice spreken
hoe kom ik in contact met een medewerker
hoe kan ik een medewerker spreken
waar kan ik een medewerker bereiken
dit werkt niet medewerker
nee nee nee medewerker
stop, medewerker
ik snap het niet medewerker aub
kan ik met een persoon spreken
stuur me door naar een medewerker
doorsturen naar medewerker
ik wil contact met een medewerker
weet je wat, doe maar een medewerker
pff medewerker dan maar
mag ik je baas spreken
ik wil jullie manager spreken
MEDEWERKER NU VERDOMME
medewerker nu verdorie
medewerker, mijn pakket is weg
medewerker ik snap dit niet
mijn pakket is kwijt, waar is het? medewerker!
kap met die bot
m e d e w e r k e r
ik wil een mdwrker
kan iemand mij helpen
bel mij
ik wil bellen
customer service
can I talk to someone
waar is mijn pakket? medewerker!
waar is mijn pakket? een medewerker!
kan ik niet met een medewerker praten
ik word graag teruggebeld
houd op met die bot
kan ik een mens krijgen
medewerker ik heb al drie keer gebeld
medewerker: mijn pakket is weg
bel me op
kan een collega mij helpen
stuur me door naar een collega
ik wil een klacht indienen bij een medewerker
Medewerker. Ik heb al drie keer mijn nummer gegeven en het lukt gewoon niet meer
customer service please
can i speak to customer service
ik wil gebeld worden
kunt u mij bellen
bel me
bel me terug aub
medewerker nu meteen
kap met deze robot
i want to talk to someone
M E D E W E R K E R
M.E.D.E.W.E.R.K.E.R
kan iemand me helpen aub
kan iemand mij even bellen
can someone help me
geef me godverdomme een medewerker
medewerker kut bot
medewerker pls
mdwerker
medewrkr
kunt u mij niet doorverbinden
praat ik met een robot? medewerker!
ik wil bellen over mijn factuur
""".splitlines()
#: Sentences that name a person, or a machine, and ask for something else.
MENTIONS = """\
uw medewerker heeft mij gisteren geholpen, waar is mijn pakket
de medewerker in de winkel zei dat ik het terug kon sturen
ik heb vorige week een medewerker gesproken over mijn factuur
kan iemand anders mijn pakket aannemen
mag mijn buurman het pakket aannemen
mijn collega heeft het pakket aangenomen
kan mijn collega het pakket ophalen
ben je een mens
ben je een mens of een robot
ben je een robot
praat ik met een robot
is dit een chatbot
ik ben medewerker van een ander bedrijf en wil een bestelling plaatsen
waar is mijn pakket
ik wil mijn robotstofzuiger retourneren
ik heb een robotstofzuiger besteld en wil die terugsturen
ik kreeg geen robotstofzuiger maar een mixer
kan ik bij jullie werken als medewerker
ik wil de factuur op naam van een andere persoon
heeft iemand mijn pakket meegenomen
er was niemand thuis
iemand heeft mijn wachtwoord gestolen
ik heb geen medewerker nodig
de bezorger was onbeleefd
abonnement voor twee personen
ik wil een machine terugsturen
de wasmachine werkt niet
hoi
wanneer komt de bezorger, de medewerker zei dinsdag
een medewerker van jullie beloofde dat ik mijn geld terug zou krijgen
wat is het telefoonnummer
ik wil een computer retourneren
ik heb een computer besteld maar hij doet het niet
mijn computer is niet geleverd
iemand anders heeft mijn bestelling
is er iemand overleden dan moet het contract stop
is er nu iemand
is er vandaag iemand
is er zondag nog iemand
is er morgen iemand?
kan de klantenservice zien waar mijn pakket is
kan de klantenservice dat zien
op welke uren kan ik bellen
op welke dagen kan ik jullie bellen
medewerking
ik wil mijn collectie terugsturen
dank voor uw medewerking
mijn pakket is aangenomen door iemand die ik niet ken
kan ik iemand machtigen
ik wil iemand machtigen om mijn pakket op te halen
ik wil een extra persoon toevoegen aan mijn abonnement
wil graag weten of iemand mijn pakket heeft
de bezorger gaf het aan een persoon op straat, ik wil mijn geld terug
er is iemand overleden
kan iemand mijn pakket bij de buren afgeven
jullie medewerker zei dat ik maandag mijn geld kreeg maar ik wil nu weten waar het blijft
ik heb met een medewerker gebeld en die zou mijn retour aanmelden
medewerker zei dat het dinsdag komt
ik sprak gisteren een medewerker
de computer doet het niet ik wil hem terugsturen
kan mijn man het ophalen
mijn moeder is overleden en ik wil haar abonnement stoppen
mag ik een ander persoon op de factuur
ik kreeg een mail van een medewerker dat ik moest betalen, klopt dat
praat ik met een mens
ben ik met een mens aan het chatten
spreek ik met een medewerker
spreek ik met een echt persoon of een computer
ik kan niet inloggen met mijn computer
ik wil niet doorverbonden worden
kan ik het aan een collega laten bezorgen
inloggen lukt niet op de computer
ik krijg geen mail op mijn computer
kunt u de factuur naar een collega sturen
vacature medewerker
niet doorverbinden
de medewerker aan de telefoon heeft mij doorverbonden en toen werd er opgehangen
Beste medewerker, waar is mijn pakket
Geachte medewerker, ik wil mijn abonnement opzeggen
Beste medewerkers, mijn pakket is er niet
Geachte klantenservice, waar blijft mijn bestelling
medewerker heeft mijn pakket laten vallen
medewerker was onbeleefd
medewerker van de winkel was boos
kan de bezorger mij bellen
wil de bezorger mij bellen als hij er is
ik wil bellen met mijn nieuwe telefoon maar dat lukt niet
wat is een medewerker
chat ik met een mens
praat ik nu met een echt mens?
ik heb gebeld
bel mij niet
jullie hoeven mij niet te bellen
hallo medewerker, waar is mijn pakket
kan iemand mij helpen met tillen
ik heb geen klantenservice nodig
ben je van vlees en bloed
kan mijn pakket op 3 december worden bezorgd
ik heb mijn bestelling naar een collega laten sturen
Beste klantenservice
klacht over medewerker
kan een collega het pakket aannemen
mag het naar een collega
hij was niet aardig, de medewerker
een medewerker, ik weet zijn naam niet, heeft het pakket laten vallen
medewerkers waren onvriendelijk
ik wil niet met een mens praten
bel aan bij de buren
beste medewerker, kunt u mij zeggen waar mijn pakket is
kan iemand mij zeggen waar mijn pakket is
ik krijg de app niet op mijn telefoon of computer
hoe laat kan ik bellen
bent u een echte medewerker?
medewerker niet bereikbaar
ik ben al drie keer doorverbonden
ik wil gebeld worden als mijn pakket er is
""".splitlines()


@pytest.mark.parametrize("text", ASKS)
def test_asks(text: str) -> None:
    """Every way of asking is recognised."""
    assert asks_for_person(text)


@pytest.mark.parametrize("text", MENTIONS)
def test_mentions(text: str) -> None:
    """A mention is no request."""
    assert not asks_for_person(text)


@pytest.mark.parametrize("text", ["", "   ", "!!!", "\U0001f600", "\x00", "x" * 100_000])
def test_nothing_to_find(text: str) -> None:
    """Emptiness and noise ask for nobody."""
    assert not asks_for_person(text)


@given(st.text())
def test_never_fails(text: str) -> None:
    """Any text gets an answer, and case and punctuation do not change it."""
    assert asks_for_person(text) in (True, False)


@given(st.sampled_from(["medewerker", "een medewerker aub", "geef me een mens"]), st.data())
def test_shape_does_not_matter(text: str, data: st.DataObject) -> None:
    """Capitals, exclamation marks and spaces around it make no difference."""
    shouted = "".join(data.draw(st.sampled_from([c, c.upper()])) for c in text)
    assert asks_for_person(data.draw(st.sampled_from(["", " ", "\n", "!!"])) + shouted + "!?")


@given(st.integers(0, 9), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_one_slip(position: int, letter: str) -> None:
    """One letter lost or changed in the escape word leaves it recognisable."""
    word = "medewerker"
    assert asks_for_person(word[:position] + word[position + 1 :])
    changed = word[:position] + letter + word[position + 1 :]
    assume(changed not in ("medewerken", "medewerkes"))
    assert asks_for_person(changed)


def test_a_word_of_its_own_is_no_slip() -> None:
    """The word "medewerken" is one letter away, and a different word."""
    assert not asks_for_person("wilt u medewerken")
