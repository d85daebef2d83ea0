// Takes screenshots of every page at both widths in both themes, for review: into the folder
// CRYSTALLUM_SCREENS, or one that is named in the output.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEEP, expect, test } from "./support/fixtures.ts";
import { colour, resize } from "./support/appearance.ts";
import { WALKS } from "./support/walk.ts";

test.skip(!DEEP && !process.env.CRYSTALLUM_SCREENS, "only the deep run takes them");

for (const [where, walk] of Object.entries(WALKS)) {
  test(`pictures ${where}`, async ({ page, context, person, authenticator, guard, server, wire, origin }) => {
    test.slow();
    const folder = process.env.CRYSTALLUM_SCREENS ?? mkdtempSync(join(tmpdir(), "crystallum-screens-"));
    console.info(`pictures in ${folder}`);
    let taken = 0;
    await walk({ page, context, person, authenticator, guard, server, wire, origin }, async (name) => {
      const before = page.viewportSize()!;
      for (const [width, height] of [
        [360, 780],
        [1440, 900],
      ]) {
        await resize(page, width, height);
        // Panes scroll separately, so the window grows until nothing scrolls.
        const hidden = await page.evaluate(() => {
          const panes = [document.documentElement, ...document.querySelectorAll(".vault__pane, .vault__list, main")];
          return Math.max(...panes.map((pane) => pane.scrollHeight - pane.clientHeight));
        });
        if (hidden > 0) await resize(page, width, height + hidden);
        for (const colorScheme of ["light", "dark"] as const) {
          await colour(page, colorScheme);
          const path = join(folder, `${name}-${width}-${colorScheme}.png`);
          await page.screenshot({ path, caret: "hide", fullPage: true });
          taken += 1;
        }
      }
      await page.setViewportSize(before);
    });
    expect(taken).toBeGreaterThan(40);
  });
}
