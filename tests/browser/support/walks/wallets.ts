// Wallets: brought, made, split, rebuilt, short of shares, and dealt anew.
import { expect } from "@playwright/test";
import { TWELVE, bringPhrase, readPhrase } from "../phrases.ts";
import { alter, empty, resume, stop } from "../stores.ts";
import { VAULT, type Visit, type Walker } from "../walk.ts";

export async function walkWallets({ page, person, server }: Walker, visit: Visit): Promise<void> {
  await person.createVaultWithSheet(VAULT);
  await person.link("Wallets").click();
  await expect(page.getByRole("heading", { name: "No wallets yet" })).toBeVisible();
  await visit("wallets-empty");
  await person.link("Add wallet").click();
  await expect(person.heading("Add a wallet")).toBeVisible();
  await visit("wallet-choose");
  await person.button("Bring a phrase").click();
  await person.field("Recovery phrase").pressSequentially("scheme spott ");
  await expect(person.alert("Word 2, “spott”, is not in the list")).toBeVisible();
  await visit("wallet-wrong-word");
  await person.field("Recovery phrase").fill("scheme spot pho");
  await expect(page.getByRole("group", { name: "Words that fit" }).getByRole("button").first()).toBeVisible();
  await visit("wallet-typing");
  await person.link("Wallets").click();
  await person.button("Leave without saving").click();
  await bringPhrase(page, person, TWELVE);
  await expect(page.getByText("Any 3 of the 5 rebuild it.")).toBeVisible();
  await visit("wallet-split");
  await person.field("Label").fill("Cold savings");
  await person.field("Note").fill("In the box at the bank");
  await person.button("Split and save").click();
  await expect(person.heading("Cold savings")).toBeVisible();
  await expect(person.status("All 5 stores have their share.")).toBeVisible();
  await visit("wallet");
  await readPhrase(page, person);
  await visit("wallet-phrase");
  await person.button("Hide").click();

  alter(server.data, 2);
  empty(server.data, 5);
  await person.button("Show the phrase").click();
  await expect(person.alert("The phrase was rebuilt without them:")).toBeVisible();
  await visit("wallet-spoilt");
  await person.button("Hide").click();
  stop(server.data, 3);
  await person.button("Show the phrase").click();
  await expect(person.alert("2 good shares arrived, and 3 are needed.")).toBeVisible();
  await visit("wallet-missing");
  resume(server.data, 3);

  await person.link("Deal new shares").first().click();
  await expect(page.getByRole("checkbox", { name: "Store 5" })).toBeVisible();
  await visit("wallet-deal");
  await page.goBack();
  await person.link("Edit").click();
  await expect(person.heading("Edit Cold savings")).toBeVisible();
  await visit("wallet-edit");
  await person.link("Wallets").click();
  await expect(page.getByRole("list", { name: "Wallets" }).getByRole("listitem")).toHaveCount(1);
  await visit("wallets");
  await person.link("Add wallet").click();
  await person.button("Make 24 words").click();
  const words = page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem");
  await expect(words).toHaveCount(24);
  await visit("wallet-made");
  await person.button("I have written them down").click();
  await expect(page.getByRole("heading", { name: "Two words from your paper" })).toBeVisible();
  await visit("wallet-asked");
}
