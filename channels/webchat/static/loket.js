// The web chat for a page that cannot name a module; one line is enough here, too:
//   <script src="https://HOST/webchat/loket.js" data-title="..."></script>
// `loket.open()` and the others can be called at once: they are done when the chat is there.

(() => {
  const { currentScript } = document;
  const calls = [];
  const later = (name) => (...values) => new Promise((resolve, reject) => {
    calls.push({ name, values, resolve, reject });
  });
  window.loket = { calls };
  for (const name of ["open", "close", "send", "identify"]) window.loket[name] = later(name);
  const module = document.createElement("script");
  module.type = "module";
  module.src = new URL("loket-chat.js", currentScript.src);
  module.nonce = currentScript.nonce;
  Object.assign(module.dataset, currentScript.dataset);
  document.head.append(module);
})();
