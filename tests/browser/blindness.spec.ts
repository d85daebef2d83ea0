// The server cannot read the vault: known values occur nowhere that someone with access to the
// server can look.
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "./support/fixtures.ts";
import { everything } from "./support/database.ts";
import { searchMemory } from "./support/memory.ts";
import { OKX } from "./support/person.ts";
import { TWENTY_FOUR, addWallet, canariesOf, keepPhrase, readPhrase } from "./support/phrases.ts";
import { keysOf, recoveryOf, rootsOf } from "./support/roots.ts";
import { Search, planted, type Canary } from "./support/search.ts";
import { SeededRng } from "./support/seeded_rng.ts";
import { sharesOf, storeFiles } from "./support/shares.ts";

const rng = new SeededRng("blindness");

/** Returns a text that occurs nowhere else. */
function unique(): string {
  return rng.bytes(18).toString("base64").replace(/[+/]/g, "x");
}

/** Searches every file of a data folder. Returns the number of bytes. */
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

/**
 * Searches every value of every table of the databases, since their files split long values into
 * pages. Returns the tables.
 */
function lookThroughRows(data: string, search: Search): string[] {
  const seen: string[] = [];
  for (const file of ["vault.db", ...storeFiles(data)]) {
    for (const [table, rows] of Object.entries(everything(data, file))) {
      seen.push(`${file} ${table}`);
      for (const cell of rows.flat()) {
        const text = String(cell ?? "");
        search.look(Buffer.from(text));
        if (/^([0-9a-f]{2})+$/.test(text)) search.look(Buffer.from(text, "hex"));
      }
    }
  }
  return seen;
}

/** What the search must find when it is planted: each canary in each spelling. */
function traces(canaries: Canary[]): Buffer {
  return Buffer.concat(
    canaries.flatMap((canary) => planted(canary).flatMap((bytes) => [bytes, Buffer.from("\n\n")])),
  );
}

/** Splits the canaries into lists that fit into the buffer of one connection. */
function portions(canaries: Canary[]): Canary[][] {
  const most = 16 * 1024;
  const lists: Canary[][] = [[]];
  let size = 0;
  for (const canary of canaries) {
    const length = traces([canary]).length;
    if (size + length > most) {
      lists.push([]);
      size = 0;
    }
    lists.at(-1)!.push(canary);
    size += length;
  }
  return lists;
}

