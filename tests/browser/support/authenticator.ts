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
  /** The inputs to which these are the outputs. */
  inputs: (number[] | null)[];
}

interface Reply {
  manner: Manner;
  /** What takes the place of the outputs: see `Kept`. */
  outputs: (number[] | null)[] | null;
}

/** A passkey as the browser's own interface for tests gives it out and takes it. */
interface Passkey {
  credentialId: string;
  isResidentCredential: boolean;
  privateKey: string;
  signCount: number;
}

/**
 * The passkeys of an authenticator, for another one to answer with, as with passkeys that a
 * provider syncs. The virtual authenticator gives out its private keys but no secret of the `prf`
 * extension, so the outputs that it has given are kept instead, by their inputs.
 */
export interface Kept {
  credentials: Passkey[];
  outputs: Map<string, number[]>;
}

export class Authenticator {
  manner: Manner = "plain";
  /** Whether the user confirms; if not, the page gets the error of a cancelled ceremony. */
  willing = true;
  /** Every ceremony with a result, in order. */
  readonly ceremonies: Ceremony[] = [];
  private readonly outputsByInput = new Map<string, number[]>();
  private id = "";
  private second = "";

  private constructor(
    private readonly page: Page,
    readonly session: CDPSession,
  ) {}

  /**
   * Adds an authenticator to the tab, empty or with the passkeys of another one, whose counters
   * begin at `counter`. Call it before the first page is loaded.
   */
  static async attach(page: Page, kept?: Kept, counter = 0): Promise<Authenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable", { enableUI: false });
    const authenticator = new Authenticator(page, session);
    await authenticator.add({ hasPrf: true });
    for (const credential of kept?.credentials ?? []) await authenticator.addCredential(credential, counter);
    await page.exposeBinding("testWilling", () => authenticator.willing);
    await page.exposeBinding("testCeremony", (_, call: "create" | "get", seen: Seen): Reply => {
      const bytes = (list: number[] | null): Buffer | null => list && Buffer.from(list);
      const outputs = kept ? seen.inputs.map((input) => (input && kept.outputs.get(String(input))) ?? null) : null;
      const [first, second] = outputs ?? [seen.first, seen.second];
      for (const [at, output] of [first, second].entries()) {
        if (output && seen.inputs[at]) authenticator.outputsByInput.set(String(seen.inputs[at]), output);
      }
      authenticator.ceremonies.push({ call, first: bytes(first), second: bytes(second) });
      return { manner: authenticator.manner, outputs };
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

  private async addCredential(kept: Passkey, signCount: number): Promise<void> {
    const credential = { ...kept, signCount };
    await this.session.send("WebAuthn.addCredential", { authenticatorId: this.id, credential });
  }

  /** Returns its passkeys, for another authenticator. */
  async keep(): Promise<Kept> {
    const { credentials } = await this.session.send("WebAuthn.getCredentials", { authenticatorId: this.id });
    return { credentials, outputs: this.outputsByInput };
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
  interface Inputs {
    first?: BufferSource;
    second?: BufferSource;
  }
  interface Options {
    publicKey?: { extensions?: { prf?: { eval?: Inputs; evalByCredential?: Record<string, Inputs> } } };
  }
  type Report = (call: string, seen: Seen) => Promise<Reply>;
  const { testCeremony: report, testWilling: isWilling } = globalThis as unknown as {
    testCeremony: Report;
    testWilling(): Promise<boolean>;
  };
  const list = (source?: BufferSource) => {
    if (!source) return null;
    const view = ArrayBuffer.isView(source);
    return Array.from(view ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source));
  };
  const inputsOf = (options: Options) => {
    const prf = options.publicKey?.extensions?.prf;
    const inputs = prf?.eval ?? Object.values(prf?.evalByCredential ?? {})[0];
    return [list(inputs?.first), list(inputs?.second)];
  };
  const buffer = (bytes: number[] | null) => (bytes ? new Uint8Array(bytes).buffer : undefined);
  if (typeof CredentialsContainer !== "function") return;
  const container = CredentialsContainer.prototype as unknown as Record<string, (o: unknown) => Promise<Credential>>;
  for (const call of ["create", "get"]) {
    const original = container[call];
    container[call] = async function (options: unknown) {
      if (!(await isWilling())) throw new DOMException("The operation was not allowed.", "NotAllowedError");
      const credential = await original.call(this, options);
      const results = credential.getClientExtensionResults();
      const outputs = results.prf?.results;
      const inputs = inputsOf(options as Options);
      const seen = { first: list(outputs?.first), second: list(outputs?.second), inputs };
      const { manner, outputs: kept } = await report(call, seen);
      if (kept) results.prf = { ...results.prf, results: { first: buffer(kept[0]), second: buffer(kept[1]) } };
      if (manner === "late" && call === "create") delete results.prf!.results;
      if (manner === "wrong" && call === "get") new Uint8Array(outputs!.first!)[0] ^= 1;
      Object.defineProperty(credential, "getClientExtensionResults", { value: () => results });
      return credential;
    };
  }
}
