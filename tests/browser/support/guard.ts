// Watches every test for actions that no page may take.
import type { BrowserContext } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Authenticator } from "./authenticator.ts";
import type { Proxy } from "./proxy.ts";
import { Search, type Canary } from "./search.ts";

export class Guard {
  private readonly complaints: string[] = [];
  private readonly allowed: RegExp[] = [];
  private readonly secrets: Canary[] = [];

  private constructor(private readonly origin: string) {}

  static async watch(context: BrowserContext, origin: string): Promise<Guard> {
    const guard = new Guard(origin);
    context.on("console", (message) => {
      if (message.type() === "error") guard.complain(`console: ${message.text()}`);
    });
    context.on("weberror", (error) => guard.complain(`uncaught: ${error.error().message}`));
    context.on("request", (request) => {
      const url = new URL(request.url());
      const inside = url.protocol === "blob:" || url.protocol === "about:" ? `${url.origin}` : url.origin;
      if (url.protocol !== "about:" && inside !== origin) guard.complain(`foreign request: ${request.url()}`);
    });
    await context.exposeBinding("testViolation", (_, text: string) => guard.complain(`policy: ${text}`));
    await context.addInitScript(() => {
      const report = (globalThis as unknown as { testViolation(text: string): void }).testViolation;
      addEventListener("securitypolicyviolation", (event) =>
        report(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
      );
    });
    return guard;
  }

  private complain(text: string): void {
    if (!this.allowed.some((pattern) => pattern.test(text))) this.complaints.push(text);
  }

  /** Allows complaints that the test causes on purpose. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** Registers a text, or bytes, that no request may contain. */
  keep(name: string, value: string | Buffer): void {
    this.secrets.push({ name, bytes: Buffer.from(value) });
  }

  /** Removes and returns the complaints so far, so that they do not fail the test. */
  take(): string[] {
    return this.complaints.splice(0);
  }

  check(proxy: Proxy, authenticator: Authenticator): void {
    expect(this.complaints, "console errors, exceptions, policy violations, foreign requests").toEqual([]);
    const outputs = authenticator.outputs().map((bytes, at) => ({ name: `PRF output ${at}`, bytes }));
    const canaries = [...this.secrets, ...outputs];
    if (canaries.length === 0) return;
    const search = new Search(canaries);
    search.look(proxy.sent());
    expect(search.take(), "secrets in what the browser sent").toEqual([]);
  }
}
