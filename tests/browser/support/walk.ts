// Visits every page once, in the order in which a user meets them: in four walks, each with its own
// vault.
import type { BrowserContext, Page } from "@playwright/test";
import type { Authenticator } from "./authenticator.ts";
import type { Guard } from "./guard.ts";
import type { Person } from "./person.ts";
import type { Proxy } from "./proxy.ts";
import type { Server } from "./server.ts";
import { walkOutside } from "./walks/outside.ts";
import { walkKeys } from "./walks/keys.ts";
import { walkWallets } from "./walks/wallets.ts";
import { walkSecurity } from "./walks/security.ts";

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

/** Called with the name of each page while it is on screen. */
export type Visit = (name: string) => Promise<void>;

export const VAULT = "Desk of Ada";

export const WALKS: Record<string, (walker: Walker, visit: Visit) => Promise<void>> = {
  "to a vault and back to it": walkOutside,
  "among keys": walkKeys,
  "among sign-in methods and settings": walkSecurity,
  "among wallets": walkWallets,
};
