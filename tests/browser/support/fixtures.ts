// Gives every test in Chromium its own server, browser context and authenticator.
import { Authenticator } from "./authenticator.ts";
import { Guard } from "./guard.ts";
import { host } from "./host.ts";
import { Person } from "./person.ts";

export { expect } from "@playwright/test";
export { DIST } from "./host.ts";

export const DEEP = process.env.CRYSTALLUM_DEEP === "1";

interface Fixtures {
  guard: Guard;
  authenticator: Authenticator;
  /** The user of the page. */
  person: Person;
}

export const test = host.extend<Fixtures>({
  baseURL: async ({ origin }, use) => use(origin),
  guard: [
    async ({ context, origin, wire, authenticator }, use) => {
      const guard = await Guard.watch(context, origin);
      await use(guard);
      guard.check(wire, authenticator);
    },
    { auto: true },
  ],
  authenticator: async ({ page }, use) => use(await Authenticator.attach(page)),
  person: async ({ page, guard }, use) => use(new Person(page, guard)),
});
