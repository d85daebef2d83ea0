// Gives every test its own server with a proxy in front, in any browser.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { Proxy } from "./proxy.ts";
import { Server, type ServerOptions } from "./server.ts";

export const DIST = process.env.CRYSTALLUM_DIST!;

interface Host {
  /** The options of the server. */
  serverOptions: ServerOptions;
  /** A folder that is removed after the test. */
  folder: string;
  wire: Proxy;
  /** The origin at which browsers reach the server. */
  origin: string;
  server: Server;
}

export const host = base.extend<Host>({
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
  server: [
    async ({ folder, wire, origin, serverOptions }, use) => {
      const server = await Server.start(join(folder, "data"), origin, serverOptions);
      wire.upstream = server.port;
      await use(server);
      await server.stop();
    },
    { auto: true },
  ],
});
