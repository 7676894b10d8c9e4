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
   */
  async identify(details) {
    const turn = this.#said += 1;
    const holds = () => turn === this.#said && this.#alive();
    try {
      if (details) await this.#line.identify(details.token, holds);
      else if (this.#line.identified) this.#line.forget();
      return holds();
    } catch (error) {
      console.error(`Loket: the visitor stays a stranger to the chat. ${error.message}`);
      // Whoever it is now, it is not surely the customer of before.
      if (holds() && this.#line.identified) this.#line.forget();
      return false;
    }
  }
}
