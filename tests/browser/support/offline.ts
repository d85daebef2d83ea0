// A change that is saved while the server cannot be reached.
import { expect } from "@playwright/test";
import { OWN, counts } from "./database.ts";
import { BINANCE, type Person } from "./person.ts";
import type { Proxy } from "./proxy.ts";
import type { Rule } from "./rule.ts";
import type { Server } from "./server.ts";

export const WAITING = "Saved on this device. It will sync when the server answers.";
export const API = /^\/api\//;

/** Creates a vault and saves a key while no request reaches the server. */
export async function saveOffline(person: Person, wire: Proxy, name: string): Promise<Rule> {
  await person.createVault(name);
  await person.fillKey(BINANCE);
  const rule = wire.injectFault("cut", null, API);
  await person.button("Save key").click();
  await expect(person.heading(BINANCE.label)).toBeVisible();
  await expect(person.status(WAITING)).toBeVisible();
  return rule;
}

/** Expects that the server has the change, once. */
export async function expectSent(person: Person, server: Server): Promise<void> {
  await expect(person.status(WAITING)).toHaveCount(0);
  expect(counts(server.data)).toMatchObject({ commits: 2, records: OWN + 1 });
}
