// The settings of a browser, the page about the app, and logging out, forgetting and deleting.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { counts } from "./support/database.ts";
import { DIST, expect, test } from "./support/fixtures.ts";
import { BINANCE } from "./support/person.ts";

const NAME = "Desk of Ada";

/** Returns the approximate luminance of the page's background; above 0.5 is light. */
function ground(): number {
  const [red, green, blue] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)!.map(Number);
  return (red + green + blue) / 765;
}

test("a theme is chosen, kept, and there before the first paint", async ({ page, person }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await person.createVault(NAME);
  await person.link("Settings").click();
  await page.getByLabel("Theme").selectOption("Dark");
  await expect.poll(() => page.evaluate(ground)).toBeLessThan(0.5);

  // The first frame that the browser paints of a new page is already dark.
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { testGrounds: seen });
    const look = () => {
      seen.push(getComputedStyle(document.querySelector(".boot") ?? document.documentElement).backgroundColor);
      if (seen.length < 5) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto("/unlock");
  await expect(person.button("Unlock with passkey")).toBeEnabled();
  const grounds = await page.evaluate(() => (globalThis as unknown as { testGrounds: string[] }).testGrounds);
  expect(grounds.length).toBeGreaterThan(0);
  expect([...new Set(grounds)]).toEqual(["rgb(16, 22, 26)"]);
  await expect(page.locator('meta[name="theme-color"]').first()).toHaveAttribute("content", "#10161a");

  await person.unlock();
  await person.link("Settings").click();
  await page.getByLabel("Theme").selectOption("As the system");
  await expect.poll(() => page.evaluate(ground)).toBeGreaterThan(0.5);
});

test("the idle time is chosen, kept, and holds", async ({ page, person }) => {
  await page.clock.install();
  await person.createVault(NAME);
  await person.link("Settings").click();
  await expect(page.getByLabel("Lock when unused for")).toHaveValue("10");
  await page.getByLabel("Lock when unused for").selectOption("1 minute");
  await page.clock.fastForward(50_000);
  await expect(person.heading("Settings")).toBeVisible();
  await page.clock.fastForward(71_000);
  await expect(person.status("Your vault locked because nobody used it for 1 minute.")).toBeVisible();
  await person.unlock();
  await person.link("Settings").click();
  await expect(page.getByLabel("Lock when unused for")).toHaveValue("1");
  await page.getByLabel("Lock when unused for").selectOption("1 hour");
  await page.clock.fastForward(59 * 60_000);
  await expect(person.heading("Settings")).toBeVisible();
});

test("about says which build this is, as the server gives it", async ({ page, person }) => {
  await page.goto("/unlock");
  await person.link("About and build").click();
  await expect(person.heading("About Crystallum")).toBeVisible();
  const built = await readFile(join(DIST, "index.html"));
  const hash = createHash("sha256").update(built).digest("hex");
  await expect(person.text(hash.match(/.{4}/g)!.join(" "))).toBeVisible();
  await expect(page.getByText("This tab runs the files that the page names.")).toBeVisible();
  const named = [...built.toString().matchAll(/sha384-[A-Za-z0-9+/=]+/g)].map(([text]) => text);
  await page.getByText("Files that the page names, by hash").click();
  for (const text of new Set(named)) await expect(person.text(text)).toBeVisible();
  await expect(page.getByRole("heading", { name: "What it does not protect against" })).toBeVisible();
});

test("a vault is deleted only with its name and a ceremony", async ({ page, person, authenticator, server, guard }) => {
  guard.allow(/401/);
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.link("Settings").click();
  await person.button("Delete vault").click();
  await person.field("Type the vault's name").fill("Desk");
  await person.button("Delete for good").click();
  await expect(person.alert("This is not the vault's name.")).toBeVisible();
  authenticator.willing = false;
  await person.field("Type the vault's name").fill(NAME);
  await person.button("Delete for good").click();
  await expect(person.alert("No touch arrived")).toBeVisible();
  expect(counts(server.data).accounts).toBe(1);

  authenticator.willing = true;
  await person.button("Delete for good").click();
  await expect(person.status("Your vault was deleted, here and on the server.")).toBeVisible();
  expect(counts(server.data)).toMatchObject({ accounts: 0, commits: 0, records: 0 });
  await expect(page.getByText(NAME)).toHaveCount(0);
  await person.unlock();
  await expect(person.alert("This passkey belongs to no vault on this server.")).toBeVisible();
});

