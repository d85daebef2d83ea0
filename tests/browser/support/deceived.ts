// A device that a server lies to, what its user must see then, and the servers that lie.
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { Authenticator } from "./authenticator.ts";
import type { Json } from "./altered.ts";
import { test as base } from "./fixtures.ts";
import type { Guard } from "./guard.ts";
import { BINANCE, OKX, Person, type Key, type Paper } from "./person.ts";
import { takePictures } from "./pictures.ts";
import { Server } from "./server.ts";

export { expect };

export const NAME = "Desk of Ada";
export const RENAMED = "Binance, renamed elsewhere";
export const THIRD = another("Third key", "3");
export const FOURTH = another("Fourth key", "4");
export const HINTS = /^\/api\/hints/;

const NOT_ADOPTED = /^Nothing was lost\. What was offered was not adopted/;

function another(label: string, digit: string): Key {
  return { exchange: "Binance", label, apiKey: digit.repeat(64), secret: `${digit}s`.repeat(32) };
}

/** The servers of a test, one after another: each on a data folder of its own choice. */
export class Servers {
  private running: Server[] = [];
  private copies = 0;

  constructor(
    private readonly first: Server,
    private readonly folder: string,
    private readonly start: (data: string) => Promise<Server>,
  ) {}

  /** Copies the data folder of the first server, as a backup does. */
  async backUp(): Promise<string> {
    this.copies += 1;
    const copy = join(this.folder, `backup-${this.copies}`);
    await cp(this.first.data, copy, { recursive: true });
    return copy;
  }

  /** Stops whatever server runs and starts one on this data. */
  async put(data: string): Promise<void> {
    await this.stop();
    this.running.push(await this.start(data));
  }

  /** Starts a server on the newest data of the first one. */
  async putRight(): Promise<void> {
    await this.put(this.first.data);
  }

  async stop(): Promise<void> {
    await this.first.stop();
    for (const server of this.running.splice(0)) await server.stop();
  }
}

export const test = base.extend<{ servers: Servers }>({
  servers: async ({ server, folder, wire, origin, serverOptions }, use) => {
    const servers = new Servers(server, folder, async (data) => {
      const next = await Server.start(data, origin, serverOptions);
      wire.upstream = next.port;
      return next;
    });
    await use(servers);
    await servers.stop();
  },
});

/** Locks the vault and leaves the page, so that only what the browser stored is left. */
export async function close(person: Person): Promise<void> {
  await person.lock();
  await person.page.goto("about:blank");
}

/** Opens the app anew and unlocks the vault. */
export async function reopen(person: Person, origin: string): Promise<void> {
  await person.page.goto(`${origin}/unlock`);
  await person.unlock();
}

/** Another browser of the same user, which comes in by the recovery sheet. */
export async function enterElsewhere(
  browser: Browser,
  guard: Guard,
  origin: string,
  paper: Paper,
): Promise<{ person: Person; context: BrowserContext }> {
  const context = await browser.newContext({ locale: "en-GB" });
  const person = new Person(await context.newPage(), guard, origin);
  await Authenticator.attach(person.page);
  await person.recover(paper.code);
  await person.skipSheet();
  await expect(person.heading(NAME)).toBeVisible();
  return { person, context };
}

/** Renames a key, from any page of the vault. */
export async function renameKey(person: Person, label: string, next: string): Promise<void> {
  await person.link("Vault").click();
  await person.openKey(label);
  await person.link("Edit").click();
  await person.field("Label").fill(next);
  await person.button("Save changes").click();
  await expect(person.heading(next)).toBeVisible();
}

/** Returns the overview of each record that the server shows to the open vault, by id. */
export async function overviews(page: Page): Promise<Map<string, Json>> {
  const state: Json = await page.evaluate(async () => (await fetch("/api/state")).json());
  const records = state.objects.filter((object: Json) => object.kind === "record" && object.overview);
  return new Map(records.map((record: Json) => [record.id, record.overview]));
}

/** Expects the screen of an alarm with these words, and takes pictures of it if asked. */
export async function expectAlarm(person: Person, heading: string, seen: RegExp, picture?: string): Promise<void> {
  const { page } = person;
  await expect(person.heading(heading)).toBeFocused();
  for (const name of ["What was seen", "What is safe", "What to do"]) {
    await expect(page.getByRole("heading", { level: 2, name, exact: true })).toBeVisible();
  }
  await expect(page.getByRole("main").getByText(seen)).toBeVisible();
  await expect(person.button("Save the evidence")).toBeVisible();
  const folder = process.env.CRYSTALLUM_SCREENS;
  if (folder && picture) await takePictures(page, folder, `alarm-${picture}`, [[360, 780], [1280, 800]]);
}

/**
 * Leaves the alarm, and expects exactly the keys that this device has, of which the first reveals
 * its secret.
 */
export async function expectOwnCopy(person: Person, keys: Key[]): Promise<void> {
  await expect(person.page.getByText(NOT_ADOPTED)).toBeVisible();
  await person.button("Go on with this device's copy").click();
  await expect(person.status("You see the copy on this device")).toBeVisible();
  await expect(person.button("Try now")).toHaveCount(0);
  await expectKeys(person, keys);
}

/** Expects exactly these keys, of which the first reveals its secret. */
export async function expectKeys(person: Person, keys: Key[]): Promise<void> {
  await person.link("Vault").click();
  for (const { label } of keys) await expect(person.row(label)).toBeVisible();
  await expect(person.rows()).toHaveCount(keys.length);
  await person.openKey(keys[0].label);
  await person.button("Reveal").click();
  await expect(person.text(keys[0].secret)).toBeVisible();
}

/**
 * Opens the vault on a server that is honest again: everything is there, and a key can be added.
 */
export async function expectHonest(person: Person, origin: string, keys: Key[], next: Key): Promise<void> {
  await reopen(person, origin);
  await expectKeys(person, keys);
  await expect(person.status("You see the copy on this device")).toHaveCount(0);
  await person.addKey(next);
  await expect(person.status("Saved on this device.")).toHaveCount(0);
}

export const OWN_KEYS = [BINANCE, OKX];
