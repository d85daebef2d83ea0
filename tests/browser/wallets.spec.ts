// Wallets: a phrase that exists only as shares, imported or created, split, rebuilt, checked and
// reshared.
import type { Page } from "@playwright/test";
import { query } from "./support/database.ts";
import { expect, test } from "./support/fixtures.ts";
import type { Guard } from "./support/guard.ts";
import { Manager } from "./support/manager.ts";
import type { Person } from "./support/person.ts";
import { alter, empty, held, resume, stop } from "./support/stores.ts";

const NAME = "Desk of Ada";
const LABEL = "Cold savings";
const PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/** The words on screen, in order. */
const words = (page: Page) => page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem");

/** The status of each store, in order. */
const states = (page: Page) => page.getByRole("list", { name: "Stores of this wallet" }).getByRole("listitem");

/** Registers the phrase and each two neighbours in it, so that no request may contain them. */
function keep(guard: Guard, phrase: string): void {
  const all = phrase.split(" ");
  guard.keep("phrase", phrase);
  for (const at of all.keys()) if (at > 0) guard.keep(`words ${at} and ${at + 1}`, `${all[at - 1]} ${all[at]}`);
}

async function bring(page: Page, person: Person, phrase: string): Promise<void> {
  await person.link("Wallets").click();
  await expect(person.heading("Wallets")).toBeVisible();
  await person.link("Add wallet").click();
  await expect(person.heading("Add a wallet")).toBeVisible();
  await person.button("Bring a phrase").click();
  await person.field("Recovery phrase").fill(phrase);
  await expect(page.getByText("The words belong together.")).toBeVisible();
  await person.button("Go on").click();
  await expect(page.getByRole("heading", { name: "Split it into shares" })).toBeFocused();
}

/** Creates a vault with a wallet of 3 shares out of 5 and stays on its page. */
async function withWallet(page: Page, person: Person, guard: Guard): Promise<void> {
  keep(guard, PHRASE);
  await person.createVault(NAME);
  await bring(page, person, PHRASE);
  await person.field("Label").fill(LABEL);
  await person.button("Split and save").click();
  await expect(person.heading(LABEL)).toBeVisible();
  await expect(person.status("All 5 stores have their share.")).toBeVisible();
}

async function expectPhrase(page: Page, person: Person, phrase: string): Promise<void> {
  await person.button("Show the phrase").click();
  await expect(words(page)).toHaveText(phrase.split(" "));
}

test("an imported phrase is split 3 of 5 and rebuilt for a minute with a ceremony of its own", async ({
  page,
  person,
  guard,
  authenticator,
}) => {
  keep(guard, PHRASE);
  await page.clock.install();
  await person.createVault(NAME);
  await person.link("Wallets").click();
  await expect(page.getByRole("heading", { name: "No wallets yet" })).toBeVisible();
  await bring(page, person, PHRASE);

  await expect(page.getByText("Any 3 of the 5 rebuild it.")).toBeVisible();
  await expect(page.getByText("2 may vanish.")).toBeVisible();
  await expect(page.getByText("Nobody with 2 or fewer learns anything.")).toBeVisible();
  await expect(page.getByText("These stores are files on one machine, the server's own.")).toBeVisible();
  await expect(page.getByRole("img", { name: /^A key in the middle of 5 stores; 3 of them are lit/ })).toBeVisible();
  await page.getByRole("radio", { name: "5", exact: true }).check();
  await expect(page.getByText("All 5 together rebuild it.")).toBeVisible();
  await page.getByRole("checkbox", { name: "Store 5" }).uncheck();
  await expect(page.getByText("All 4 together rebuild it.")).toBeVisible();
  await page.getByRole("checkbox", { name: "Store 5" }).check();
  await expect(page.getByText("All 5 together rebuild it."), "the number that was chosen is back").toBeVisible();
  await page.getByRole("radio", { name: "3", exact: true }).check();
  await person.button("Split and save").click();
  await expect(person.alert("Give the wallet a label.")).toBeVisible();
  await person.field("Label").fill(LABEL);
  const before = authenticator.ceremonies.length;
  await person.button("Split and save").click();
  await expect(person.heading(LABEL)).toBeVisible();
  await expect(person.status(`${LABEL} is saved: 5 stores hold one share each.`)).toBeVisible();
  await expect(states(page)).toHaveText(Array(5).fill(/Has its share/));
  expect(authenticator.ceremonies.length, "splitting took one touch").toBe(before + 1);

  await expectPhrase(page, person, PHRASE);
  await expect(page.getByText(/^Hides in \d+ s$/)).toBeVisible();
  await expect(states(page)).toHaveText(Array(5).fill(/Read and verified here/));
  expect(authenticator.ceremonies.length, "rebuilding took another").toBe(before + 2);
  await page.clock.fastForward(61_000);
  await expect(words(page)).toHaveCount(0);
  await expect(person.button("Show the phrase")).toBeEnabled();

  await expectPhrase(page, person, PHRASE);
  await person.button("Hide").click();
  await expect(words(page)).toHaveCount(0);
  await expectPhrase(page, person, PHRASE);
  await person.link("Vault").click();
  await expect(person.heading(NAME)).toBeVisible();
  await page.goBack();
  await expect(person.heading(LABEL)).toBeVisible();
  await expect(person.button("Show the phrase")).toBeEnabled();
  await expect(words(page)).toHaveCount(0);

  authenticator.willing = false;
  await person.button("Show the phrase").click();
  await expect(person.alert("No touch arrived")).toBeVisible();
  await expect(words(page)).toHaveCount(0);
});

