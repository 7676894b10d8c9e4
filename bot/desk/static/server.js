// Talks to the server: pieces of pages in, acts out. Texts never become HTML here: the browser's own
// parser reads what the server's templates made, and runs no script in it.

import { say } from "./texts.js";

const TIME = 15_000;
const UPLOAD_TIME = 120_000;

/** An act or a page that the server refused. `sentence` is Dutch; `status` 0: not reached. */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.sentence = sentence;
    this.status = status;
  }
}

/** A piece of a page, as a document; its `URL` is where the server led to in the end. */
export function piece(path) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", path);
    request.responseType = "document";
    request.timeout = TIME;
    request.onload = () => {
      if (request.status === 200 && request.response) resolve(request.response);
      else reject(new Refused(sentence(request.status), request.status));
    };
    request.onerror = request.ontimeout = () => reject(new Refused(sentence(0), 0));
    request.send();
  });
}

/** Sends a form's fields; gives back what the server says. `keepalive`: also as the page goes. */
export function act(path, fields, { keepalive = false } = {}) {
  return post(path, new URLSearchParams(fields), {}, TIME, keepalive);
}

/** Sends a file; gives back what the server says. */
export function upload(path, file) {
  const headers = {
    "Content-Type": "application/octet-stream",
    "X-Filename": encodeURIComponent(file.name),
  };
  return post(path, file, headers, UPLOAD_TIME);
}

async function post(path, body, headers, milliseconds, keepalive = false) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRF-Token": token(), ...headers },
      body,
      keepalive,
      signal: AbortSignal.timeout(milliseconds),
    });
  } catch {
    throw new Refused(sentence(0), 0);
  }
  let said = {};
  try {
    said = await response.json();
  } catch {
    // A proxy's own page, say.
  }
  if (response.ok) return said;
  throw new Refused(said.error ?? sentence(response.status), response.status);
}

function sentence(status) {
  return say(`failed.${[0, 401, 403, 404].includes(status) ? status : 500}`);
}

function token() {
  return document.querySelector("meta[name=csrf]").content;
}
