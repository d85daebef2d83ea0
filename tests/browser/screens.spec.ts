// Takes screenshots of every page at both widths in both themes, for review: into the folder
// CRYSTALLUM_SCREENS, or one that is named in the output.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEEP, expect, test } from "./support/fixtures.ts";
import { takePictures } from "./support/pictures.ts";
import { WALKS } from "./support/walk.ts";

test.skip(!DEEP && !process.env.CRYSTALLUM_SCREENS, "only the deep run takes them");

for (const [where, walk] of Object.entries(WALKS)) {
  test(`pictures ${where}`, async ({ page, context, person, authenticator, guard, server, wire, origin }) => {
    test.slow();
    const folder = process.env.CRYSTALLUM_SCREENS ?? mkdtempSync(join(tmpdir(), "crystallum-screens-"));
    console.info(`pictures in ${folder}`);
    let taken = 0;
    await walk({ page, context, person, authenticator, guard, server, wire, origin }, async (name) => {
      taken += await takePictures(page, folder, name);
    });
    expect(taken).toBeGreaterThan(40);
  });
}
