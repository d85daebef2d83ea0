// The devices of a vault: their list, their names, and removing them, each seen on another device.
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { Authenticator } from "./support/authenticator.ts";
import type { Guard } from "./support/guard.ts";
import { Person, type Paper } from "./support/person.ts";

const NAME = "Desk of Ada";
const ENTERED = "A new device entered this vault";
const ALONE = "No other device yet";
const REMOVED_ALARM = "This device was removed from your vault";

/** A second browser of the same user, which came in by the recovery sheet. */
class Elsewhere {
  private constructor(
    readonly person: Person,
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly authenticator: Authenticator,
    private readonly origin: string,
  ) {}

  static async enter(browser: Browser, guard: Guard, origin: string, paper: Paper): Promise<Elsewhere> {
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    const authenticator = await Authenticator.attach(page);
    const person = new Person(page, guard, origin);
    const next = await person.recover(paper.code);
    await person.confirmSheet(next);
    await expect(person.heading(NAME)).toBeVisible();
    return new Elsewhere(person, page, context, authenticator, origin);
  }

  /** Comes in once more, as a new device, with the passkey that was made here. */
  async enterAgain(): Promise<void> {
    await this.authenticator.forgetBrowser(this.origin);
    await this.page.goto(`${this.origin}/unlock`);
    await this.person.unlock();
    await this.person.button("Continue").click();
    await expect(this.person.heading(NAME)).toBeVisible();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

const rows = (page: Page) => page.getByRole("list", { name: "Devices of this vault" }).getByRole("listitem");

/** Goes to the list of devices with what the server has. */
async function openDevices(person: Person): Promise<void> {
  await person.lock();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  await person.link("Security").click();
  await person.page.getByRole("article").getByRole("link", { name: "See the devices" }).click();
  await expect(person.heading("Devices")).toBeVisible();
}

test("a device is listed and named on another, and told when it is removed", async ({
  page,
  person,
  browser,
  guard,
  origin,
}) => {
  test.slow();
  const paper = await person.createVaultWithSheet(NAME);
  await person.link("Security").click();
  await expect(person.text("This is the only device of this vault.")).toBeVisible();
  await person.link("See the devices").click();
  await expect(person.text(ALONE)).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("This device");
  await expect(rows(page)).toContainText(/Chrome on Linux.*Came in on \d+ \w+ \d{4}, [\d:]+ with a passkey/);
  await expect(rows(page)).toContainText("Newest change seen: 2, just now");
  await expect(page.getByRole("button", { name: /^Remove/ }), "it cannot remove itself").toHaveCount(0);

  const elsewhere = await Elsewhere.enter(browser, guard, origin, paper);
  await openDevices(person);
  await expect(page.getByText(ALONE)).toHaveCount(0);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("This device");
  await expect(rows(page).last()).toContainText("with a sign-in method that was removed since");
  await expect(rows(page).last()).toContainText(/Newest change seen: \d+, just now/);
  await expect(person.button("Remove all others"), "there is one other only").toHaveCount(0);

  await rows(page).last().getByRole("button", { name: /^Rename/ }).click();
  const naming = person.dialog("Rename this device");
  await naming.getByRole("button", { name: "Save name" }).click();
  await expect(naming).toContainText("Give it a name.");
  await naming.getByLabel("Name", { exact: true }).fill("Phone of Ada");
  guard.keep("name of a device", "Phone of Ada");
  await naming.getByRole("button", { name: "Save name" }).click();
  await expect(person.status("The name is saved.")).toBeVisible();
  await expect(person.heading("Devices")).toBeFocused();
  await openDevices(elsewhere.person);
  await expect(rows(elsewhere.page).first()).toContainText(/Phone of Ada\s+This device/);

  await person.button("Remove Phone of Ada").focus();
  await page.keyboard.press("Enter");
  const question = person.dialog("Remove this device?");
  await expect(question.getByRole("listitem")).toContainText(/Phone of Ada.*with a sign-in method that was removed since/s);
  await expect(question).toContainText("can write nothing more to this vault, and it is told so");
  await expect(question).toContainText("Its session on the server is not ended by this");
  await page.keyboard.press("Escape");
  await expect(person.button("Remove Phone of Ada")).toBeFocused();
  await page.keyboard.press("Enter");
  await question.getByRole("button", { name: "Remove device" }).click();
  await expect(person.status("The device is removed.")).toBeVisible();
  await expect(person.heading("Devices")).toBeFocused();
  await expect(rows(page)).toHaveCount(1);
  await expect(person.text(ALONE)).toBeVisible();
  await expect(page.getByText(ENTERED), "whoever removes it knows that it came in").toHaveCount(0);

  await expect(elsewhere.page.getByRole("heading", { name: REMOVED_ALARM })).toBeVisible();
  await elsewhere.close();
});

test("removing a passkey offers to remove what came in with it, and all others can go at once", async ({
  page,
  person,
  browser,
  guard,
  origin,
}) => {
  test.slow();
  const paper = await person.createVaultWithSheet(NAME);
  const elsewhere = await Elsewhere.enter(browser, guard, origin, paper);
  await elsewhere.enterAgain();
  await elsewhere.enterAgain();
  await openDevices(person);
  await expect(rows(page)).toHaveCount(4);
  const byPasskey = rows(page).filter({ hasText: "with the passkey “Found again”" });
  await expect(byPasskey).toHaveCount(2);

  await person.link("Back to Security").click();
  await expect(person.text("This device and 3 others can write to this vault.")).toBeVisible();
  await person.button("Remove Found again").click();
  const method = person.dialog("Remove this way in?");
  await expect(method).toContainText("Another 2 devices came in with it. You are asked about them next.");
  await method.getByRole("button", { name: "Remove for good" }).click();
  const question = person.dialog("Remove what came in with it?");
  await expect(question).toContainText("These came in with it and can still write:");
  await expect(question.getByRole("listitem")).toHaveCount(2);
  await question.getByRole("button", { name: "Keep them" }).click();
  await expect(person.button("Remove Found again")).toHaveCount(0);

  await page.getByRole("article").getByRole("link", { name: "See the devices" }).click();
  await expect(rows(page)).toHaveCount(4);
  await expect(rows(page).filter({ hasText: "a sign-in method that was removed since" })).toHaveCount(3);
  await person.button("Remove all others").click();
  const all = person.dialog("Remove all other devices?");
  await expect(all).toContainText("Only this device stays.");
  await all.getByRole("button", { name: "Remove 3 devices" }).click();
  await expect(person.status("The 3 devices are removed.")).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await elsewhere.close();
});

test("the notice of a device that entered leads to the list, and can remove that device at once", async ({
  page,
  person,
  browser,
  guard,
  origin,
}) => {
  test.slow();
  const paper = await person.createVaultWithSheet(NAME);
  const elsewhere = await Elsewhere.enter(browser, guard, origin, paper);
  await person.lock();
  await person.unlock();
  await expect(person.status(ENTERED)).toBeVisible();
  await person.link("See the devices").click();
  await expect(rows(page)).toHaveCount(2);
  await expect(person.link("See the devices"), "they are seen").toHaveCount(0);
  await person.button("Remove it").click();
  await person.dialog("Remove this device?").getByRole("button", { name: "Remove device" }).click();
  await expect(page.getByText(ENTERED)).toHaveCount(0);
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await person.unlock();
  await expect(person.text(ALONE)).toBeVisible();
  await expect(page.getByText(ENTERED)).toHaveCount(0);
  await elsewhere.close();
});
