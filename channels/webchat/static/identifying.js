// Which customer the page says is there. The page's last word counts, whichever answer comes last.

export class Identifying {
  #line;
  #alive;
  #said = 0; // how often the page said something

  /**
   * @param line goes on as that customer.
   * @param alive says whether the chat is still on the page.
   */
  constructor(line, alive) {
    this.#line = line;
    this.#alive = alive;
  }

  /**
   * Goes on as the customer whom the page has logged in; null: nobody is, any more.
   * @returns whether the server believed it.
   * @throws {TypeError} it names nobody; that nobody is logged in must be said by null.
   */
  async identify(details) {
    const turn = this.#said += 1;
    const holds = () => turn === this.#said && this.#alive();
    const { token } = details ?? {};
    if (details !== null && (typeof token !== "string" || !token)) {
      this.#stranger();
      throw new TypeError("loket.identify takes { token: \"...\" }, or null: token is missing");
    }
    try {
      if (details) await this.#line.identify(token, holds);
      else this.#stranger();
      return holds();
    } catch (error) {
      console.error(`Loket: the visitor stays a stranger to the chat. ${error.message}`);
      if (holds()) this.#stranger();
      return false;
    }
  }

  // Whoever it is now, it is not surely the customer of before.
  #stranger() {
    if (this.#line.identified) this.#line.forget();
  }
}
