// Measures what changes by other devices cost the built app: how much is fetched and how soon it is
// shown, in vaults of different sizes, and how long a new device needs to enter one.
import type { Response } from "@playwright/test";
import { duration, median, spread, tell } from "./figures.ts";
import type { Writer } from "./fill.ts";
import { expect, test, type Page } from "./playwright.ts";
import { Site, createWithWriter, shows, someone, type Someone } from "./scene.ts";
import { traced } from "./tracing.ts";

/** The sizes of vaults. */
const RECORDS = [100, 1_000, 10_000, 100_000];
/** The options of a server that takes the largest one, and as many requests as there are. */
const LIMITS = {
  "--vault-entries": "150000",
  "--quota-records": "120000",
  "--quota-bytes": "1000000000",
  "--rate-scale": "1000",
};
/** The number of records of the vault that new devices enter, and of the changes it has seen. */
const ENTERED = 10_000;
const CHANGES = [0, 10_000];
const ROUNDS = 7;
/** The time in ms between two changes, so that the page asks at once when it is told of one. */
const PAUSE = 2_500;

for (const records of RECORDS) {
  test(`sync with ${records} records`, async ({ browser }) => {
    const site = await Site.start(...Object.entries(LIMITS).flat());
    const one = await someone(browser, site);
    const writer = await fillVault(one, site, records);
    const { page } = one;
    const [times, sizes, tasks]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round <= ROUNDS; round += 1) {
      await page.waitForTimeout(PAUSE);
      const fetched = countBytes(page);
      const [took, task] = await traced(browser, page, async () => {
        await writer.add(1);
        const begin = Date.now();
        await shows(page, '[role="status"]', `${(records + round + 1).toLocaleString("en")} keys`);
        return Date.now() - begin;
      });
      const bytes = await fetched();
      // The first one also brings the known head again, with all that it has added.
      if (round === 0) continue;
      times.push(took);
      sizes.push(bytes);
      tasks.push(task.wall);
    }
    tell(`one change by another device, ${records} records: ${spread(times)} until it is shown, ${median(sizes)} bytes`);
    tell(`longest task of the page then: ${spread(tasks)}`);
    await page.context().close();
    await site.stop();
  });
}

test("enter a vault as a new device", async ({ browser }) => {
  const site = await Site.start("--rate-scale", "1000");
  const one = await someone(browser, site);
  const writer = await fillVault(one, site, ENTERED);
  const { page, person, authenticator } = one;
  for (const changes of CHANGES) {
    await writer.renameUntil(changes);
    const [times, whole]: [number[], number[]] = [[], []];
    for (let round = 0; round < 3; round += 1) {
      await authenticator.forgetBrowser(site.origin);
      await page.goto(`${site.origin}/unlock`);
      const button = person.button("Unlock with passkey");
      await expect(button).toBeEnabled();
      const begin = Date.now();
      await button.click();
      await person.button("Continue").click();
      await page.getByRole("link", { name: "Account 00000" }).waitFor();
      times.push(Date.now() - begin);
      await page.getByText("still on their way to this device").waitFor({ state: "hidden" });
      whole.push(Date.now() - begin);
      await writer.follow();
    }
    const seen = Math.max(changes, Math.ceil(ENTERED / 350) + 2);
    tell(`enter a vault of ${ENTERED} records after ${seen} changes: ${spread(times)} from the click to the list, ${spread(whole)} to the last secret`);
  }
  await page.context().close();
  await site.stop();
});

/** Creates a vault, fills it by another device, and waits until the page shows that. */
async function fillVault(one: Someone, site: Site, records: number): Promise<Writer> {
  const { person } = one;
  const writer = await createWithWriter(one, site);
  const begin = Date.now();
  await writer.add(records);
  const written = Date.now();
  await expect(person.status(`${records.toLocaleString("en")} keys`)).toBeVisible({ timeout: 600_000 });
  tell(`${records} records by another device: written in ${duration(written - begin)}, shown ${duration(Date.now() - written)} later`);
  return writer;
}

/** Counts the bytes of the answers to page and worker, until the result is called. */
function countBytes(page: Page): () => Promise<number> {
  const answers: Response[] = [];
  const note = (answer: Response) => void answers.push(answer);
  page.on("response", note);
  return async () => {
    page.off("response", note);
    const sizes = await Promise.all(
      answers.map(async (answer) => {
        const { responseBodySize, responseHeadersSize } = await answer.request().sizes();
        return responseBodySize + responseHeadersSize;
      }),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  };
}