test("a phrase is generated, and two of its words are asked for", async ({ page, person, guard }) => {
  await person.createVault(NAME);
  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await person.button("Make 24 words").click();
  await expect(words(page)).toHaveCount(24);
  const made = await words(page).allTextContents();
  keep(guard, made.join(" "));
  await person.button("I have written them down").click();
  await expect(words(page)).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Two words from your paper" })).toBeFocused();

  const fields = page.getByRole("textbox", { name: /^Word \d+$/ });
  await expect(fields).toHaveCount(2);
  const labels = await page.locator("label").filter({ hasText: /^Word \d+$/ }).allTextContents();
  const asked = labels.map((label) => made[Number(label.slice(5)) - 1]);
  await fields.nth(0).fill(asked[0]);
  await fields.nth(1).fill("abandon abandon");
  await person.button("Go on").click();
  await expect(person.alert("That is not what this word is. Look at your paper again.")).toHaveCount(1);
  await person.button("Show the words again").click();
  await expect(words(page)).toHaveText(made);
  await person.button("I have written them down").click();
  for (const [at, word] of asked.entries()) await fields.nth(at).fill(word);
  await person.button("Go on").click();

  await expect(page.getByRole("heading", { name: "Split it into shares" })).toBeVisible();
  await person.field("Label").fill(LABEL);
  await person.field("Note").fill("Made here");
  await person.button("Split and save").click();
  await expect(person.heading(LABEL)).toBeVisible();
  await expect(page.getByText("24 words · 3 of 5").last()).toBeVisible();
  await expectPhrase(page, person, made.join(" "));

  await person.link("Edit").click();
  await person.field("Label").fill("Deep cold");
  await person.button("Save changes").click();
  await expect(person.heading("Deep cold")).toBeVisible();
  await expect(page.getByText("Made here")).toBeVisible();
  await expect(person.link("Deep cold")).toBeVisible();
});

test("mistakes in a phrase are found while it is typed, and words complete themselves", async ({ page, person }) => {
  await person.createVault(NAME);
  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await person.button("Bring a phrase").click();
  const phrase = person.field("Recovery phrase");
  await phrase.pressSequentially("legal winer ");
  await expect(person.alert("Word 2, “winer”, is not in the list of 2,048 words.")).toBeVisible();
  await person.button("Go to word 2").click();
  await page.keyboard.type("winner");
  await expect(person.alert("Word 2")).toHaveCount(0);
  await expect(page.getByText("2 words so far")).toBeVisible();

  await phrase.press("End");
  await phrase.pressSequentially(" than");
  const fitting = page.getByRole("group", { name: "Words that fit" }).getByRole("button");
  await expect(fitting).toHaveText(["thank"]);
  await phrase.press("Tab");
  await page.keyboard.press("Enter");
  await expect(phrase).toHaveValue("legal winner thank ");
  await expect(phrase).toBeFocused();

  await person.button("Go on").click();
  await expect(person.alert("A phrase has 12, 15, 18, 21 or 24 words; this has 3.")).toBeVisible();
  await phrase.fill(PHRASE.replace("yellow", "year"));
  await person.button("Go on").click();
  await expect(person.alert("they do not belong together")).toBeVisible();
  await phrase.fill(PHRASE.replace("yellow", "zebras"));
  await expect(person.alert("Word 12, “zebras”, is not in the list")).toBeVisible();

  // A pasted numbered list is accepted.
  await phrase.fill("");
  await page.evaluate((text) => navigator.clipboard.writeText(text).catch(() => {}), numbered(PHRASE));
  await phrase.fill(numbered(PHRASE));
  await expect(page.getByText("The words belong together.")).toBeVisible();
});

