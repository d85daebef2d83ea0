// A passkey manager that is an extension: it stands between the page and the browser's passkeys,
// and gives credentials, errors and silence of its own.
import type { Page } from "@playwright/test";

/**
 * What the manager gives. `native`: the browser's own credential. `plain`: a plain object.
 * `realm`: an object with buffers of another realm. `views`: a plain object with views of larger
 * buffers. `lists`: a plain object with lists of numbers. `text`: the JSON form. `nothing`: null.
 */
export type Form = "native" | "plain" | "realm" | "views" | "lists" | "text" | "nothing";

export interface Refused {
  name: string;
  message: string;
}

interface Orders {
  form: Form;
  refusal: Refused | null;
  hangs: boolean;
}

export class Manager {
  form: Form = "native";
  /** What every ceremony is refused with, if anything. */
  refusal: Refused | null = null;
  /** Whether ceremonies settle only once [`release`] is called, whatever the page says. */
  hangs = false;
  /** The ceremonies that the manager was asked for. */
  readonly calls: string[] = [];
  /** The credentials that the page has signalled away, in base64url. */
  readonly signalled: string[] = [];
  private waiting: (() => void)[] = [];

  /** Call it before the first page is loaded, after the authenticator is attached. */
  static async attach(page: Page): Promise<Manager> {
    const manager = new Manager();
    await page.exposeBinding("testOrders", (_, call: string): Orders => {
      manager.calls.push(call);
      return { form: manager.form, refusal: manager.refusal, hangs: manager.hangs };
    });
    await page.exposeBinding("testReleased", () => new Promise<void>((done) => manager.waiting.push(done)));
    await page.exposeBinding("testSignal", (_, id: string) => void manager.signalled.push(id));
    await page.addInitScript(hook);
    return manager;
  }

  /** Lets the ceremonies that hang go on. */
  release(): void {
    this.hangs = false;
    for (const done of this.waiting.splice(0)) done();
  }
}

/** Runs in the page before anything else. */
function hook(): void {
  type Call = (options: CredentialRequestOptions) => Promise<PublicKeyCredential>;
  const { testOrders, testReleased, testSignal } = globalThis as unknown as {
    testOrders(call: string): Promise<Orders>;
    testReleased(): Promise<void>;
    testSignal(id: string): Promise<void>;
  };
  if (typeof CredentialsContainer !== "function") return;
  const forms: Record<string, (buffer: ArrayBuffer) => unknown> = {
    plain: (buffer) => buffer,
    realm: (buffer) => {
      const frame = document.documentElement.appendChild(document.createElement("iframe"));
      const realm = frame.contentWindow as unknown as typeof globalThis;
      const copy = new realm.ArrayBuffer(buffer.byteLength);
      new realm.Uint8Array(copy).set(new Uint8Array(buffer));
      frame.remove();
      return copy;
    },
    views: (buffer) => {
      const room = new Uint8Array(buffer.byteLength + 7).fill(9);
      room.set(new Uint8Array(buffer), 3);
      return new DataView(room.buffer, 3, buffer.byteLength);
    },
    lists: (buffer) => Array.from(new Uint8Array(buffer)),
    text: (buffer) => {
      const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
      return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    },
  };
  const reshape = (credential: PublicKeyCredential, form: string) => {
    const give = (value: unknown) => (value instanceof ArrayBuffer ? forms[form](value) : value);
    const members = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const response: Record<string, unknown> = {};
    for (const name of members) {
      const value = (credential.response as unknown as Record<string, unknown>)[name];
      if (value) response[name] = give(value);
    }
    const { prf } = credential.getClientExtensionResults() as {
      prf?: { enabled?: boolean; results?: Record<string, unknown> };
    };
    const given = prf?.results && Object.entries(prf.results).map(([name, value]) => [name, give(value)]);
    const results = { prf: { ...prf, ...(given && { results: Object.fromEntries(given) }) } };
    const { id, type } = credential;
    if (form === "text") return { id, type, response, clientExtensionResults: results };
    return { id, type, rawId: give(credential.rawId), response, getClientExtensionResults: () => results };
  };
  const container = CredentialsContainer.prototype as unknown as Record<string, Call>;
  const original = { create: container.create, get: container.get };
  const browser = navigator.credentials;
  const call = async (name: "create" | "get", options: CredentialRequestOptions) => {
    const { form, refusal, hangs } = await testOrders(name);
    if (refusal) {
      // An extension has classes of its own, so its errors are none of this page's.
      if (form !== "native") throw { ...refusal };
      throw new DOMException(refusal.message, refusal.name);
    }
    if (hangs) await testReleased();
    const { signal: _, ...rest } = options;
    const credential = await original[name].call(browser, hangs ? rest : options);
    if (form === "nothing") return null as unknown as PublicKeyCredential;
    return form === "native" ? credential : reshape(credential, form);
  };
  for (const name of ["create", "get"] as const) container[name] = ((options) => call(name, options)) as Call;
  const publicKey = PublicKeyCredential as unknown as {
    signalUnknownCredential?(options: { credentialId: string }): Promise<void>;
  };
  const signal = publicKey.signalUnknownCredential;
  publicKey.signalUnknownCredential = async (options) => {
    await testSignal(options.credentialId);
    await signal?.call(publicKey, options);
  };
}
