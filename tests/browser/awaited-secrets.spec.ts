// A browser that enters a vault lists it before the secrets are there.
import { gzipSync } from "node:zlib";
import { expect, test } from "./support/fixtures.ts";
import { BINANCE, OKX } from "./support/person.ts";

const SECRETS = /^\/api\/state\?stage=6/;

test("the list is there before the secrets, and a key that is opened waits for its own", async ({
  page,
  person,
  authenticator,
  origin,
  wire,
}) => {
  await person.createVault("Desk of Ada");
  await person.addKey(BINANCE);
  await person.addKey(OKX);
  const first = await page.evaluate(async () => (await fetch("/api/state")).json());
  const isSecret = (object: { kind: string; overview?: unknown }) => object.kind === "record" && !object.overview;
  first.objects.length = first.objects.findIndex(isSecret) + 1;
  first.more = true;
  await authenticator.forgetBrowser(origin);
  wire.forge("GET", /^\/api\/state$/, gzipSync(JSON.stringify(first)));
  const secrets = wire.injectFault("stall", "GET", SECRETS);

  await page.goto("/unlock");
  await person.button("Unlock with passkey").click();
  await person.button("Continue").click();
  await expect(person.row(BINANCE.label)).toBeVisible();
  await expect(person.row(OKX.label)).toBeVisible();
  const awaited = page.getByText("3 secrets are still on their way to this device.");
  await expect(awaited).toBeVisible();
  await person.openKey(OKX.label);
  await person.button("Reveal").click();
  await expect(person.text(OKX.secret)).toHaveCount(0);
  secrets.release("go");
  await expect(person.text(OKX.secret)).toBeVisible();
  await expect(awaited).toHaveCount(0);

  // They are stored: the next unlock asks for none of them.
  const before = wire.requests.length;
  await person.lock();
  await person.unlock();
  await person.openKey(BINANCE.label);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  expect(wire.requests.slice(before).filter((line) => line.includes("/api/state"))).toEqual([]);
});
