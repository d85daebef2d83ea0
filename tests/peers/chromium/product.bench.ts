// Measures the built app and the server as they ship: how soon the user can unlock, and what blocks
// the page.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Authenticator } from "../../browser/support/authenticator.ts";
import { Person } from "../../browser/support/person.ts";
import { Server } from "../../browser/support/server.ts";
import { fill } from "./fill.ts";
import { duration, spread, tell } from "./figures.ts";
import { expect, test, type Browser, type Page } from "./playwright.ts";
import { traced, type Task } from "./tracing.ts";

const RECORDS = 10_000;
const VAULT = "Bench vault";
/** The number of rounds of quick actions. */
const ROUNDS = 7;
/** The number of rounds of actions that need a new vault. */
const VAULTS = 3;
/** The time in ms after which the worker has done what can wait. */
const IDLE = 4000;
/** The time in ms that a user needs at least to confirm a passkey prompt. */
const REACTION = 1000;

interface Someone {
  page: Page;
  person: Person;
  authenticator: Authenticator;
}

let folder: string;
let server: Server;
let origin: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "crystallum-bench-"));
  server = await Server.start(join(folder, "data"), "http://localhost:0", {
    app: process.env.CRYSTALLUM_DIST!,
    signUp: "open",
  });
  origin = `http://localhost:${server.port}`;
});
test.afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Opens a new browser context that knows no vault. */
async function someone(browser: Browser): Promise<Someone> {
  const context = await browser.newContext({ baseURL: origin, locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  const authenticator = await Authenticator.attach(page);
  await page.addInitScript(watchForUnlock);
  await page.addInitScript(noteTouches);
  return { page, authenticator, person: new Person(page, { keep() {} } as never) };
}

/** Runs in the page before anything else. Records when the unlock button becomes usable. */
function watchForUnlock(): void {
  const look = () => {
    const buttons = [...document.querySelectorAll("button")];
    const button = buttons.find(({ textContent }) => textContent?.trim() === "Unlock with passkey");
    if (!button || button.disabled || button.ariaDisabled === "true") return;
    Object.assign(globalThis, { usable: performance.now() });
    watcher.disconnect();
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document, { attributes: true, childList: true, subtree: true });
}

/**
 * Runs in the page before anything else. Delays passkey results as configured, and records their
 * time.
 */
function noteTouches(): void {
  const noted = globalThis as unknown as { reaction?: number; touched?: number };
  const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = async (options) => {
    await new Promise((resolve) => setTimeout(resolve, noted.reaction ?? 0));
    const credential = await get(options);
    noted.touched = performance.now();
    return credential;
  };
}

/** Waits, checking the page at most once a frame. */
async function shows(page: Page, selector: string, text: string): Promise<void> {
  const there = ([selector, text]: readonly [string, string]) =>
    [...document.querySelectorAll(selector)].some((element) => element.textContent?.trim() === text);
  await page.waitForFunction(there, [selector, text] as const);
}

function tellTasks(name: string, tasks: Task[]): void {
  const processor = tasks.map((task) => task.processor);
  tell(`longest task of the page, ${name}: ${spread(tasks.map((task) => task.wall))}, of the processor ${spread(processor)}`);
}

/** Waits from the click to the new vault's sheet. */
async function create({ page, person }: Someone): Promise<void> {
  await person.button("Create passkey").click();
  await shows(page, "h1", "Your recovery sheet");
}

/** Returns the time in ms until the list shows all visible rows. */
interface Unlocking {
  fromClick: number;
  fromTouch: number;
}

/** `reaction` is how long the user takes to confirm the passkey prompt, in ms. */
async function unlock({ page, person }: Someone, reaction = 0): Promise<Unlocking> {
  const button = person.button("Unlock with passkey");
  await expect(button).toBeEnabled();
  await page.evaluate((reaction) => {
    Object.assign(globalThis, { reaction });
    addEventListener("click", (event) => Object.assign(globalThis, { clicked: event.timeStamp }), { once: true });
  }, reaction);
  await button.click();
  const seen = await page.waitForFunction(() => {
    const told = document.querySelector('[aria-label="Exchange keys"] a, [aria-label="Exchange keys"] [role="link"]');
    return told ? performance.now() : 0;
  });
  const end = await seen.jsonValue();
  const { clicked, touched } = await page.evaluate(() => {
    const { clicked, touched } = globalThis as unknown as { clicked: number; touched: number };
    return { clicked, touched };
  });
  return { fromClick: end - clicked, fromTouch: end - touched };
}

test("create", async ({ browser }) => {
  const tasks: Task[] = [];
  for (let round = 0; round < VAULTS; round += 1) {
    const one = await someone(browser);
    await one.person.startVault(VAULT);
    const [, task] = await traced(browser, one.page, () => create(one));
    tasks.push(task);
    await one.page.context().close();
  }
  tellTasks("creating a vault", tasks);
});

test("a vault with many records", async ({ browser }) => {
  const one = await someone(browser);
  const { page, person, authenticator } = one;
  await person.startVault(VAULT);
  await create(one);
  await person.leaveSheet();
  await shows(page, "h1", VAULT);
  await fill(page, origin, authenticator.outputs()[0], RECORDS);

  await person.lock();
  const [first, firstTask] = await traced(browser, page, () => unlock(one));
  tell(`unlock when ${RECORDS} records by another device are new to this one: ${duration(first.fromClick)} from click to list`);
  tellTasks("unlocking then", [firstTask]);
  // Once no command has come for a second, the worker writes the snapshot of the overviews.
  await page.waitForTimeout(IDLE);

  const [atOnce, later]: [number[], number[]] = [[], []];
  const tasks: Task[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const reaction of [0, REACTION]) {
      await person.lock();
      const [took, task] = await traced(browser, page, () => unlock(one, reaction));
      if (reaction === 0) atOnce.push(took.fromClick);
      else later.push(took.fromTouch);
      tasks.push(task);
    }
  }
  await expect(person.status("10,000 keys")).toBeVisible();
  tell(`unlock with ${RECORDS} records: ${spread(later)} from the touch, a second after the click, to the list`);
  tell(`unlock with ${RECORDS} records: ${spread(atOnce)} from the click to the list, touched at once`);
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
