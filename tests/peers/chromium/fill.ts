// Fills a vault as a second device: it replays the history, joins, and adds many records with each
// head.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, type Page } from "./playwright.ts";

/** The number of records in one commit. The server accepts bodies of at most 1 MiB. */
const AT_ONCE = 350;

/**
 * Adds records to the vault of the page's session. `output` is its passkey's output for the root.
 */
export async function fill(page: Page, origin: string, output: Buffer, records: number): Promise<void> {
  const folder = process.env.CRYSTALLUM_PEERS!;
  const { initSync, Filler } = await import(pathToFileURL(join(folder, "crystallum_peers.js")).href);
  initSync({ module: await readFile(join(folder, "crystallum_peers_bg.wasm")) });

  const headers = { origin, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const history = await page.request.get(`${origin}/api/delta?since=0`, { headers });
  expect(history.status(), await history.text()).toBe(200);
  const filler = Filler.join(await history.text(), output);
  expect(filler, "the vault opens with this output").toBeDefined();
  const commit = async (body: string): Promise<void> => {
    const answer = await page.request.post(`${origin}/api/commit`, { headers, data: body });
    expect(answer.status(), await answer.text()).toBe(200);
  };
  await commit(filler.joining());
  for (let left = records; left > 0; left -= AT_ONCE) await commit(filler.add(Math.min(left, AT_ONCE)));
}
