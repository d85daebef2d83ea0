// T51: the operator restores Friday's backup on Sunday. On Saturday, a laptop was lost: its owner
// recovered the vault with the sheet on another device, made a passkey there, removed the old one
// with its laptop, and dealt the wallet anew. The server knows none of that, nor that passkey.
import { execFile } from "node:child_process";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { AxeBuilder } from "@axe-core/playwright";
import { counts, query } from "./support/database.ts";
import { close, expect, expectAlarm, reopen, test, THIRD } from "./support/deceived.ts";
import { BINANCE, OKX, Person } from "./support/person.ts";
import { takePictures } from "./support/pictures.ts";

const NAME = "Desk of Ada";
const WALLET = "Cold savings";
const PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const ALARM = "An older copy of your vault was refused";
const LOST = "The server was set back and no longer knows your passkey.";

async function operate(...args: string[]): Promise<void> {
  await promisify(execFile)(process.env.CRYSTALLUM_SERVER!, args);
}

test("the device that knows Sunday's state puts back, and its owner makes sheet and passkey again", async ({
  page,
  person,
  authenticator,
  browser,
  guard,
  origin,
  folder,
  server,
  servers,
}) => {
  test.slow();
  guard.allow(/40[19]/);
  guard.keep("phrase", PHRASE);
  const shares = page.getByRole("list", { name: "Stores of this wallet" }).getByRole("listitem");

  // Friday.
  const old = await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await person.button("Bring a phrase").click();
  await person.field("Recovery phrase").fill(PHRASE);
  await person.button("Go on").click();
  await person.field("Label").fill(WALLET);
  await person.button("Split and save").click();
  await expect(person.status("All 5 stores have their share.")).toBeVisible();
  const friday = join(folder, "friday");
  await operate("backup", friday, "--data", server.data);
  const before = counts(server.data).commits;

  // Saturday: the laptop is gone, with its passkey.
  await authenticator.forgetBrowser(origin);
  await authenticator.replace({ hasPrf: true });
  const saturday = await person.recover(old.code);
  await person.confirmSheet(saturday);
  await person.link("Security").click();
  await person.button("Remove Passkey").click();
  await person.button("Remove for good").click();
  const came = person.dialog("Remove what came in with it?");
  await came.getByRole("button", { name: "Remove device" }).click();
  await expect(came).toHaveCount(0);
  await person.link("Wallets").click();
  await person.link(WALLET).click();
  await person.link("Deal new shares").click();
  await person.button("Deal new shares").click();
  await expect(person.status("New shares are dealt")).toBeVisible();
  await person.link("Vault").click();
  await person.addKey(OKX);
  const newest = counts(server.data).commits;
  await close(person);

  // Sunday: the disk with the database broke, and the one with the stores did not.
  await servers.stop();
  const restored = join(folder, "restored");
  await operate("restore", friday, "--data", restored);
  await rm(join(restored, "stores"), { recursive: true });
  await rename(join(server.data, "stores"), join(restored, "stores"));
  await servers.put(restored);
  await reopen(person, origin);
  await expectAlarm(person, ALARM, /older copy of your vault, change \d+/, "friday");
  expect(counts(restored).commits, "nothing is stored unasked").toBe(before);
  await person.button("Put back what is missing").click();
  await expect(person.heading(NAME)).toBeVisible();
  expect(counts(restored).commits).toBe(newest);
  await expect(person.status(LOST)).toBeVisible();
  expect(query(restored, "SELECT count(*) FROM credentials")).toEqual([[0]]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  const pictures = process.env.CRYSTALLUM_SCREENS;
  if (pictures) await takePictures(page, pictures, "passkey-lost", [[360, 780], [1280, 800]]);

  // Nothing new is saved yet, and what was typed stays.
  await person.fillKey(THIRD);
  await person.button("Save key").click();
  await expect(person.alert(LOST)).toBeVisible();
  await person.link("Cancel").click();
  const context = await browser.newContext({ locale: "en-GB" });
  const thief = new Person(await context.newPage(), guard, origin);
  for (const code of [old.code, saturday.code]) {
    await thief.page.goto(`${origin}/recover`);
    await thief.field("Recovery code").fill(code);
    await thief.button("Continue").click();
    await expect(thief.alert("This code opens no vault on this server.")).toBeVisible();
  }
  await context.close();

  // A new sheet, then a new passkey in the place of the one on this device.
  await person.link("Make them under Security").click();
  await expect(person.heading("Security")).toBeVisible();
  await person.link("New recovery sheet").click();
  await person.button("Make a new sheet").click();
  await person.confirmSheet(await person.readSheet());
  await expect(person.status("Your recovery sheet is confirmed.")).toBeVisible();
  await person.link("Add passkey").click();
  await person.field("Name").fill("This device");
  await person.button("Begin").click();
  await person.button("Make the new passkey").click();
  await expect(person.status("The passkey is added.")).toBeVisible();
  expect(query(restored, "SELECT count(*) FROM credentials")).toEqual([[1]]);
  await expect(page.getByText("2 of 2 ways in")).toBeVisible();
  await expect(person.status(LOST)).toHaveCount(0);
  // The dialog is there by itself: the new passkey opens an ordinary session.
  const ended = person.dialog("Your session has ended");
  await ended.getByRole("button", { name: "Continue with passkey" }).click();
  await expect(ended).toHaveCount(0);
  await expect(person.status("Your session at the server has ended.")).toHaveCount(0);

  // Everything is as usual, and nothing was lost.
  await person.link("Vault").click();
  await person.addKey(THIRD);
  await person.link("Wallets").click();
  await person.link(WALLET).click();
  await person.button("Check the stores").click();
  await expect(shares).toHaveText(Array(5).fill(/Has its share/));
  await person.button("Show the phrase").click();
  await expect(page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem")).toHaveText(PHRASE.split(" "));
  await close(person);
  await reopen(person, origin);
  for (const key of [BINANCE, OKX, THIRD]) await expect(person.row(key.label)).toBeVisible();
  await expect(person.status(LOST)).toHaveCount(0);
  await operate("doctor", "--data", restored);
});
