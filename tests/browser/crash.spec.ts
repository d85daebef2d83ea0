// A browser that is killed while the user types leaves nothing of the input on disk.
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { Authenticator } from "./support/authenticator.ts";
import { OwnBrowser } from "./support/browser.ts";
import { expect, test as base } from "./support/fixtures.ts";
import { Guard } from "./support/guard.ts";
import { BINANCE, OKX, Person } from "./support/person.ts";
import { TWENTY_FOUR, canariesOf } from "./support/phrases.ts";
import { searchProfile } from "./support/profile.ts";
import { keysOf, recoveryOf, rootsOf } from "./support/roots.ts";
import { Search, type Canary } from "./support/search.ts";

const NAME = "Desk of Ada";
const PLAIN = "what a plain field of the same page holds";

/** A user at a tab of a browser. */
interface Sitting {
  person: Person;
  authenticator: Authenticator;
}

interface Fixtures {
  /** The profile folder of the browser. */
  profile: string;
  own: OwnBrowser;
  /** Opens a tab in the browser. */
  sit: () => Promise<Sitting>;
}

const test = base.extend<Fixtures>({
  profile: async ({ folder }, use) => use(join(folder, "profile")),
  own: async ({ profile }, use) => {
    const own = await OwnBrowser.start(profile);
    await use(own);
    await own.kill();
  },
  sit: async ({ own, origin, wire }, use) => {
    const watching = await Guard.watch(own.context, origin);
    const all: Sitting[] = [];
    await use(async () => {
      const page = await own.context.newPage();
      const authenticator = await Authenticator.attach(page);
      all.push({ person: new Person(page, watching, origin), authenticator });
      return all.at(-1)!;
    });
    for (const { authenticator } of all) watching.check(wire, authenticator);
  },
});

/**
 * Types into an unprotected field until the browser has written that, and all else that the page
 * lets it store, to disk.
 */
async function typePlainly(page: Page, profile: string): Promise<Search> {
  await page.evaluate(() => {
    const field = document.createElement("textarea");
    field.id = "plain";
    document.body.append(field);
  });
  await page.locator("#plain").pressSequentially(PLAIN);
  const control = new Search([{ name: "plain", bytes: Buffer.from(PLAIN) }]);
  await expect
    .poll(() => {
      searchProfile(profile, control);
      return control.take();
    }, "the browser keeps what a plain field holds")
    .toContain("plain: utf-16le");
  return control;
}

/** Kills the browser and searches its profile for what must not be there. */
async function killAndLook(own: OwnBrowser, profile: string, canaries: Canary[], control: Search): Promise<void> {
  await own.kill();
  const search = new Search(canaries);
  const looked = searchProfile(profile, search);
  expect(search.take(), "in the profile").toEqual([]);
  expect(looked.files).toBeGreaterThan(50);
  expect(looked.unpacked, "the engine's own copy of the vault was looked through").toBeGreaterThan(1_000);
  searchProfile(profile, control);
  expect(control.take(), "the plain field").toContain("plain: utf-16le");
}

const begun = (text: string) => text.slice(0, Math.ceil(text.length / 2));
const canary = (name: string, text: string): Canary => ({ name, bytes: Buffer.from(text) });

test("the form of a key, beside a key that was stored and revealed", async ({ own, sit, profile, server }) => {
  const { person, authenticator } = await sit();
  const { page } = person;
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await person.link("Add exchange key").click();
  await person.button("OKX").click();
  const typed = {
    Label: "a label that nobody else has",
    "API key": OKX.apiKey,
    Passphrase: OKX.passphrase!,
    Note: "a note that nobody else has",
  };
  for (const [name, text] of Object.entries(typed)) await person.field(name).pressSequentially(text);
  await person.field("API secret").pressSequentially(begun(OKX.secret));
  // Revealed, so that the field is an ordinary text field.
  await page.getByRole("button", { name: "Show" }).first().click();
  const control = await typePlainly(page, profile);
  await person.field("API secret").press("End");
  await page.keyboard.type(OKX.secret.slice(begun(OKX.secret).length, -4));

  const { first, second } = authenticator.ceremonies[0];
  const canaries = [
    ...Object.entries({ ...BINANCE, exchange: BINANCE.label }).map(([name, text]) => canary(`stored ${name}`, text)),
    ...Object.entries(typed).map(([name, text]) => canary(`typed ${name}`, text)),
    canary("half of a secret", begun(OKX.secret)),
    ...keysOf(server.data, first!, second!),
  ];
  await killAndLook(own, profile, canaries, control);
});

test("a wallet phrase", async ({ own, sit, profile }) => {
  const { person } = await sit();
  await person.createVault(NAME);
  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await person.button("Bring a phrase").click();
  const half = TWENTY_FOUR.words.split(" ").slice(0, 13).join(" ");
  await person.field("Recovery phrase").pressSequentially(begun(half));
  const control = await typePlainly(person.page, profile);
  await person.field("Recovery phrase").press("End");
  await person.page.keyboard.type(half.slice(begun(half).length));
  await killAndLook(own, profile, [...canariesOf(TWENTY_FOUR), canary("half of a phrase", begun(half))], control);
});

test("a recovery code, while its sheet is on screen in another tab", async ({ own, sit, profile, origin, server }) => {
  const { person, authenticator } = await sit();
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  const { groups, code } = await person.readSheet();
  const other = (await sit()).person;
  await other.page.goto(`${origin}/recover`);
  await other.field("Recovery code").pressSequentially(begun(code));
  const control = await typePlainly(other.page, profile);
  await other.field("Recovery code").press("End");
  await other.page.keyboard.type(code.slice(begun(code).length, -2));

  const { first, second } = authenticator.ceremonies[0];
  const halves = [begun(code), begun(code).replaceAll("-", "")];
  const canaries = [
    ...recoveryOf(server.data, groups, rootsOf(server.data, first!, second!)),
    ...halves.map((text, at) => canary(`half of a code ${at}`, text)),
    ...halves.map((text, at) => canary(`half of a code ${at}, in lower case`, text.toLowerCase())),
  ];
  await killAndLook(own, profile, canaries, control);
});

test("control: values that LevelDB compressed are found", async ({ own, profile }) => {
  const [one, other] = ["What a page put into its ", "database, packed in a table"];
  const listener = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<!doctype html>"));
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const page = await own.context.newPage();
  await page.goto(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/`);
  const search = new Search([canary("text", one + other)]);
  // Enough data for the database to begin a table. Each half is written alone first, so that a
  // compressor refers back to them.
  await page.evaluate(async (text) => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open("control");
      opening.onupgradeneeded = () => opening.result.createObjectStore("store");
      opening.onsuccess = () => resolve(opening.result);
    });
    for (let at = 0; at < 120; at += 1) {
      const numbers = Array.from({ length: 6000 }, (_, n) => `row ${((n + 1) * (at + 3) * 7919) % 99_991}`);
      await new Promise((resolve) => {
        const writing = database.transaction("store", "readwrite");
        writing.objectStore("store").put(text + numbers.join(" "), at);
        writing.oncomplete = resolve;
      });
    }
  }, `${one}. ${other}. ${one}${other}. `);
  await expect
    .poll(() => {
      searchProfile(profile, search, { tables: true });
      return search.take();
    })
    .toEqual(["text: raw"]);
  searchProfile(profile, search, { tables: true, raw: true });
  expect(search.take(), "not unpacked").toEqual([]);
  listener.close();
});