test("a device forgets a vault from the settings and from the unlock page; the vault stays", async ({ page, person }) => {
  await person.createVault(NAME);
  await person.link("Settings").click();
  await person.button("Forget this vault on this device").click();
  await person.button("Forget it here").click();
  await expect(person.status("The vault is forgotten on this device.")).toBeVisible();
  await expect(person.heading("Open your vault on this browser")).toBeVisible();
  await person.unlock();
  await person.button("Continue").click();
  await expect(person.heading(NAME)).toBeVisible();

  await person.lock();
  await person.button("Forget this vault on this device").click();
  await person.button("Forget it here").click();
  await expect(person.status("The vault is forgotten on this device.")).toBeVisible();
  await expect(page.getByText(NAME)).toHaveCount(0);
});

test("logging out ends the session at the server", async ({ page, person, context, guard }) => {
  guard.allow(/401/);
  await person.createVault(NAME);
  const before = await context.cookies();
  expect(before).toHaveLength(1);
  await person.link("Settings").click();
  await person.button("Log out").click();
  await expect(person.status("Your vault is locked, and the session at the server has ended.")).toBeVisible();
  await context.addCookies(before);
  const answer = await page.evaluate(async () => (await fetch("/api/session")).status);
  expect(answer, "the old cookie opens nothing").toBe(401);
});

test("print shows the sheet and nothing else, on one page", async ({ page, person }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  const paper = await person.readSheet();
  for (const format of ["A4", "Letter"]) {
    const pdf = (await page.pdf({ format })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g), format).toHaveLength(1);
  }
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const seen = await page.evaluate(() => document.body.innerText);
  for (const group of paper.groups) expect(seen).toContain(group);
  expect(seen).toContain("This sheet is a key.");
  expect(seen).not.toContain("I have kept it");
  expect(seen).not.toContain("Skip to content");
  const colours = () =>
    page.evaluate(() => {
      const style = getComputedStyle(document.querySelector(".sheet__code li")!);
      return [style.color, getComputedStyle(document.body).backgroundColor];
    });
  // Creating the pages above may reset the emulated medium a moment later.
  await expect(async () => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await colours()).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
  }).toPass();

  await page.emulateMedia({ media: "screen" });
  await person.leaveSheet();
  await person.addKey(BINANCE);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await page.emulateMedia({ media: "print" });
  expect((await page.evaluate(() => document.body.innerText)).trim()).toBe(
    "Only a recovery sheet can be printed, while it is on screen.",
  );
});

test("the manifest lets the app be installed", async ({ page, request }) => {
  await page.goto("/");
  const manifest = await (await request.get("/manifest.webmanifest")).json();
  expect(manifest).toMatchObject({ id: "/", scope: "/", start_url: "/", display: "standalone" });
  for (const [sizes, purpose] of ["192x192", "512x512"].flatMap((size) => [
    [size, "any"],
    [size, "maskable"],
  ])) {
    const icon = manifest.icons.find((found: Record<string, string>) => found.sizes === sizes && found.purpose === purpose);
    const bytes = await (await request.get(icon.src)).body();
    expect(bytes.readUInt32BE(16), icon.src).toBe(Number.parseInt(sizes, 10));
    expect(bytes.readUInt32BE(20), icon.src).toBe(Number.parseInt(sizes, 10));
  }
  const session = await page.context().newCDPSession(page);
  const { errors } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
});

test("the service worker caches nothing and answers only when the server is unreachable", async ({
  page,
  person,
  request,
  wire,
  guard,
}) => {
  const script = await request.get("/sw.js");
  expect(script.headers()["cache-control"]).toBe("no-cache");
  expect(script.headers()["content-type"]).toContain("javascript");
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
  await page.reload();
  await expect(person.button("Unlock with passkey")).toBeEnabled();
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toMatch(/\/sw\.js$/);
  expect(await page.evaluate(() => caches.keys())).toEqual([]);

  guard.allow(/Failed to load resource/);
  const away = wire.injectFault("cut", null, /./);
  await page.goto("/vault");
  await expect(page.getByRole("heading", { name: "The server did not answer" })).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
  await expect(page.locator("body"), "its own styles apply").toHaveCSS("font-family", /system-ui/);
  away.heal();
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(person.button("Unlock with passkey")).toBeEnabled();
});
