// The clipboard as a test sees it, and browsers that guard it more strictly than this one does for
// a test.
import type { Browser, BrowserContext, Page } from "@playwright/test";

/** A page of nobody. It alone may read the clipboard without asking. */
const READER = "http://localhost/clipboard-reader";

/**
 * Reads and fills the clipboard from a page in another window, which has nothing to do with the
 * app.
 */
export class Elsewhere {
  private constructor(private readonly page: Page) {}

  static async open(browser: Browser): Promise<Elsewhere> {
    const context = await browser.newContext();
    await context.route(READER, (route) => route.fulfill({ contentType: "text/html", body: "<title>Reader</title>" }));
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(READER).origin });
    const page = await context.newPage();
    await page.goto(READER);
    return new Elsewhere(page);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  read(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  async copy(text: string): Promise<void> {
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), text);
  }
}

/**
 * How a browser limits writing. `chromium`: for five seconds after a click or a key press, by the
 * page's clock. `webkit`: while the click or key press is handled, before anything is awaited.
 * Playwright's own calls would count as clicks otherwise, and a permission would lift the limit.
 */
export type Limit = "chromium" | "webkit";

interface Guarded {
  testAway: boolean;
}

/** Limits writing in all pages of the app that are loaded from now on. */
export async function limitWriting(context: BrowserContext, origin: string, limit: Limit): Promise<void> {
  await context.addInitScript(
    ({ origin, limit }) => {
      if (location.origin !== origin) return;
      const state = { last: -Infinity, isHandling: false };
      for (const name of ["pointerdown", "pointerup", "click", "keydown"]) {
        addEventListener(
          name,
          (event) => {
            if (!event.isTrusted) return;
            Object.assign(state, { last: Date.now(), isHandling: true });
            // A message is a task of its own, after all handlers of this event.
            const channel = new MessageChannel();
            channel.port1.onmessage = () => (state.isHandling = false);
            channel.port2.postMessage(null);
          },
          true,
        );
      }
      const isAllowed = () => {
        if ((globalThis as unknown as Guarded).testAway) return false;
        return limit === "webkit" ? state.isHandling : Date.now() - state.last <= 5_000;
      };
      for (const name of ["write", "writeText"] as const) {
        const original = Clipboard.prototype[name] as (...args: unknown[]) => Promise<void>;
        Object.assign(Clipboard.prototype, {
          [name](this: Clipboard, ...args: unknown[]) {
            if (!isAllowed()) return Promise.reject(new DOMException("Write permission denied.", "NotAllowedError"));
            return original.apply(this, args);
          },
        });
      }
    },
    { origin, limit },
  );
}

/** The person leaves the page for another window. Playwright's pages all have the focus. */
export async function leave(page: Page): Promise<void> {
  await page.evaluate(() => {
    (globalThis as unknown as Guarded).testAway = true;
    dispatchEvent(new FocusEvent("blur"));
  });
}

/** The person comes back to the page. */
export async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => {
    (globalThis as unknown as Guarded).testAway = false;
    dispatchEvent(new FocusEvent("focus"));
  });
}
