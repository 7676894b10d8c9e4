
let spoken = "nl";

/** Has `say` use another language from now on; Dutch where there are no words in it. */
export function speak(name) {
  spoken = Object.hasOwn(languages, name ?? "") ? name : "nl";
  texts = languages[spoken];
}

/** The language that `say` uses (BCP 47). */
export function language() {
  return spoken;
}

/** The same with the country whose dates and numbers go with it, for `Intl`. */
export function locale() {
  return { nl: "nl-NL", en: "en-GB" }[spoken];
}
