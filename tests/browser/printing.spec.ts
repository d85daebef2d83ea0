// A recovery sheet can be kept where nothing prints.
import { expect, test } from "./support/fixtures.ts";

const NAME = "Desk of Ada";

test("where printing does nothing, the sheet says so and names the other ways", async ({ page, person }) => {
  await page.addInitScript(() => {
    Object.assign(globalThis, { print: () => dispatchEvent(new Event("beforeprint")) });
  });
  await page.clock.install();
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await person.readSheet();
  const told = page.getByText("If no print dialog has opened, this browser cannot print here.");
  await person.button("Print").click();
  await page.clock.fastForward(5_000);
  await expect(told).toHaveCount(0);

  await page.evaluate(() => Object.assign(globalThis, { print: () => {} }));
  await person.button("Print").click();
  await page.clock.fastForward(5_000);
  await expect(told).toBeVisible();
  await expect(told).toContainText("Save the sheet as a file, copy the code, or write");
});
