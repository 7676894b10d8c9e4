// What stands beside the messages on a wide screen is folded away on a narrow one, so that they keep
// their room. Without this script it is all there.

const narrow = matchMedia("(max-width: 40rem)");

export function setUpFolds() {
  fold();
  narrow.addEventListener("change", fold);
  document.addEventListener("click", ({ target }) => {
    if (!narrow.matches) return;
    for (const each of document.querySelectorAll("details.fold[open]")) {
      if (!each.contains(target)) each.open = false;
    }
  });
}

/** Folds or unfolds what is new; not what somebody is filling in, as on a phone that is turned. */
export function fold() {
  for (const each of document.querySelectorAll("details.fold")) {
    each.open = !narrow.matches || each.querySelector(".drop[open]") !== null;
  }
}
