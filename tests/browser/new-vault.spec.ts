// The last way on from an alarm that does not end: a new vault with the keys of this device's copy.
// With CRYSTALLUM_SCREENS it takes pictures.
import { alterJson, type Json } from "./support/altered.ts";
import { NAME, OWN_KEYS, THIRD, close, expect, expectKeys, reopen, test } from "./support/deceived.ts";
import { BINANCE, OKX } from "./support/person.ts";
import { takePictures } from "./support/pictures.ts";

const SIZES: [number, number][] = [[360, 780], [1280, 800]];

test("a new vault takes the keys of a copy whose alarm does not end", async ({ page, person, guard, origin, wire }) => {
  test.slow();
  guard.allow(/^console: Failed to load resource/);
  await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  await person.addKey(OKX);
  await close(person);

  // The server has an older state for this vault, and for no other.
  let [first, asked]: (string | undefined)[] = [];
  const setBack = (answer: Json): void => {
    asked = answer.account;
    first ??= asked;
    if (asked === first) answer.counter = 1;
  };
  const rules = [
    wire.alter("POST", /^\/api\/login$/, alterJson(setBack)),
    wire.alter("GET", /^\/api\/session/, alterJson(setBack)),
    wire.alter("GET", /^\/api\/delta/, alterJson((answer) => {
      if (asked !== first) return;
      answer.entries.length = 0;
      answer.counter = 1;
    })),
  ];
  await reopen(person, origin);
  await person.button("Make a new vault from this copy").click();
  await expect(person.heading("Make a new vault from this copy")).toBeFocused();
  await expect(page.getByText("2 exchange keys, with their labels and notes")).toBeVisible();
  await expect(person.field("Vault name")).toHaveValue(`${NAME} (new)`);
  const folder = process.env.CRYSTALLUM_SCREENS;
  if (folder) await takePictures(page, folder, "new-vault", SIZES);
  await person.button("Create passkey and copy").click();
  await expect(person.heading("Your new vault is ready")).toBeFocused();
  await expect(person.status("2 keys were copied.")).toBeVisible();
  if (folder) await takePictures(page, folder, "new-vault-ready", SIZES);
  expect(rules.every((rule) => rule.altered > 0)).toBe(true);

  // The lie about the other vault does not concern this one.
  await person.link("Open the new vault").click();
  await expect(person.heading(`${NAME} (new)`)).toBeVisible();
  await expect(person.status("You see the copy on this device")).toHaveCount(0);
  await expectKeys(person, OWN_KEYS);
  for (const rule of rules) rule.heal();
  await person.addKey(THIRD);
  await close(person);
  await page.goto(`${origin}/unlock`);
  await person.unlock();
  await expect(person.heading(`${NAME} (new)`)).toBeVisible();
  await expectKeys(person, [...OWN_KEYS, THIRD]);
});
