// Measures the built app and the server as they ship: how soon the user can unlock, and what blocks
// the page.
import { duration, spread, tell } from "./figures.ts";
import { expect, test } from "./playwright.ts";
import { Site, VAULT, create, createWithWriter, someone, unlock, type Someone } from "./scene.ts";
import { traced, type Task } from "./tracing.ts";

const RECORDS = 10_000;
/** The number of rounds of quick actions. */
const ROUNDS = 7;
/** The number of rounds of actions that need a new vault. */
const VAULTS = 3;
/** The time in ms after which the worker has done what can wait. */
const IDLE = 4000;
/** The time in ms that a user needs at least to click, or to confirm a passkey prompt. */
const REACTION = 1000;

let site: Site;
test.beforeAll(async () => {
  site = await Site.start();
});
test.afterAll(() => site.stop());

function tellTasks(name: string, tasks: Task[]): void {
  const processor = tasks.map((task) => task.processor);
  tell(`longest task of the page, ${name}: ${spread(tasks.map((task) => task.wall))}, of the processor ${spread(processor)}`);
}

test("create", async ({ browser }) => {
  const tasks: Task[] = [];
  for (let round = 0; round < VAULTS; round += 1) {
    const one = await someone(browser, site);
    await one.person.startVault(VAULT);
    const [, task] = await traced(browser, one.page, () => create(one));
    tasks.push(task);
    await one.page.context().close();
  }
  tellTasks("creating a vault", tasks);
});

test("a vault with many records", async ({ browser }) => {
  const one = await someone(browser, site);
  const { page, person } = one;
  const writer = await createWithWriter(one, site);
  await writer.add(RECORDS);

  await person.lock();
  const [first, firstTask] = await traced(browser, page, () => unlock(one));
  tell(`unlock when ${RECORDS} records by another device are new to this one: ${duration(first.fromClick)} from click to list`);
  tellTasks("unlocking then", [firstTask]);
  // Once no command has come for a second, the worker writes the snapshot of the overviews.
  await page.waitForTimeout(IDLE);

  // How long the unlock page waits for the click, and the prompt for the touch, in ms.
  const waits: [string, number, number][] = [
    ["from the click to the list, a second after the page is there, touched at once", REACTION, 0],
    ["from the click to the list, at once after the page is there, touched at once", 0, 0],
    ["from the touch to the list, a second after the click", 0, REACTION],
  ];
  const tasks: Task[] = [];
  for (const [what, pause, reaction] of waits) {
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await person.lock();
      await page.waitForTimeout(pause);
      const [{ fromClick, fromTouch }, task] = await traced(browser, page, () => unlock(one, reaction));
      took.push(reaction === 0 ? fromClick : fromTouch);
      tasks.push(task);
    }
    tell(`unlock with ${RECORDS} records: ${spread(took)} ${what}`);
  }
  await expect(person.status("10,000 keys")).toBeVisible();
  tellTasks(`unlocking with ${RECORDS} records`, tasks);

  const searches: Task[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [, task] = await traced(browser, page, () => search(one));
    searches.push(task);
  }
  tellTasks(`searching ${RECORDS} records`, searches);

  await person.lock();
  const usable: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) usable.push(await arrive(one));
  usable.shift();
  tell(`cold navigation to a usable unlock button: ${spread(usable)}`);
});

/** Types a label letter by letter, finds one record, and clears the search. */
async function search({ page, person }: Someone): Promise<void> {
  const field = page.getByRole("searchbox", { name: "Search keys" });
  await field.focus();
  await page.keyboard.type("account 09876", { delay: 30 });
  await expect(person.status("1 key matches “account 09876”.")).toBeVisible();
  await field.fill("");
  await expect(person.status("10,000 keys")).toBeVisible();
}

/**
 * Returns the time in ms from the start of a navigation with empty caches until the button is
 * usable.
 */
async function arrive({ page }: Someone): Promise<number> {
  await page.goto("about:blank");
  const session = await page.context().newCDPSession(page);
  await session.send("Network.clearBrowserCache");
  await session.detach();
  await page.goto("/unlock");
  const usable = await page.waitForFunction(() => (globalThis as unknown as { usable?: number }).usable);
  return (await usable.jsonValue())!;
}
