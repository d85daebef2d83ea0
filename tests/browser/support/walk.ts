// Goes through every page once, in the order in which a person meets them: in four ways, each from a vault of its own.
import type { BrowserContext, Page } from "@playwright/test";
import type { Authenticator } from "./authenticator.ts";
import type { Guard } from "./guard.ts";
import type { Person } from "./person.ts";
import type { Proxy } from "./proxy.ts";
import type { Server } from "./server.ts";
import { walkDoor } from "./walks/door.ts";
import { walkKeys } from "./walks/keys.ts";
import { walkWallets } from "./walks/wallets.ts";
import { walkWays } from "./walks/ways.ts";

export interface Walker {
  page: Page;
  context: BrowserContext;
  person: Person;
  authenticator: Authenticator;
  guard: Guard;
  server: Server;
  wire: Proxy;
  origin: string;
}

/** Is called with the name of each page while it is on screen. */
export type Visit = (name: string) => Promise<void>;

export const VAULT = "Desk of Ada";

export const WALKS: Record<string, (walker: Walker, visit: Visit) => Promise<void>> = {
  "to a vault and back to it": walkDoor,
  "among keys": walkKeys,
  "among ways in and settings": walkWays,
  "among wallets": walkWallets,
};
