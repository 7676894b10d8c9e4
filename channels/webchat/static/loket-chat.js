// The web chat. On any page one line is enough:
//   <script type="module" src="https://HOST/webchat/loket-chat.js" data-title="..."></script>
// The server gives the rest as one file, whose name changes with what is in it (bundle.py).

import { begin } from "./element.js";

begin(import.meta.url);
