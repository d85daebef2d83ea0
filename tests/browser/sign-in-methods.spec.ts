// Sign-in methods: adding, naming and removing them.
import { expect, test } from "./support/fixtures.ts";
import { BINANCE } from "./support/person.ts";

const NAME = "Desk of Ada";
const ALONE = "This vault has one way in only. If it is lost, nobody can open the vault.";

test("a vault with one sign-in method says so on every page until its sheet is confirmed", async ({ page, person }) => {
  await person.createVault(NAME);
  await expect(page.getByText(ALONE)).toBeVisible();
  await person.link("Security").click();
  await expect(page.getByText("1 of 2 ways in")).toBeVisible();
  await expect(page.getByText(ALONE)).toBeVisible();

  await person.link("Make a recovery sheet").click();
  await person.button("Make a new sheet").click();
  await person.confirmSheet(await person.readSheet());
  await expect(person.status("Your recovery sheet is confirmed.")).toBeVisible();
  await expect(page.getByText("2 of 2 ways in")).toBeVisible();
  await expect(page.getByText("Recovery sheet confirmed")).toBeVisible();
  await expect(page.getByText(ALONE)).toHaveCount(0);
  await person.lock();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  await expect(page.getByText(ALONE)).toHaveCount(0);
});

test("a sheet that was left unconfirmed cannot be shown again; a new one takes its place", async ({
  page,
  person,
  authenticator,
  origin,
}) => {
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  const lost = await person.readSheet();
  await person.leaveSheet();
  await person.link("Make a recovery sheet").click();
  await expect(person.heading("Make a new recovery sheet")).toBeVisible();
  await person.button("Make a new sheet").click();
  const paper = await person.readSheet();
  expect(paper.code).not.toBe(lost.code);
  await person.confirmSheet(paper);
  await expect(page.getByText("2 of 2 ways in")).toBeVisible();

  await authenticator.forgetBrowser(origin);
  await page.goto("/recover");
  await person.field("Recovery code").fill(lost.code);
  await person.button("Continue").click();
  await expect(person.alert("This code opens no vault on this server.")).toBeVisible();
});

test("a second passkey is added, named, opens the vault, and takes the place of the first", async ({
  page,
  person,
  authenticator,
  origin,
  guard,
}) => {
  guard.allow(/401/);
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await authenticator.addSecond();
  await person.link("Security").click();
  await person.link("Add passkey").click();
  await expect(page.getByText("First touch: a passkey that you have confirms that it is you.")).toBeVisible();
  await person.field("Name").fill("Key in the drawer");
  guard.keep("name of a way in", "Key in the drawer");
  await authenticator.use("first");
  await person.button("Begin").click();
  await expect(person.text("Now the new passkey")).toBeVisible();
  await authenticator.use("second");
  await person.button("Make the new passkey").click();
  await expect(person.status("The passkey is added.")).toBeVisible();
  await expect(page.getByText("2 of 2 ways in")).toBeVisible();
  await expect(page.getByText(ALONE)).toHaveCount(0);

  const ways = page.getByRole("list", { name: "Ways in" }).getByRole("listitem");
  await expect(ways.filter({ hasText: "Key in the drawer" })).toHaveCount(1);
  await person.button("Rename Key in the drawer").click();
  await person.dialog("Rename this passkey").getByLabel("Name", { exact: true }).fill("Key at the office");
  await person.button("Save name").click();
  await expect(ways.filter({ hasText: "Key at the office" })).toHaveCount(1);

  await person.lock();
  await authenticator.use("second");
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  await person.link("Security").click();
  await expect(ways.filter({ hasText: "Key at the office" })).toContainText("opened the vault this time");

  // Two methods must remain: the first can be removed only when there is a third.
  await person.button("Remove Passkey").click();
  const question = person.dialog("Remove this way in?");
  await expect(question).toContainText("From now on it cannot open the vault through this server.");
  await expect(question).toContainText("can open that old copy with it");
  await person.button("Remove for good").click();
  await expect(person.alert("Two ways into the vault must stay, and this is one of the last two.")).toBeVisible();
  await person.button("Keep it").click();
  await person.link("Make a new recovery sheet").click();
  await person.button("Make a new sheet").click();
  await person.confirmSheet(await person.readSheet());
  await person.button("Remove Passkey").click();
  await person.button("Remove for good").click();
  await expect(ways.filter({ hasText: "Passkey" })).toHaveCount(0);
  await expect(ways).toHaveCount(2);

  await authenticator.forgetBrowser(origin);
  await authenticator.use("first");
  await page.goto("/unlock");
  await person.unlock();
  await expect(person.alert("This passkey belongs to no vault on this server.")).toBeVisible();
  await authenticator.use("second");
  await person.unlock();
  await expect(person.heading("This browser does not know this vault")).toBeVisible();
  await person.button("Continue").click();
  await person.openKey(BINANCE.label);
});

test("an authenticator that holds a passkey of the vault makes no second one", async ({ page, person, authenticator }) => {
  await person.createVault(NAME);
  await page.goto("/unlock");
  await person.unlock();
  await person.link("Security").click();
  await person.link("Add passkey").click();
  await person.field("Name").fill("The same again");
  await person.button("Begin").click();
  await person.button("Make the new passkey").click();
  await expect(person.alert("This authenticator holds a passkey of this vault already.")).toBeVisible();
  expect(await authenticator.passkeys()).toBe(1);
});

test("without a ceremony no sign-in method changes", async ({ page, person, authenticator, wire }) => {
  await person.createVaultWithSheet(NAME);
  await authenticator.addSecond();
  await authenticator.use("first");
  await person.link("Security").click();
  authenticator.willing = false;
  await person.link("New recovery sheet").click();
  await person.button("Make a new sheet").click();
  await expect(person.alert("No touch arrived")).toBeVisible();
  await person.link("Back to Security").click();
  await person.link("Add passkey").click();
  await person.field("Name").fill("Never made");
  await person.button("Begin").click();
  await expect(person.alert("No touch arrived")).toBeVisible();
  expect(wire.count("POST /api/sign-in-methods")).toBe(0);
  await person.link("Cancel").click();
  await expect(page.getByText("2 of 2 ways in")).toBeVisible();
});
