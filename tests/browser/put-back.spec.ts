// T51: the server is started on an older copy of its data. A device that knows more says so
// whenever it is opened, and puts back what is missing.
import { readFile } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { counts } from "./support/database.ts";
import { expect, test } from "./support/deceived.ts";
import { BINANCE, OKX } from "./support/person.ts";

const NAME = "Restored vault";
const ALARM = "An older copy of your vault was refused";

test("a device that was closed puts back what the server has lost", async ({
  page,
  person,
  servers,
}) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  const backup = await servers.backUp();
  await person.addKey(OKX);
  await person.lock();
  await servers.put(backup);

  // The alarm is there each time that the vault is opened.
  for (let times = 0; times < 2; times += 1) {
    await page.goto("/unlock");
    await person.unlock();
    await expect(person.heading(ALARM)).toBeFocused();
    if (times === 0) {
      await person.button("Ask the server again").click();
      await expect(person.heading(ALARM)).toBeVisible();
      await person.button("Lock").click();
      await expect(person.heading("Unlock your vault")).toBeVisible();
    }
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  const saving = page.waitForEvent("download");
  await person.button("Save both signatures").click();
  const evidence = await readFile(await (await saving).path(), "utf8");
  expect(JSON.parse(evidence)).toMatchObject({
    form: "crystallum evidence 1",
    alarm: { rollback: { mine: 3, offered: 2 } },
    offered: { change: 2 },
    own: { change: 3 },
  });

  expect(counts(backup).commits).toBe(2);
  await person.button("Put back what is missing").click();
  await expect(person.heading(NAME)).toBeVisible();
  await expect(person.heading(ALARM)).toHaveCount(0);
  expect(counts(backup).commits).toBe(3);
  await person.openKey(OKX.label);
  await person.button("I have read it").click();
  await expect(person.button("I have read it")).toHaveCount(0);
});
