// The actions of a user, by the names that are visible or announced by a screen reader.
import { expect, type Locator, type Page } from "@playwright/test";
import type { Guard } from "./guard.ts";

export interface Key {
  exchange: string;
  label: string;
  apiKey: string;
  secret: string;
  passphrase?: string;
  note?: string;
}

/** What is printed on a recovery sheet. */
export interface Paper {
  groups: string[];
  /** The groups, joined with `-`. */
  code: string;
  change: number;
  fingerprint: string;
}

export const BINANCE: Key = {
  exchange: "Binance",
  label: "Binance main",
  apiKey: "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
  secret: "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
  note: "Bot on the small machine",
};

export const OKX: Key = {
  exchange: "OKX",
  label: "OKX trading",
  apiKey: "01234567-89ab-4cde-8f01-23456789abcd",
  secret: "4F1A9C0D7E2B586394D8C7B6A5E4F302",
  passphrase: "Correct-Horse-9!",
};

export class Person {
  constructor(
    readonly page: Page,
    private readonly guard: Guard,
    /** The origin of the server, for a browser without a base URL. */
    private readonly origin = "",
  ) {}

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  link(name: string): Locator {
    return this.page.getByRole("link", { name, exact: true });
  }

  field(name: string): Locator {
    return this.page.getByLabel(name, { exact: true });
  }

  heading(name: string): Locator {
    return this.page.getByRole("heading", { level: 1, name, exact: true });
  }

  dialog(name: string): Locator {
    return this.page.getByRole("dialog", { name, exact: true });
  }

  /** A failure that the page reports. */
  alert(text: string): Locator {
    return this.page.getByRole("alert").filter({ hasText: text });
  }

  /**
   * A status message. The same text may also be in a hidden live region for screen readers before
   * it.
   */
  status(text: string): Locator {
    return this.page.getByRole("status").filter({ hasText: text }).last();
  }

  /** Goes from the first page to the new vault's name, and fills that in. */
  async startVault(name: string): Promise<void> {
    this.guard.keep("vault name", name);
    await this.page.goto(`${this.origin}/`);
    await this.button("Create a vault").click();
    await expect(this.heading("Name your vault")).toBeVisible();
    await this.field("Vault name").fill(name);
  }

  /** Goes from the first page to the open vault. */
  async createVault(name: string): Promise<void> {
    await this.startVault(name);
    await this.button("Create passkey").click();
    await this.leaveSheet();
    await expect(this.heading(name)).toBeVisible();
  }

  /** Goes from the new vault's recovery sheet into the vault without confirming the sheet. */
  async leaveSheet(): Promise<void> {
    await expect(this.heading("Your recovery sheet")).toBeVisible();
    await this.skipSheet();
    await expect(this.heading("Your vault is ready")).toBeVisible();
    await this.button("Open my vault").click();
  }

  /** Goes on from a recovery sheet without it, and confirms that. */
  async skipSheet(): Promise<void> {
    await this.button("Continue without it").click();
    await this.dialog("Leave the recovery sheet?").getByRole("button", { name: "Leave the sheet" }).click();
  }

  /** Reads the recovery sheet on screen. From then on no request may contain its code. */
  async readSheet(): Promise<Paper> {
    const sheet = this.page.getByRole("article", { name: "Recovery sheet" });
    const groups = sheet.getByRole("list", { name: "Code" }).getByRole("listitem");
    await expect(groups).toHaveText(Array(8).fill(/^[0-9A-Z]{4}$/));
    const texts = await groups.allTextContents();
    const fact = (name: string) => sheet.getByRole("definition").and(sheet.locator(`dt:text-is("${name}") + dd`));
    const paper = {
      groups: texts,
      code: texts.join("-"),
      change: Number(await fact("Change number").textContent()),
      fingerprint: (await fact("Fingerprint").textContent()) ?? "",
    };
    this.guard.keep("recovery code", paper.code);
    this.guard.keep("recovery code without separators", texts.join(""));
    return paper;
  }

