// Buttons that copy the text of an element: data-copy holds its id, data-done what to say then.

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  button.addEventListener("click", async () => {
    if (await copied(source)) button.textContent = button.dataset.done;
  });
}

async function copied(source) {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    // Over plain http, or not allowed: what is selected can still be copied, here or by hand.
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}
