// Two histories of one vault, with work on both: a device shows what differs and goes on with the
// server's history. With CRYSTALLUM_SCREENS it takes pictures of what the user sees.
import { AxeBuilder } from "@axe-core/playwright";
import {
  FOURTH,
  NAME,
  RENAMED,
  THIRD,
  close,
  enterElsewhere,
  expect,
  expectHonest,
  expectKeys,
  renameKey,
  reopen,
  test,
} from "./support/deceived.ts";
import { BINANCE, OKX } from "./support/person.ts";
import { takePictures } from "./support/pictures.ts";

const FORK = "A different history of your vault was refused";
const COPY = "Binance, renamed here";
const SIZES: [number, number][] = [
  [360, 780],
  [1280, 800],
];

test.beforeEach(async ({ guard }) => guard.allow(/^console: Failed to load resource/));

// Attack T15 of tests/ATTACKS.md.
test("a device goes on with the server's history and carries over what only it has", async ({
  page,
  person,
  browser,
  guard,
  origin,
  servers,
}) => {
  const folder = process.env.CRYSTALLUM_SCREENS;
  const pictures = async (name: string) => folder && takePictures(page, folder, name, SIZES);
  const paper = await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  const { person: phone, context } = await enterElsewhere(browser, guard, origin, paper);
  await close(phone);
  await close(person);
  await reopen(person, origin);
  await expectKeys(person, [BINANCE]);
  const backup = await servers.backUp();
  await person.addKey(THIRD);
  await renameKey(person, BINANCE.label, COPY);
  await close(person);
  await servers.put(backup);
  await reopen(phone, origin);
  await phone.addKey(FOURTH);
  await renameKey(phone, BINANCE.label, RENAMED);
  await close(phone);

  await reopen(person, origin);
  await expect(person.heading(FORK)).toBeFocused();
  await person.button("See what differs").click();
  for (const row of [
    `Key “${THIRD.label}”: will be added`,
    `Key “${FOURTH.label}”: will be kept`,
    `Key “${COPY}”: this device's version is kept as a copy`,
  ]) {
    await expect(page.getByRole("listitem").filter({ hasText: row })).toBeVisible();
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await pictures("going-over-differences");

  await person.button("Go on with the server's history").click();
  await expect(person.heading(FORK)).toHaveCount(0);
  const note = page.getByText(/^On .* this device went over to the server's history, at change \d+\. Nothing was lost\.$/);
  await expect(note).toBeVisible();
  await expect(page.getByText(`Came along: “${THIRD.label}”.`)).toBeVisible();
  await expect(page.getByText(`Kept as a copy beside the server's version: “${COPY}”.`)).toBeVisible();
  await pictures("going-over-note");
  const all = [{ ...BINANCE, label: COPY }, { ...BINANCE, label: RENAMED }, THIRD, FOURTH];
  await expectKeys(person, all);
  await person.button("I have read it").click();
  await expect(note).toHaveCount(0);
  await close(person);

  await expectHonest(phone, origin, all, OKX);
  await close(phone);
  await context.close();
  await reopen(person, origin);
  await expectKeys(person, [...all, OKX]);
  await expect(note).toHaveCount(0);
});
