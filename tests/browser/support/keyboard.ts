// Somebody who has no mouse.
import { expect, type Locator, type Page } from "@playwright/test";

/** More stops than any page has. */
const MOST = 60;

export class Keyboard {
  private constructor(private readonly page: Page) {}

  /** Counts what only pointers do. */
  static async at(page: Page): Promise<Keyboard> {
    await page.addInitScript(() => {
      for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
        addEventListener(kind, () => sessionStorage.setItem("pointed", kind), true);
      }
    });
    return new Keyboard(page);
  }

  /** Presses Tab until the control has the focus; on the way the focus is somewhere and can be seen. */
  async reach(target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    for (let steps = 0; steps < MOST; steps += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) {
        // What had it already may have been moved by what came above it.
        await this.isSeen(steps > 0);
        return;
      }
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${target}`);
  }

  async press(target: Locator, key = "Enter"): Promise<void> {
    await expect(target).toBeEnabled();
    await this.reach(target);
    await this.page.keyboard.press(key);
  }

  async type(target: Locator, text: string): Promise<void> {
    await this.reach(target);
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(text);
  }

  /** The focus is not lost: it is on this, or on something else in the page. */
  async isAt(target: Locator): Promise<void> {
    await expect(target).toBeFocused();
  }

  /** No pointer was used since the tab was opened. */
  async expectNoPointer(): Promise<void> {
    expect(await this.page.evaluate(() => sessionStorage.getItem("pointed"))).toBeNull();
  }

  /** What has the focus is marked, in the window, and under nothing. */
  private async isSeen(moved: boolean): Promise<void> {
    const seen = await this.page.evaluate(() => {
      const element = document.activeElement!;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const marked = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      const { top, bottom, left, right } = element.getBoundingClientRect();
      const inside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
      return { name: element.outerHTML.slice(0, 120), marked, inside };
    });
    expect(seen, "the focus can be seen").toMatchObject(moved ? { marked: true, inside: true } : { marked: true });
  }
}
