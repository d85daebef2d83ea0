// No layout shift: controls that can be pressed do not move while the page loads.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { resize } from "./support/appearance.ts";

const NAME = "Desk of Ada";

/** Returns the position of each control that can be used already. */
async function positions(page: Page): Promise<Record<string, string>> {
  const all = page.getByRole("main").locator("a[href], button:enabled, summary, input, textarea");
  const found: Record<string, string> = {};
  for (const one of await all.filter({ visible: true }).all()) {
    const name = await one.evaluate((element) => element.textContent?.trim() || element.closest("label")?.textContent || element.id);
    const box = (await one.boundingBox())!;
    found[name] = `${Math.round(box.x)}, ${Math.round(box.y + (await page.evaluate(() => scrollY)))}`;
  }
  return found;
}

interface Visit {
  path: string;
  /** The request whose response the page waits for once its engine runs. */
  asks: RegExp | null;
  /** What happens to that request. */
  then?: "go" | "cut";
  /** Visible once the engine runs. */
  runs: Locator;
  /** Waits until everything has loaded. */
  ready: () => Promise<void>;
}

for (const width of [360, 1280]) {
  for (const known of [true, false]) {
    test(`nothing moves while a page comes to life: ${width} px, ${known ? "a known" : "a new"} browser`, async ({
      page,
      person,
      authenticator,
      origin,
      wire,
    }) => {
      const { code } = await person.createVaultWithSheet(NAME);
      if (known) await person.lock();
      else await authenticator.forgetBrowser(origin);
      await resize(page, width, 800);

      let started = Promise.resolve();
      let held = 0;
      await page.route(/\/worker-[0-9a-f]+\.wasm$/, async (route) => {
        held += 1;
        await started;
        await route.continue();
      });
      const enabled = (name: string) => () => expect(person.button(name)).toBeEnabled();
      const visits: Visit[] = [
        {
          path: "/recover",
          asks: null,
          runs: person.status("The code is complete and free of typing mistakes."),
          ready: enabled("Continue"),
        },
        {
          path: "/unlock",
          asks: /^\/api\/login\/challenge$/,
          runs: person.link("Use my recovery sheet"),
          ready: enabled("Unlock with passkey"),
        },
        {
          path: "/unlock",
          asks: /^\/api\/login\/challenge$/,
          then: "cut",
          runs: person.link("Use my recovery sheet"),
          ready: enabled("Unlock with passkey"),
        },
        {
          path: "/create",
          asks: /^\/api\/register\/challenge$/,
          runs: person.button("Create passkey"),
          ready: enabled("Create passkey"),
        },
      ];
      for (const visit of visits) {
        const { path, asks, then = "go", runs, ready } = visit;
        let start = () => {};
        started = new Promise((resolve) => (start = resolve));
        const answer = asks && wire.injectFault("stall", null, asks);
        await page.goto(path);
        await expect.poll(() => held, `the engine of ${path} is held`).toBe(visits.indexOf(visit) + 1);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        if (path === "/recover") await person.field("Recovery code").fill(code);
        const first = await positions(page);
        start();
        await expect(runs).toBeVisible();
        if (answer) await expect.poll(() => answer.hits, `the answer for ${path} is held`).toBe(1);
        const second = await positions(page);
        answer?.release(then);
        await ready();
        const last = await positions(page);
        expect(Object.keys(second).length, `something can be pressed on ${path}`).toBeGreaterThan(1);
        stayed(path, first, second);
        stayed(path, second, last);
      }
    });
  }
}

function stayed(path: string, before: Record<string, string>, after: Record<string, string>): void {
  for (const [name, place] of Object.entries(before)) {
    expect.soft(after[name], `“${name}” on ${path}`).toBe(place);
  }
}
