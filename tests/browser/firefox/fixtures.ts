// Gives every test in Firefox its own server, browser and person, and watches for what no page may
// do.
import { expect } from "@playwright/test";
import { host } from "../support/host.ts";
import { Firefox } from "./firefox.ts";
import { Person } from "./person.ts";

export { expect } from "@playwright/test";

export const test = host.extend<{ firefox: Firefox; person: Person }>({
  firefox: async ({ folder, wire, origin }, use) => {
    const firefox = await Firefox.start(folder);
    await use(firefox);
    await firefox.stop();
    expect(firefox.complaints, "console errors, exceptions, policy violations").toEqual([]);
    const origins = wire.headers("origin", "POST", "/api/");
    expect(origins.length, "POST requests to the API").toBeGreaterThan(0);
    expect(new Set(origins), "the Origin headers of all POST requests").toEqual(new Set([origin]));
  },
  person: async ({ firefox }, use) => use(new Person(firefox.page)),
});
