// What a user does in Firefox, by the roles and names that a screen reader announces.
import { expect } from "@playwright/test";
import type { ElementHandle, Locator, Page } from "puppeteer-core";
import type { Key } from "../support/person.ts";

/** The selector of an element with this role and accessible name. */
function part(role: string, name: string): string {
  return `::-p-aria([role="${role}"][name="${name}"])`;
}

export class Person {
  constructor(private readonly page: Page) {
    page.setDefaultTimeout(20_000);
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
  }

  /** Goes from the first page to the open vault. */
  async createVault(origin: string, name: string): Promise<void> {
    await this.open(origin);
    await this.press("Create a vault");
    await this.fill("Vault name", name);
    await this.press("Create passkey");
    // Like many authenticators, this one gives no `prf` output for a new passkey, only later.
    await this.meets("button", "Touch again");
    await this.press("Touch again");
    await this.meets("heading", "Your recovery sheet");
    await this.press("Continue without it");
    await this.press("Leave the sheet");
    await this.meets("heading", "Your vault is ready");
    await this.press("Open my vault");
    await this.meets("heading", name);
  }

  async press(button: string): Promise<void> {
    await this.page.locator(part("button", button)).click();
  }

  async follow(link: string): Promise<void> {
    await this.page.locator(part("link", link)).click();
  }

  /** Types into the field with this label. The role cannot find it: password fields have none. */
  async fill(field: string, text: string): Promise<void> {
    const input = await this.input(field);
    await input.asLocator().fill(text);
  }

  /** Pastes into the field with this label, and returns what is in it then. */
  async paste(field: string): Promise<string> {
    const input = await this.input(field);
    await input.evaluate((input) => {
      input.value = "";
      input.focus();
    });
    await this.keys("v");
    return input.evaluate((input) => input.value);
  }

  /** Types a text into the field with this label, and cuts it out again. */
  async cut(field: string, text: string): Promise<void> {
    const input = await this.input(field);
    await input.evaluate((input, text) => {
      input.value = text;
      input.focus();
      input.select();
    }, text);
    await this.keys("x");
    expect(await input.evaluate((input) => input.value)).toBe("");
  }

  /** Presses a key together with Ctrl, and waits until the page has painted its result. */
  private async keys(letter: "v" | "x"): Promise<void> {
    await this.page.keyboard.down("Control");
    await this.page.keyboard.press(letter);
    await this.page.keyboard.up("Control");
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  private async input(field: string): Promise<ElementHandle<HTMLInputElement>> {
    const found = await this.page.locator(`::-p-aria([name="${field}"])`).waitHandle();
    const input = await found.evaluateHandle((element) =>
      element instanceof HTMLLabelElement ? element.control! : element,
    );
    return input as ElementHandle<HTMLInputElement>;
  }

  /** Moves the clock of the page forward. Timers that are running do not notice. */
  async moveClock(milliseconds: number): Promise<void> {
    await this.page.evaluate((milliseconds) => {
      const now = Date.now;
      Date.now = () => now() + milliseconds;
    }, milliseconds);
  }

  /** Touches the page where nothing happens. */
  async touch(heading: string): Promise<void> {
    await this.page.locator(part("heading", heading)).click();
  }

  /**
   * Waits for a button or a heading. If the page reports a failure first, the test fails with what
   * the page says.
   */
  async meets(role: "button" | "heading", name: string): Promise<void> {
    // One query for both. A race between two would leave the loser polling, which takes time.
    const either = `${part(role, name)}, [role="alert"]:not(:empty):not([hidden])`;
    const found = this.page.locator(either) as Locator<HTMLElement>;
    expect(await found.map((element) => element.innerText).wait()).toBe(name);
  }

  /** Waits until this text is on the screen. */
  async sees(text: string): Promise<void> {
    await this.page.locator(`::-p-text(${text})`).setVisibility("visible").wait();
  }

  /** Waits until this text is gone from the screen. */
  async seesNoMore(text: string): Promise<void> {
    await this.page.waitForSelector(`::-p-text(${text})`, { hidden: true });
  }

  /** Stores a key, and stays on its page. */
  async addKey(key: Key): Promise<void> {
    await this.follow("Add exchange key");
    await this.press(key.exchange);
    await this.fill("Label", key.label);
    await this.fill("API key", key.apiKey);
    await this.fill("API secret", key.secret);
    if (key.passphrase) await this.fill("Passphrase", key.passphrase);
    await this.press("Save key");
    await this.meets("heading", key.label);
    await this.sees(`${key.label} is saved.`);
  }

  /** Splits a phrase 3 of 5, and stays on its page. */
  async addWallet(label: string, phrase: string): Promise<void> {
    await this.follow("Wallets");
    await this.follow("Add wallet");
    await this.press("Bring a phrase");
    await this.fill("Recovery phrase", phrase);
    await this.sees("The words belong together.");
    await this.press("Go on");
    await this.fill("Label", label);
    await this.press("Split and save");
    await this.meets("heading", label);
    await this.sees("All 5 stores have their share.");
  }

  /** Waits for a list with this name, and returns its items, separated by spaces. */
  async reads(list: string): Promise<string> {
    const found = this.page.locator(part("list", list)) as Locator<HTMLElement>;
    const items = found.map((element) => Array.from(element.children, (item) => item.textContent!.trim()).join(" "));
    return items.wait();
  }

  /** Reveals the secret on the page of a key, and hides it again. */
  async looksAtSecret(key: Key): Promise<void> {
    await this.press("Reveal");
    await this.sees(key.secret);
    await this.press("Hide");
    await this.seesNoMore(key.secret);
  }
}
