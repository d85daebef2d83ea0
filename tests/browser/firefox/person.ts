// What a user does in Firefox, by the roles and names that a screen reader announces.
import { expect } from "@playwright/test";
import type { Locator, Page } from "puppeteer-core";
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

  async press(button: string): Promise<void> {
    await this.page.locator(part("button", button)).click();
  }

  async follow(link: string): Promise<void> {
    await this.page.locator(part("link", link)).click();
  }

  /** Types into the field with this label. The role cannot find it: password fields have none. */
  async fill(field: string, text: string): Promise<void> {
    const label = await this.page.locator(`::-p-aria([name="${field}"])`).waitHandle();
    const input = await label.evaluateHandle((element) => (element as HTMLLabelElement).control!);
    await input.asLocator().fill(text);
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

  /** Reveals the secret on the page of a key, and hides it again. */
  async looksAtSecret(key: Key): Promise<void> {
    await this.press("Reveal");
    await this.sees(key.secret);
    await this.press("Hide");
    await this.seesNoMore(key.secret);
  }
}
