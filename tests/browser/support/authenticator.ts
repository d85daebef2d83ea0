// A virtual authenticator with the `prf` extension, and a hook in the page that records its
// results.
import type { CDPSession, Page } from "@playwright/test";

export interface Ceremony {
  call: "create" | "get";
  first: Buffer | null;
  second: Buffer | null;
}

/**
 * `plain`: the result is left as the authenticator returns it. `late`: `prf` results come from
 * get() only, as with most authenticators. `wrong`: a different key than before, as from another
 * passkey with the same name.
 */
export type Manner = "plain" | "late" | "wrong";

const OPTIONS = {
  protocol: "ctap2",
  ctap2Version: "ctap2_1",
  transport: "internal",
  hasResidentKey: true,
  hasUserVerification: true,
  automaticPresenceSimulation: true,
} as const;

interface Made {
  hasPrf?: boolean;
  isUserVerified?: boolean;
}

interface Seen {
  first: number[] | null;
  second: number[] | null;
}

export class Authenticator {
  manner: Manner = "plain";
  /** Whether the user confirms; if not, the page gets the error of a cancelled ceremony. */
  willing = true;
  /** Every ceremony with a result, in order. */
  readonly ceremonies: Ceremony[] = [];
  private id = "";
  private second = "";

  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  /** Adds an authenticator to the tab. Call it before the first page is loaded. */
  static async attach(page: Page): Promise<Authenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable", { enableUI: false });
    const authenticator = new Authenticator(page, session);
    await authenticator.add({ hasPrf: true });
    await page.exposeBinding("testWilling", () => authenticator.willing);
    await page.exposeBinding("testCeremony", (_, call: "create" | "get", seen: Seen) => {
      const bytes = (list: number[] | null): Buffer | null => list && Buffer.from(list);
      authenticator.ceremonies.push({ call, first: bytes(seen.first), second: bytes(seen.second) });
      return authenticator.manner;
    });
    await page.addInitScript(hook);
    return authenticator;
  }

  private async add(made: Made): Promise<void> {
    const options = { ...OPTIONS, hasPrf: made.hasPrf ?? true, isUserVerified: made.isUserVerified ?? true };
    const { authenticatorId } = await this.session.send("WebAuthn.addVirtualAuthenticator", { options });
    this.id = authenticatorId;
  }

  /**
   * Replaces the authenticator by an empty one. One without user verification cannot be given it
   * later.
   */
  async replace(made: Made): Promise<void> {
    await this.session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: this.id });
    await this.add(made);
  }

  /** Adds a security key; `use` selects which of the two answers. */
  async addSecond(): Promise<void> {
    const options = { ...OPTIONS, transport: "usb", hasPrf: true, isUserVerified: true } as const;
    const { authenticatorId } = await this.session.send("WebAuthn.addVirtualAuthenticator", { options });
    this.second = authenticatorId;
    await this.use("first");
  }

  /** Selects which of the two authenticators answers from now on. */
  async use(which: "first" | "second"): Promise<void> {
    for (const [authenticatorId, enabled] of [
      [this.id, which === "first"],
      [this.second, which === "second"],
    ] as const) {
      await this.session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
    }
  }

  /** Whether somebody touches the authenticator when it asks. If not, it waits. */
  async setTouched(enabled: boolean): Promise<void> {
    await this.session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: this.id, enabled });
  }

  /** Returns the number of passkeys in the authenticator. */
  async passkeys(): Promise<number> {
    const { credentials } = await this.session.send("WebAuthn.getCredentials", { authenticatorId: this.id });
    return credentials.length;
  }

  /** Returns every output of the `prf` extension that the page has received so far. */
  outputs(): Buffer[] {
    const given = this.ceremonies.flatMap(({ first, second }) => [first, second]);
    const all = given.filter((output): output is Buffer => output !== null);
    return all.filter((output, at) => all.findIndex((other) => other.equals(output)) === at);
  }

  /** Clears everything the browser stores for the origin, so that only the passkeys remain. */
  async forgetBrowser(origin: string): Promise<void> {
    await this.page.goto("about:blank");
    await this.session.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
    await this.page.context().clearCookies();
  }
}

/** Runs in the page before anything else. */
function hook(): void {
  interface Results {
    prf?: { results?: { first?: ArrayBuffer; second?: ArrayBuffer } };
  }
  type Credential = { getClientExtensionResults(): Results };
  type Report = (call: string, seen: Seen) => Promise<Manner>;
  const { testCeremony: report, testWilling: isWilling } = globalThis as unknown as {
    testCeremony: Report;
    testWilling(): Promise<boolean>;
  };
  const list = (buffer?: ArrayBuffer) => (buffer ? Array.from(new Uint8Array(buffer)) : null);
  if (typeof CredentialsContainer !== "function") return;
  const container = CredentialsContainer.prototype as unknown as Record<string, (o: unknown) => Promise<Credential>>;
  for (const call of ["create", "get"]) {
    const original = container[call];
    container[call] = async function (options: unknown) {
      if (!(await isWilling())) throw new DOMException("The operation was not allowed.", "NotAllowedError");
      const credential = await original.call(this, options);
      const results = credential.getClientExtensionResults();
      const outputs = results.prf?.results;
      const manner = await report(call, { first: list(outputs?.first), second: list(outputs?.second) });
      if (manner === "late" && call === "create") delete results.prf!.results;
      if (manner === "wrong" && call === "get") new Uint8Array(outputs!.first!)[0] ^= 1;
      Object.defineProperty(credential, "getClientExtensionResults", { value: () => results });
      return credential;
    };
  }
}