function numbered(phrase: string): string {
  return phrase.split(" ").map((word, at) => `${at + 1}. ${word.toUpperCase()}`).join("\n");
}

test("any three stores rebuild the phrase; with two, what is missing is named", async ({
  page,
  person,
  guard,
  server,
}) => {
  await withWallet(page, person, guard);
  for (const [first, second] of [[1, 2], [2, 4], [3, 5]]) {
    stop(server.data, first);
    stop(server.data, second);
    await expectPhrase(page, person, PHRASE);
    await expect(person.alert(`Store ${first} does not answer.`)).toContainText(`Store ${second} does not answer.`);
    await person.button("Hide").click();
    resume(server.data, first);
    resume(server.data, second);
  }
  for (const number of [1, 2, 4]) stop(server.data, number);
  await person.button("Show the phrase").click();
  const missing = person.alert("2 good shares arrived, and 3 are needed.");
  for (const number of [1, 2, 4]) await expect(missing).toContainText(`Store ${number} does not answer.`);
  await expect(missing).not.toContainText("Store 3");
  await expect(words(page)).toHaveCount(0);
  await person.button("Check the stores").click();
  await expect(page.getByText("2 of 5 stores have their share, and 3 are needed. 3 did not answer")).toBeVisible();
  for (const number of [1, 2, 4]) resume(server.data, number);
  await expectPhrase(page, person, PHRASE);
});

test("the stores can be checked while the passkey prompt for the phrase is open", async ({
  page,
  person,
  guard,
  server,
}) => {
  const manager = await Manager.attach(page);
  await withWallet(page, person, guard);
  empty(server.data, 5);
  manager.hangs = true;
  await person.button("Show the phrase").click();
  await expect(person.button("Cancel")).toBeVisible();
  await person.button("Check the stores").click();
  await expect(states(page).nth(4)).toContainText("Does not have its share");
  await expect(person.button("Cancel")).toBeVisible();
  manager.release();
  await expect(words(page)).toHaveText(PHRASE.split(" "));
});

test("corrupt shares are named, and new ones are dealt in their place, 2 of 3", async ({
  page,
  person,
  guard,
  server,
  authenticator,
}) => {
  await withWallet(page, person, guard);
  alter(server.data, 2);
  empty(server.data, 5);
  await person.button("Check the stores").click();
  await expect(states(page).nth(1)).toContainText("Has something else than its share");
  await expect(states(page).nth(4)).toContainText("Does not have its share");
  await expect(person.status("3 of 5 stores have their share, and 3 are enough.")).toBeVisible();
  await expectPhrase(page, person, PHRASE);
  const corrupt = person.alert("The phrase was rebuilt without them:");
  await expect(corrupt).toContainText("Store 2 has something else than its share");
  await expect(corrupt).toContainText("Store 5 does not have its share.");

  await corrupt.getByRole("link", { name: "Deal new shares" }).click();
  await expect(person.heading("Deal new shares")).toBeVisible();
  await expect(page.getByText("A store that kept a copy of its old share still has it.")).toBeVisible();
  for (const number of [4, 5]) await page.getByRole("checkbox", { name: `Store ${number}` }).uncheck();
  await page.getByRole("radio", { name: "2", exact: true }).check();
  await expect(page.getByText("Any 2 of the 3 rebuild it.")).toBeVisible();
  const before = authenticator.ceremonies.length;
  await person.button("Deal new shares").click();
  await expect(person.status("New shares are dealt: 2 of 3 rebuild the phrase.")).toBeVisible();
  expect(authenticator.ceremonies.length, "one touch").toBe(before + 1);
  await expect(person.status("All 3 stores have their share.")).toBeVisible();
  await expect(states(page)).toHaveCount(3);
  stop(server.data, 3);
  await expectPhrase(page, person, PHRASE);
  resume(server.data, 3);
});

