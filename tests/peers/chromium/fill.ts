// A second device of a vault, which writes with the server's API alone.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, type Page } from "./playwright.ts";

/** The number of records in one commit. The server accepts bodies of at most 1 MiB. */
const AT_ONCE = 350;

/** What the Wasm exports. */
interface Filler {
  joining(): string;
  add(count: number): string;
  rename(): string;
  counter(): number;
  follow(delta: string): boolean;
}

export class Writer {
  private constructor(
    private readonly page: Page,
    private readonly origin: string,
    private readonly filler: Filler,
  ) {}

  /** Joins the vault of the page's session. `output` is its passkey's output for the root. */
  static async join(page: Page, origin: string, output: Buffer): Promise<Writer> {
    const folder = process.env.CRYSTALLUM_PEERS!;
    const { initSync, Filler } = await import(pathToFileURL(join(folder, "crystallum_peers.js")).href);
    initSync({ module: await readFile(join(folder, "crystallum_peers_bg.wasm")) });
    const filler = Filler.join(await delta(page, origin, 0), output) as Filler | undefined;
    expect(filler, "the vault opens with this output").toBeDefined();
    const writer = new Writer(page, origin, filler!);
    await writer.commit(filler!.joining());
    return writer;
  }

  /** Adds exchange keys. The first one of a vault is `Account 00000`. */
  async add(records: number): Promise<void> {
    for (let left = records; left > 0; left -= AT_ONCE) await this.commit(this.filler.add(Math.min(left, AT_ONCE)));
  }

  /** Renames the vault until it has seen that many changes. */
  async renameUntil(changes: number): Promise<void> {
    while (this.filler.counter() < changes) await this.commit(this.filler.rename());
  }

  /** Follows what other devices have changed. */
  async follow(): Promise<void> {
    expect(this.filler.follow(await delta(this.page, this.origin, this.filler.counter()))).toBe(true);
  }

  private async commit(body: string): Promise<void> {
    const headers = { origin: this.origin, "sec-fetch-site": "same-origin", "content-type": "application/json" };
    const answer = await this.page.request.post(`${this.origin}/api/commit`, { headers, data: body });
    expect(answer.status(), await answer.text()).toBe(200);
  }
}

async function delta(page: Page, origin: string, since: number): Promise<string> {
  const headers = { origin, "sec-fetch-site": "same-origin" };
  const answer = await page.request.get(`${origin}/api/delta?since=${since}`, { headers });
  expect(answer.status(), await answer.text()).toBe(200);
  return answer.text();
}
