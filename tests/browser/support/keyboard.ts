// A user without a pointer.
import { expect, type Locator, type Page } from "@playwright/test";

/** More tab stops than any page has. */
const MOST = 60;

export class Keyboard {
  private constructor(private readonly page: Page) {}

  /** Attaches to a page and counts its pointer events. */
  static async at(page: Page): Promise<Keyboard> {
    await page.addInitScript(() => {
      for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
        addEventListener(kind, () => sessionStorage.setItem("pointed", kind), true);
      }
    });
    return new Keyboard(page);
  }

  /** Presses Tab until the control has the focus. The focus must be visible at every stop. */
  async reach(target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    for (let steps = 0; steps < MOST; steps += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) {
        // An element that already had the focus may have been moved by content that appeared above
        // it.
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

  /** Expects that the focus is on this element, or on something else in the page, and not lost. */
  async isAt(target: Locator): Promise<void> {
    await expect(target).toBeFocused();
  }

  /** Expects that no pointer was used since the tab was opened. */
  async expectNoPointer(): Promise<void> {
    expect(await this.page.evaluate(() => sessionStorage.getItem("pointed"))).toBeNull();
  }

  /** Expects that the focused element is marked, within the window, and not covered. */
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