test("an unavailable store is not offered, and one that fails while shares are dealt changes nothing", async ({
  page,
  person,
  guard,
  server,
}) => {
  await withWallet(page, person, guard);
  stop(server.data, 5);
  await person.link("Deal new shares").click();
  await expect(page.getByRole("checkbox", { name: "Store 5" })).toBeDisabled();
  await expect(page.getByRole("checkbox", { name: "Store 5" })).not.toBeChecked();
  await expect(page.getByText("Any 3 of the 4 rebuild it.")).toBeVisible();
  stop(server.data, 4);
  await person.button("Deal new shares").click();
  await expect(person.alert("Store 4")).toBeVisible();
  for (const number of [4, 5]) resume(server.data, number);
  await person.link("Cancel").click();
  await expect(person.heading(LABEL)).toBeVisible();
  await expect(states(page)).toHaveText(Array(5).fill(/Has its share/));
  await expectPhrase(page, person, PHRASE);
});

test("a wallet is restored from the trash with its shares, which are deleted when it is deleted for good", async ({
  page,
  person,
  guard,
  server,
}) => {
  await withWallet(page, person, guard);
  expect(held(server.data)).toBe(5);
  await person.button("Delete wallet").click();
  const question = person.dialog("Delete this wallet?");
  await expect(question).toContainText(`Delete ${LABEL}: the wallet goes to the trash`);
  await question.getByRole("button", { name: "Move to trash" }).click();
  await expect(person.status(`${LABEL} was moved to the trash.`)).toBeVisible();
  await expect(page.getByRole("heading", { name: "No wallets yet" })).toBeVisible();
  expect(held(server.data), "shares stay while it is in the trash").toBe(5);
  await person.link("Trash").click();
  await person.button("Put back").click();
  await expect(person.status(`${LABEL} is back.`)).toBeVisible();
  await person.link("Wallets").click();
  await person.link(LABEL).click();
  await expect(person.heading(LABEL)).toBeVisible();
  await expectPhrase(page, person, PHRASE);

  await person.button("Delete wallet").click();
  await person.button("Move to trash").click();
  await person.link("Trash").click();
  await person.button("Delete for good").click();
  const last = person.dialog("Delete this for good?");
  await expect(last).toContainText("the stores are told to delete them");
  await last.getByRole("button", { name: "Delete for good" }).click();
  await expect(person.status(`${LABEL} is deleted for good.`)).toBeVisible();
  expect(query(server.data, "SELECT count(*) FROM shares WHERE gone IS NULL")).toEqual([[0]]);
});

test("a phrase typed before the page's first frame stays in the field", async ({ page, person, guard }) => {
  keep(guard, PHRASE);
  await person.createVault(NAME);
  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await expect(person.heading("Add a wallet")).toBeVisible();
  await page.evaluate(() => {
    const late: FrameRequestCallback[] = [];
    const frame = globalThis.requestAnimationFrame;
    globalThis.requestAnimationFrame = (callback) => late.push(callback);
    Object.assign(globalThis, {
      runLateFrames: () => {
        globalThis.requestAnimationFrame = frame;
        return late.splice(0).map((callback) => callback(performance.now())).length;
      },
    });
  });
  await person.button("Bring a phrase").click();
  await person.field("Recovery phrase").fill(PHRASE);
  const late = await page.evaluate(() => (globalThis as unknown as { runLateFrames(): number }).runLateFrames());
  expect(late, "frames that came after the typing").toBeGreaterThan(0);
  await expect(person.field("Recovery phrase")).toHaveValue(PHRASE);
  await person.button("Go on").click();
  await expect(page.getByRole("heading", { name: "Split it into shares" })).toBeVisible();
});
