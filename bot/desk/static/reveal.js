// A button beside each password field that shows what was typed.

import { say } from "./texts.js";

for (const input of document.querySelectorAll("input[data-reveal]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain reveal";
  button.setAttribute("aria-controls", input.id);

  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = say(shown ? "hide_password" : "show_password");
  };

  show(false);
  button.addEventListener("click", () => show(input.type === "password"));
  // A browser must not remember it as an ordinary word.
  input.form.addEventListener("submit", () => show(false));
  input.after(button);
}
