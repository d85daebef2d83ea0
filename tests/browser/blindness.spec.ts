// The server cannot read: known values are in none of the places that somebody with the server has.
import { randomBytes } from "node:crypto";
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "./support/fixtures.ts";
import { query } from "./support/database.ts";
import { lookThroughMemory } from "./support/memory.ts";
import { OKX } from "./support/person.ts";
import { rootsOf } from "./support/roots.ts";
import { Search, planted, type Canary } from "./support/search.ts";

/** A text that occurs nowhere else. */
function unique(): string {
  return randomBytes(18).toString("base64").replace(/[+/]/g, "x");
}

const TABLES = ["accounts", "credentials", "sessions", "commits", "parts", "tombstones", "members", "invites"];

/** Looks through every file of a data folder. Returns how many bytes there were. */
async function lookThroughFolder(folder: string, search: Search): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    search.look(bytes);
    total += bytes.length;
  }
  return total;
}

/** Looks through every value of the database: in its file long values are cut into pages. */
function lookThroughRows(data: string, search: Search): void {
  for (const table of TABLES) {
    for (const row of query(data, `SELECT * FROM ${table}`)) {
      for (const cell of row) {
        const text = String(cell ?? "");
        search.look(Buffer.from(text));
        if (/^([0-9a-f]{2})+$/.test(text)) search.look(Buffer.from(text, "hex"));
      }
    }
  }
}

test("nothing of what was typed and no key is in data, logs, traffic or memory of the server", async ({
  page,
  person,
  authenticator,
  origin,
  server,
  wire,
  folder,
}) => {
  test.skip(process.platform !== "linux", "the memory of a process is read through /proc");
  const texts = {
    "vault name": unique(),
    label: unique(),
    "API key": unique(),
    "API secret": unique(),
    passphrase: unique(),
    note: unique(),
    "changed note": unique(),
    "changed secret": unique(),
  };

  // Everything that a vault does: made, filled, changed, locked, opened, read, and opened where nobody knows it.
  await person.createVault(texts["vault name"]);
  const { first, second } = authenticator.ceremonies[0];
  const outputs = authenticator.outputs();
  expect(outputs, "a new passkey gives one output for each root").toHaveLength(2);
  const canaries: Canary[] = [
    ...Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
    ...outputs.map((bytes, at) => ({ name: `PRF output ${at + 1}`, bytes })),
    ...rootsOf(server.data, first!, second!),
  ];
  const search = new Search(canaries);
  const lookNow = (when: string) => {
    expect(lookThroughMemory(server.pid, search)).toBeGreaterThan(1_000_000);
    expect(search.take(), `memory ${when}`).toEqual([]);
  };

  await person.addKey({
    exchange: "OKX",
    label: texts.label,
    apiKey: texts["API key"],
    secret: texts["API secret"],
    passphrase: texts.passphrase,
    note: texts.note,
  });
  lookNow("after a key was stored");
  await person.link("Edit").click();
  await person.field("Note").fill(texts["changed note"]);
  await person.button("Replace API key and secret").click();
  await person.field("API key").fill(OKX.apiKey);
  await person.field("API secret").fill(texts["changed secret"]);
  await person.field("Passphrase").fill(texts.passphrase);
  await person.button("Save changes").click();
  await expect(person.status("Your changes are saved.")).toBeVisible();
  lookNow("after it was changed");
  await person.lock();
  await person.unlock();
  await person.openKey(texts.label);
  await person.button("Reveal").click();
  await expect(person.text(texts["changed secret"])).toBeVisible();
  await authenticator.forgetBrowser(origin);
  await page.goto("/unlock");
  await person.unlock();
  await person.button("Continue").click();
  await expect(person.row(texts.label)).toBeVisible();
  expect(authenticator.outputs(), "the same passkey gave the same").toEqual(outputs);

  await test.step("search", async () => {
    lookNow("in the end");
    expect(await readdir(server.data)).toContain("vault.db-wal");
    expect(await lookThroughFolder(server.data, search)).toBeGreaterThan(10_000);
    expect(search.take(), "data folder").toEqual([]);
    lookThroughRows(server.data, search);
    expect(search.take(), "rows").toEqual([]);
    expect(server.log().length).toBeGreaterThan(100);
    search.look(server.log());
    expect(search.take(), "logs").toEqual([]);
    expect(wire.count("POST /api/commit"), "writes went through the proxy").toBeGreaterThan(1);
    search.look(wire.sent());
    expect(search.take(), "traffic to the server").toEqual([]);
    search.look(wire.got());
    expect(search.take(), "traffic from the server").toEqual([]);
  });

  const traces = Buffer.concat(
    canaries.flatMap((canary) => planted(canary).flatMap((bytes) => [bytes, Buffer.from("\n\n")])),
  );

  await test.step("the search finds what is planted in data and logs", async () => {
    const copy = join(folder, "planted");
    await cp(server.data, copy, { recursive: true });
    const database = join(copy, "vault.db");
    await writeFile(database, Buffer.concat([await readFile(database), traces]));
    await lookThroughFolder(copy, search);
    expect(search.take(), "data folder").toEqual(search.all());
    const logs = join(folder, "logs");
    await mkdir(logs);
    await writeFile(join(logs, "stderr"), Buffer.concat([server.log(), traces]));
    await lookThroughFolder(logs, search);
    expect(search.take(), "logs").toEqual(search.all());
  });

  await test.step("the search finds what is planted in traffic and memory", async () => {
    // A request whose body never ends: the server holds what has come of it.
    const socket = connect(wire.port, "127.0.0.1");
    socket.write(
      `POST /api/nothing HTTP/1.1\r\nhost: localhost:${wire.port}\r\norigin: ${origin}\r\n` +
        `content-type: application/json\r\ncontent-length: ${traces.length + 1}\r\n\r\n`,
    );
    socket.write(traces);
    await expect(() => {
      lookThroughMemory(server.pid, search);
      expect(search.take()).toEqual(search.all());
    }).toPass();
    search.look(wire.sent());
    expect(search.take(), "traffic to the server").toEqual(search.all());
    // What was planted here is not held against the page.
    wire.forget();
    socket.destroy();
  });
});