test("nothing of what was typed and no key is in data, stores, logs, traffic or memory of the server", async ({
  page,
  person,
  authenticator,
  origin,
  server,
  wire,
  folder,
  guard,
}) => {
  test.skip(process.platform !== "linux", "the memory of a process is read through /proc");
  test.slow();
  const texts = {
    "vault name": unique(),
    label: unique(),
    "API key": unique(),
    "API secret": unique(),
    passphrase: unique(),
    note: unique(),
    "changed note": unique(),
    "changed secret": unique(),
    "label of a wallet": unique(),
  };
  const canaries: Canary[] = [
    ...Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
    ...canariesOf(TWENTY_FOUR),
  ];
  keepPhrase(guard, TWENTY_FOUR);
  const add = (...more: Canary[]) => canaries.push(...more);
  const lookNow = (when: string) => {
    const search = new Search(canaries);
    expect(searchMemory(server.pid, search)).toBeGreaterThan(1_000_000);
    expect(search.take(), `memory ${when}`).toEqual([]);
  };

  // Everything that a vault can do. First it is created, with its recovery sheet.
  const paper = await person.createVaultWithSheet(texts["vault name"]);
  const { first, second } = authenticator.ceremonies[0];
  const outputs = authenticator.outputs();
  expect(outputs, "a new passkey gives one output for each root").toHaveLength(2);
  const roots = rootsOf(server.data, first!, second!);
  add(...keysOf(server.data, first!, second!), ...recoveryOf(server.data, paper.groups, roots));
  lookNow("after the vault was made");

  // A key is stored and changed.
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

  // A phrase is split, rebuilt, and split again.
  await addWallet(page, person, texts["label of a wallet"], TWENTY_FOUR);
  add(...sharesOf(server.data, roots));
  lookNow("after a phrase was split");
  expect(await readPhrase(page, person)).toBe(TWENTY_FOUR.words);
  lookNow("after it was rebuilt");
  await person.link("Deal new shares").click();
  await person.button("Deal new shares").click();
  await expect(person.status("New shares are dealt")).toBeVisible();
  const known = new Set(canaries.map(({ name }) => name));
  const again = sharesOf(server.data, roots).filter(({ name }) => !known.has(name));
  expect(again.map(({ name }) => name)).toContain("wallet key of epoch 2");
  add(...again);
  lookNow("after new shares were dealt");

  // The vault is locked, opened and read.
  await person.lock();
  await person.unlock();
  await person.link("Vault").click();
  await person.openKey(texts.label);
  await person.button("Reveal").click();
  await expect(person.text(texts["changed secret"])).toBeVisible();
  expect(authenticator.outputs(), "the same passkey gave the same").toEqual(outputs);

  // Browser and passkey are lost. The vault is recovered with the sheet, with a new passkey and a
  // new sheet.
  await authenticator.forgetBrowser(origin);
  await authenticator.replace({ hasPrf: true });
  const fresh = await person.recover(paper.code);
  lookNow("after the code was used");
  await person.confirmSheet(fresh);
  await expect(person.row(texts.label)).toBeVisible();
  const made = authenticator.ceremonies.findLast(({ call }) => call === "create")!;
  const renewed = rootsOf(server.data, made.first!, made.second!);
  expect(renewed, "another passkey opens the same roots").toEqual(roots);
  const named = (what: string) => (canary: Canary) => ({ ...canary, name: `${canary.name}, ${what}` });
  add(
    ...recoveryOf(server.data, fresh.groups, roots).map(named("second sheet")),
    ...keysOf(server.data, made.first!, made.second!)
      .filter(({ name }) => name.includes("slot"))
      .map(named("second passkey")),
    ...authenticator.outputs().map((bytes, at) => ({ name: `PRF output ${at + 1}`, bytes })),
    { name: "name of a passkey", bytes: Buffer.from("Found again") },
  );

  // The vault is opened in a browser that does not know it.
  await authenticator.forgetBrowser(origin);
  await page.goto("/unlock");
  await person.unlock();
  await person.button("Continue").click();
  await expect(person.row(texts.label)).toBeVisible();

  const search = new Search(canaries);
  await test.step("search", async () => {
    lookNow("in the end");
    const files = await readdir(server.data, { recursive: true });
    for (const file of ["vault.db-wal", ...storeFiles(server.data)]) expect(files).toContain(file);
    expect(storeFiles(server.data)).toHaveLength(5);
    expect(await lookThroughFolder(server.data, search)).toBeGreaterThan(10_000);
    expect(search.take(), "data folder and stores").toEqual([]);
    const tables = lookThroughRows(server.data, search);
    for (const table of ["vault.db parts", "vault.db recovery", "vault.db versions", "stores/5/shares.db shares"]) {
      expect(tables).toContain(table);
    }
    expect(search.take(), "rows").toEqual([]);
    expect(server.log().length).toBeGreaterThan(100);
    search.look(server.log());
    expect(search.take(), "logs").toEqual([]);
    expect(wire.count("POST /api/commit"), "writes went through the proxy").toBeGreaterThan(3);
    expect(wire.requests.filter((line) => line.startsWith("POST /api/stores/")).length).toBeGreaterThan(10);
    search.look(wire.sent());
    expect(search.take(), "traffic to the server").toEqual([]);
    search.look(wire.got());
    expect(search.take(), "traffic from the server").toEqual([]);
  });

  await test.step("the search finds what is planted in data, stores and logs", async () => {
    const all = traces(canaries);
    for (const file of ["vault.db", "stores/3/shares.db"]) {
      const copy = join(folder, "planted", file.replaceAll("/", "-"));
      await cp(server.data, copy, { recursive: true });
      const database = join(copy, file);
      await writeFile(database, Buffer.concat([await readFile(database), all]));
      await lookThroughFolder(copy, search);
      expect(search.take(), file).toEqual(search.all());
    }
    const logs = join(folder, "logs");
    await mkdir(logs);
    await writeFile(join(logs, "stderr"), Buffer.concat([server.log(), all]));
    await lookThroughFolder(logs, search);
    expect(search.take(), "logs").toEqual(search.all());
  });

  await test.step("the search finds what is planted in traffic and memory", async () => {
    for (const portion of portions(canaries)) {
      // A request whose body never ends: the server holds what it has received so far.
      const some = traces(portion);
      const looking = new Search(portion);
      const socket = connect(wire.port, "127.0.0.1");
      socket.write(
        `POST /api/nothing HTTP/1.1\r\nhost: localhost:${wire.port}\r\norigin: ${origin}\r\n` +
          `content-type: application/json\r\ncontent-length: ${some.length + 1}\r\n\r\n`,
      );
      socket.write(some);
      await expect(() => {
        searchMemory(server.pid, looking);
        expect(looking.take()).toEqual(looking.all());
      }).toPass();
      looking.look(wire.sent());
      expect(looking.take(), "traffic to the server").toEqual(looking.all());
      socket.destroy();
    }
    // What was planted here must not fail the check of the page.
    wire.forget();
  });
});
