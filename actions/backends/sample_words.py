"""Words that the sample data is made of."""

from __future__ import annotations

#: Cities and the first postcode digits that are theirs.
PLACES = (
    ("Amsterdam", 1012), ("Alkmaar", 1811), ("Leiden", 2311), ("Den Haag", 2511),
    ("Delft", 2611), ("Rotterdam", 3011), ("Dordrecht", 3311), ("Amersfoort", 3811),
    ("Middelburg", 4331), ("Tilburg", 5011), ("Den Bosch", 5211), ("Maastricht", 6211),
    ("Nijmegen", 6511), ("Apeldoorn", 7311), ("Deventer", 7411), ("Leeuwarden", 8911),
    ("Assen", 9401), ("Almere", 1311),
)  # fmt: skip
STREETS = (
    "Beukenlaan", "Kastanjestraat", "Molenweg", "Schoolstraat", "Stationsweg", "Kerkplein",
    "Wilgenhof", "Parallelweg", "Tuinstraat", "Lindelaan", "Havenkade", "Sportlaan",
    "Nieuwstraat", "Julianaplein", "Veldweg", "Zandpad", "Merelstraat", "Grachtkade",
)  # fmt: skip
#: SA, SD and SS are never issued as the letters of a postcode, so no S here.
LETTERS = "BCDEGHJKLMNPRTVWXZ"
#: What "Pakket & Plug" sells, with prices in euro cents.
ARTICLES = (
    ("Bluetooth-speaker", 5995), ("Regenjas, maat M", 7450), ("Slimme thermostaat", 14900),
    ("Laptoptas 15 inch", 4499), ("Radiatorfolie, 5 meter", 1995), ("Stekkerdoos, 6 stuks", 2250),
    ("Staande lamp", 8995), ("Koffiemolen", 6900), ("Wandelschoenen, maat 42", 11995),
    ("Fleecetrui, maat L", 3995), ("Luchtbevochtiger", 5495), ("Ledlampen, set van 4", 1699),
    ("Waterkoker", 3495), ("Oplaadkabel usb-c", 1299), ("Tochtstrip", 899),
    ("Dekbedovertrek", 4995), ("Draadloze koptelefoon", 9995), ("Stroomverbruiksmeter", 1895),
)  # fmt: skip
