// T24: answers that would fill the memory or the stack. Each is refused, and the vault goes on.
import { gzipSync } from "node:zlib";
import { Authenticator } from "./support/authenticator.ts";
import { expect, test } from "./support/fixtures.ts";
import { BINANCE, OKX, Person } from "./support/person.ts";

const DELTA = /^\/api\/delta/;
const OFFLINE = "The server does not answer. You see the copy on this device.";
const MILLION = 1_000_000;

test("an answer that would not fit the memory, or nests without end, is refused, and the vault goes on", async ({
  person,
  browser,
  origin,
  wire,
  guard,
}) => {
  guard.allow(/^console: Failed to load resource/);
  const paper = await person.createVaultWithSheet("Desk of Ada");
  await person.addKey(BINANCE);
  await person.lock();
  // Another device writes what this one has not seen.
  const context = await browser.newContext({ locale: "en-GB" });
  const elsewhere = new Person(await context.newPage(), guard, origin);
  await Authenticator.attach(elsewhere.page);
  await elsewhere.recover(paper.code);
  await elsewhere.skipSheet();
  await elsewhere.addKey(OKX);

  // What the server answers to the device that has not seen it.
  let rule = wire.injectFault("cut", "GET", DELTA);
  await person.unlock();
  await expect(person.status(OFFLINE)).toBeVisible();
  const asked = wire.requests.findLast((line) => DELTA.test(line.slice("GET ".length)))!;
  /** Locks the vault, and lets requests through that this device does not make. */
  const close = async (): Promise<void> => {
    await person.lock();
    rule.heal();
  };
  await close();
  const answer = await elsewhere.page.evaluate(
    async (since) => (await fetch(`/api/delta?since=${since}`)).text(),
    new URL(asked.slice("GET ".length), origin).searchParams.get("since"),
  );
  await context.close();

  /** Opens the vault while the server answers with this and nothing else. */
  const openWith = async (forged: string | Buffer): Promise<void> => {
    rule = wire.forge("GET", DELTA, gzipSync(forged));
    await person.unlock();
    await expect(person.row(BINANCE.label), "the device's copy").toBeVisible();
  };
  const entries = '"entries":[';
  expect(answer).toContain(entries);
  const deep = "[".repeat(MILLION) + "]".repeat(MILLION);
  const bombs = {
    // Blanks before JSON mean nothing, so only the number of bytes is wrong.
    "64 MB packed into 64 kB": Buffer.concat([Buffer.alloc(64 * MILLION, " "), Buffer.from(answer)]),
    "a million lists in each other": answer.replace(entries, `${entries}${deep},`),
    "a million entries": answer.replace(entries, `${entries}${"0,".repeat(MILLION)}`),
  };
  for (const [what, bomb] of Object.entries(bombs)) {
    await openWith(bomb);
    await expect(person.status(OFFLINE), what).toBeVisible();
    await expect(person.row(OKX.label), what).toHaveCount(0);
    await close();
  }
  // The same answer with fewer blanks is taken.
  await openWith(" ".repeat(1_000) + answer);
  await expect(person.row(OKX.label)).toBeVisible();
  await expect(person.status(OFFLINE)).toHaveCount(0);
});
