// T69: what opens a vault is wiped once it has. While a vault is open, its worker holds the keys of
// records, and neither a root nor an output of a passkey, nor what a hash made of them.
import { createHash, createHmac, randomBytes } from "node:crypto";
import { expect, test } from "./support/fixtures.ts";
import { stateAfter, traces } from "./support/hmac.ts";
import { BINANCE } from "./support/person.ts";
import { TWELVE, addWallet, readPhrase } from "./support/phrases.ts";
import { keysOf, rootsOf } from "./support/roots.ts";
import { Search, type Canary } from "./support/search.ts";
import { WorkerMemory } from "./support/worker_memory.ts";

const HELD = ["overview key", "secret key"];

test("while a vault is open, the worker's memory holds neither a root nor what a passkey gave", async ({
  page,
  person,
  authenticator,
  server,
}) => {
  await person.createVault("Desk of Ada");
  await person.addKey(BINANCE);
  const { first, second } = authenticator.ceremonies[0];
  const all = keysOf(server.data, first!, second!);
  const { root, cold } = rootsOf(server.data, first!, second!);
  // HKDF extracts with a key of zeros, and expands with what that gives.
  const extracted = (output: Buffer) => createHmac("sha256", Buffer.alloc(32)).update(output).digest();
  const wiped: Canary[] = [
    { name: "root", bytes: root },
    { name: "cold root", bytes: cold },
    { name: "first output", bytes: first! },
    { name: "second output", bytes: second! },
    { name: "first output, extracted", bytes: extracted(first!) },
    { name: "second output, extracted", bytes: extracted(second!) },
    ...all.filter(({ name }) => name.startsWith("key of the")),
  ];
  const search = new Search(wiped.flatMap(traces));
  const control = new Search(all.filter(({ name }) => HELD.includes(name)));

  const look = async (when: string): Promise<void> => {
    const memory = await WorkerMemory.attach(authenticator.session);
    const before = await memory.read();
    expect(before.length).toBeGreaterThan(1_000_000);
    search.look(before);
    expect(search.take(), when).toEqual([]);
    control.look(before);
    expect(control.take(), `what an open vault needs, ${when}`).toEqual(HELD.map((name) => `${name}: raw`).sort());
    // The search finds each of them where it is.
    const raw = search.needles.filter(({ spelling }) => spelling === "raw");
    await memory.plant(Buffer.concat(raw.map(({ bytes }) => bytes)));
    search.look(await memory.read());
    expect(search.take()).toEqual(raw.map(({ value }) => `${value}: raw`).sort());
    await memory.detach();
    await person.lock();
    await person.unlock();
    await expect(person.heading("Desk of Ada")).toBeVisible();
  };

  await look("after the vault was made");
  await person.openKey(BINANCE.label);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await look("after it was unlocked");
  await addWallet(page, person, "Cold savings", TWELVE);
  expect(await readPhrase(page, person)).toBe(TWELVE.words);
  await look("after a wallet was opened");
});

test("the states of the hash function are computed as it does", () => {
  // HMAC from the two states and the rest of the message, through a hash of a known message.
  const key = randomBytes(32);
  const named = Object.fromEntries(traces({ name: "key", bytes: key }).map(({ name, bytes }) => [name, bytes]));
  const inner = Buffer.concat([named["key, inner padding"], Buffer.alloc(32, 0x36)]);
  const outer = Buffer.concat([named["key, outer padding"], Buffer.alloc(32, 0x5c)]);
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest();
  const mac = hash(Buffer.concat([outer, hash(Buffer.concat([inner, Buffer.from("message")]))]));
  expect(mac).toEqual(createHmac("sha256", key).update("message").digest());
  // The hash of 55 bytes is the state after the one block that they are padded to.
  const message = randomBytes(55);
  const block = Buffer.concat([message, Buffer.from([0x80]), Buffer.alloc(8)]);
  block.writeUInt32BE(55 * 8, 60);
  const words = Buffer.alloc(32);
  stateAfter(block).forEach((word, at) => words.writeUInt32BE(word, 4 * at));
  expect(words).toEqual(hash(message));
});
