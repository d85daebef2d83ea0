// What a user does in WebKit, by the roles and names that a screen reader announces.
import { expect } from "@playwright/test";
import type { Key } from "../support/person.ts";
import type { Element } from "./element.ts";
import type { WebKit } from "./webkit.ts";

/** The elements that can have a role. */
const ROLES = {
  button: "button",
  field: "input, textarea",
  heading: "h1, h2",
  link: "a[href]",
  list: "ol, ul",
};

export class Person {
  constructor(private readonly browser: WebKit) {}

  /** Goes from the first page to the recovery sheet of a new vault. */
  async startVault(origin: string, name: string): Promise<void> {
    await this.browser.open(origin);
    await this.press("Create a vault");
    await this.fill("Vault name", name);
    await this.press("Create passkey");
    await this.press("Touch again");
    await this.meets("Your recovery sheet");
  }

  /** Goes from the new vault's recovery sheet into the vault without confirming the sheet. */
  async leaveSheet(name: string): Promise<void> {
    await this.press("Continue without it");
    await this.press("Leave the sheet");
    await this.press("Open my vault");
    await this.meets(name);
  }

  /** Reads the code on the recovery sheet. */
  async readCode(): Promise<string> {
    const text = await (await this.find("list", "Code")).text();
    return text.match(/[0-9A-Z]{4}/g)!.join("-");
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
    await this.meets(key.label);
    await this.sees(`${key.label} is saved.`);
  }

  async press(button: string): Promise<void> {
    await (await this.find("button", button)).click();
  }

  async follow(link: string): Promise<void> {
    await (await this.find("link", link)).click();
  }

  async fill(field: string, text: string): Promise<void> {
    const found = await this.find("field", field);
    await found.clear();
    await found.type(text);
  }

  /** Pastes into a field, and returns what is in it then. */
  async paste(field: string): Promise<string> {
    const found = await this.find("field", field);
    await found.clear();
    await found.chord("v");
    return found.value();
  }

  /** Types a text into a field, and cuts it out again. */
  async cut(field: string, text: string): Promise<void> {
    const found = await this.find("field", field);
    await found.clear();
    await found.type(text);
    await found.chord("a");
    await found.chord("x");
    expect(await found.value()).toBe("");
  }

  /** Touches the page where nothing happens. */
  async touch(heading: string): Promise<void> {
    await (await this.find("heading", heading)).click();
  }

  /** Waits for the page with this heading. */
  async meets(heading: string): Promise<void> {
    await this.find("heading", heading);
  }

  /** Waits until this text is on the screen. */
  async sees(text: string): Promise<void> {
    await expect.poll(() => this.text()).toContain(text);
  }

  /** All text on the screen. */
  text(): Promise<string> {
    return this.browser.run("return document.body.innerText");
  }

  /** Moves the clock of the page forward. Timers that are running do not notice. */
  async moveClock(milliseconds: number): Promise<void> {
    await this.browser.run("const now = Date.now; Date.now = () => now() + arguments[0]", milliseconds);
  }

  /** Waits for an element with this role and accessible name that can be used. */
  private async find(role: keyof typeof ROLES, name: string): Promise<Element> {
    let found: Element | undefined;
    const look = async () => {
      found = await this.look(role, name);
      return found ? name : this.text();
    };
    await expect.poll(look, `the ${role} ${name}`).toBe(name);
    return found!;
  }

  private async look(role: keyof typeof ROLES, name: string): Promise<Element | undefined> {
    for (const element of await this.browser.all(ROLES[role])) {
      const fits = async () => (await element.name()) === name && (await element.isUsable());
      // The page may have removed it meanwhile.
      if (await fits().catch(() => false)) return element;
    }
    return undefined;
  }
}
