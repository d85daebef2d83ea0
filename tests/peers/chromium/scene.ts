// People with a browser of their own, and what they do again and again.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Authenticator } from "../../browser/support/authenticator.ts";
import { Person } from "../../browser/support/person.ts";
import { Server } from "../../browser/support/server.ts";
import { Writer } from "./fill.ts";
import { expect, type Browser, type Page } from "./playwright.ts";

/** The name of every vault. */
export const VAULT = "Bench vault";

/** The server as it ships, with an empty data folder. */
export class Site {
  private constructor(
    private readonly folder: string,
    private readonly server: Server,
  ) {}

  /** `more` are further arguments of the server. */
  static async start(...more: string[]): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), "crystallum-bench-"));
    const options = { app: process.env.CRYSTALLUM_DIST!, signUp: "open", more } as const;
    return new Site(folder, await Server.start(join(folder, "data"), "http://localhost:0", options));
  }

  get origin(): string {
    return `http://localhost:${this.server.port}`;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }
}

export interface Someone {
  page: Page;
  person: Person;
  authenticator: Authenticator;
}

/** Opens a new browser context that knows no vault. */
export async function someone(browser: Browser, { origin }: Site): Promise<Someone> {
  const context = await browser.newContext({ baseURL: origin, locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  const authenticator = await Authenticator.attach(page);
  await page.addInitScript(watchForUnlock);
  await page.addInitScript(noteTouches);
  return { page, authenticator, person: new Person(page, { keep() {} } as never) };
}

/** Runs in the page before anything else. Records when the unlock button becomes usable. */
function watchForUnlock(): void {
  const look = () => {
    const buttons = [...document.querySelectorAll("button")];
    const button = buttons.find(({ textContent }) => textContent?.trim() === "Unlock with passkey");
    if (!button || button.disabled || button.ariaDisabled === "true") return;
    Object.assign(globalThis, { usable: performance.now() });
    watcher.disconnect();
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document, { attributes: true, childList: true, subtree: true });
}

/**
 * Runs in the page before anything else. Delays passkey results as configured, and records their
 * time.
 */
function noteTouches(): void {
  const noted = globalThis as unknown as { reaction?: number; touched?: number };
  const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = async (options) => {
    await new Promise((resolve) => setTimeout(resolve, noted.reaction ?? 0));
    const credential = await get(options);
    noted.touched = performance.now();
    return credential;
  };
}

/** Waits, checking the page at most once a frame. */
export async function shows(page: Page, selector: string, text: string): Promise<void> {
  const there = ([selector, text]: readonly [string, string]) =>
    [...document.querySelectorAll(selector)].some((element) => element.textContent?.trim() === text);
  await page.waitForFunction(there, [selector, text] as const);
}

/** Waits from the click to the new vault's sheet. */
export async function create({ page, person }: Someone): Promise<void> {
  await person.button("Create passkey").click();
  await shows(page, "h1", "Your recovery sheet");
}

/** Creates a vault, opens it, and lets another device enter it. */
export async function createWithWriter(one: Someone, { origin }: Site): Promise<Writer> {
  const { page, person, authenticator } = one;
  await person.startVault(VAULT);
  await create(one);
  await person.leaveSheet();
  await shows(page, "h1", VAULT);
  return Writer.join(page, origin, authenticator.outputs()[0]);
}

/** The time in ms until the list shows all visible rows. */
export interface Unlocking {
  fromClick: number;
  fromTouch: number;
}

/** `reaction` is how long the user takes to confirm the passkey prompt, in ms. */
export async function unlock({ page, person }: Someone, reaction = 0): Promise<Unlocking> {
  const button = person.button("Unlock with passkey");
  await expect(button).toBeEnabled();
  await page.evaluate((reaction) => {
    Object.assign(globalThis, { reaction });
    addEventListener("click", (event) => Object.assign(globalThis, { clicked: event.timeStamp }), { once: true });
  }, reaction);
  await button.click();
  const seen = await page.waitForFunction(() => {
    const told = document.querySelector('[aria-label="Exchange keys"] a, [aria-label="Exchange keys"] [role="link"]');
    return told ? performance.now() : 0;
  });
  const end = await seen.jsonValue();
  const { clicked, touched } = await page.evaluate(() => {
    const { clicked, touched } = globalThis as unknown as { clicked: number; touched: number };
    return { clicked, touched };
  });
  return { fromClick: end - clicked, fromTouch: end - touched };
}
