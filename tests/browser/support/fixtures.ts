// Every test has a server, a proxy before it, a browser context and an authenticator of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { Authenticator } from "./authenticator.ts";
import { Guard } from "./guard.ts";
import { Person } from "./person.ts";
import { Proxy } from "./proxy.ts";
import { Server, type ServerOptions } from "./server.ts";

export { expect } from "@playwright/test";

export const DIST = process.env.CRYSTALLUM_DIST!;
export const DEEP = process.env.CRYSTALLUM_DEEP === "1";

interface Fixtures {
  /** What the server is started with. */
  serverOptions: ServerOptions;
  /** A folder that is removed afterwards. */
  folder: string;
  wire: Proxy;
  /** Where browsers find the server. */
  origin: string;
  server: Server;
  guard: Guard;
  authenticator: Authenticator;
  /** Who uses the page. */
  person: Person;
}

export const test = base.extend<Fixtures>({
  serverOptions: [{ app: DIST, signUp: "open" }, { option: true }],
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "crystallum-browser-"));
    await use(folder);
    await rm(folder, { recursive: true });
  },
  wire: async ({}, use) => {
    const wire = await Proxy.start();
    await use(wire);
    await wire.stop();
  },
  origin: async ({ wire }, use) => use(`http://localhost:${wire.port}`),
  baseURL: async ({ origin }, use) => use(origin),
  server: [
    async ({ folder, wire, origin, serverOptions }, use) => {
      const server = await Server.start(join(folder, "data"), origin, serverOptions);
      wire.upstream = server.port;
      await use(server);
      await server.stop();
    },
    { auto: true },
  ],
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
