// Takes screenshots for review.
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { colour, resize } from "./appearance.ts";

/** Takes screenshots of a page in both themes at each width. Returns how many. */
export async function takePictures(
  page: Page,
  folder: string,
  name: string,
  sizes: [number, number][] = [
    [360, 780],
    [1440, 900],
  ],
): Promise<number> {
  let taken = 0;
  const before = page.viewportSize()!;
  for (const [width, height] of sizes) {
    await resize(page, width, height);
    // Panes scroll separately, so the window grows until nothing scrolls.
    const hidden = await page.evaluate(() => {
      const panes = [document.documentElement, ...document.querySelectorAll(".vault__pane, .vault__list, main")];
      return Math.max(...panes.map((pane) => pane.scrollHeight - pane.clientHeight));
    });
    if (hidden > 0) await resize(page, width, height + hidden);
    for (const colorScheme of ["light", "dark"] as const) {
      await colour(page, colorScheme);
      await page.screenshot({
        path: join(folder, `${name}-${width}-${colorScheme}.png`),
        caret: "hide",
        fullPage: true,
      });
      taken += 1;
    }
  }
  await page.setViewportSize(before);
  return taken;
}