  /** Types the two groups that the page asks for. */
  async typeGroups(groups: string[]): Promise<void> {
    const fields = this.page.getByLabel(/^Group [1-8]$/);
    await expect(fields).toHaveCount(2);
    for (const [at, text] of groups.entries()) await fields.nth(at).fill(text);
    await this.button("Confirm").click();
  }

  /** Confirms the sheet on screen by typing the groups that the page asks for. */
  async confirmSheet(paper: Paper): Promise<void> {
    await this.button("I have kept it").click();
    await expect(this.heading("Show that you kept it")).toBeVisible();
    const names = await this.page.locator("label").filter({ hasText: /^Group [1-8]$/ }).allTextContents();
    await this.typeGroups(names.map((name) => paper.groups[Number(name.slice(-1)) - 1]));
  }

  /** Goes from the first page to the open vault with a confirmed sheet. */
  async createVaultWithSheet(name: string): Promise<Paper> {
    await this.startVault(name);
    await this.button("Create passkey").click();
    const paper = await this.readSheet();
    await this.confirmSheet(paper);
    await expect(this.heading("Your vault is ready")).toBeVisible();
    await this.button("Open my vault").click();
    await expect(this.heading(name)).toBeVisible();
    return paper;
  }

  /**
   * Recovers the vault with the code alone, from any page outside a vault. Ends at the new sheet.
   */
  async recover(code: string): Promise<Paper> {
    await this.page.goto(`${this.origin}/recover`);
    await this.field("Recovery code").fill(code);
    await this.button("Continue").click();
    await expect(this.heading("Your code fits. Is this your newest state?")).toBeVisible();
    await this.button("Continue").click();
    await this.field("Name of the passkey").fill("Found again");
    await this.button("Create passkey").click();
    await expect(this.heading("Your recovery sheet")).toBeVisible();
    return this.readSheet();
  }

  /** Opens and fills the form for a key, from any page of the vault. */
  async fillKey(key: Key): Promise<void> {
    for (const [name, text] of Object.entries(key)) {
      if (name !== "exchange") this.guard.keep(`${key.label}: ${name}`, text);
    }
    await this.link("Add exchange key").click();
    await expect(this.heading("Add an exchange key")).toBeVisible();
    await this.button(key.exchange).click();
    const article = key.exchange === "OKX" ? "an" : "a";
    await expect(this.heading(`Add ${article} ${key.exchange} key`)).toBeVisible();
    await this.field("Label").fill(key.label);
    await this.field("API key").fill(key.apiKey);
    await this.field("API secret").fill(key.secret);
    if (key.passphrase) await this.field("Passphrase").fill(key.passphrase);
    if (key.note) await this.field("Note").fill(key.note);
  }

  /** Stores a key and stays on its page. */
  async addKey(key: Key): Promise<void> {
    await this.fillKey(key);
    await this.button("Save key").click();
    await expect(this.heading(key.label)).toBeVisible();
    await expect(this.status(`${key.label} is saved.`)).toBeVisible();
  }

  /** The rows of the list. */
  rows(): Locator {
    return this.page.getByRole("list", { name: "Exchange keys" }).getByRole("listitem");
  }

  row(label: string): Locator {
    return this.rows().getByRole("link", { name: label, exact: true });
  }

  async openKey(label: string): Promise<void> {
    await this.row(label).click();
    await expect(this.heading(label)).toBeVisible();
  }

  /** An element whose complete text is this value. */
  text(value: string): Locator {
    return this.page.getByText(value, { exact: true });
  }

  async lock(): Promise<void> {
    await this.button("Lock").click();
    await expect(this.heading("Unlock your vault")).toBeVisible();
  }

  async unlock(): Promise<void> {
    await this.button("Unlock with passkey").click();
  }

  /** Pastes into a field and returns its value. */
  async paste(field: Locator): Promise<string> {
    await field.focus();
    await this.page.keyboard.press("Control+V");
    return field.inputValue();
  }
}
