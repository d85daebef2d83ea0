// WebKitGTK's own small browser, driven over WebDriver.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect } from "@playwright/test";
import { Display } from "./display.ts";
import { Element, type Reference } from "./element.ts";

/** When a command is given up, in milliseconds. A question of the browser can block the page. */
const DEADLINE = 30_000;

export class WebKit {
  private session = "";

  private constructor(
    private readonly display: Display,
    private readonly driver: ChildProcess,
    private readonly port: number,
  ) {}

  /** Starts it with a new profile; its home is this folder. */
  static async start(folder: string): Promise<WebKit> {
    const display = await Display.start();
    const port = await findFreePort();
    const driver = spawn(process.env.WEBKIT_DRIVER!, [`--port=${port}`], {
      env: { PATH: process.env.PATH, HOME: folder, DISPLAY: display.name, GDK_BACKEND: "x11" },
      stdio: ["ignore", "ignore", "ignore"],
      detached: true,
    });
    const browser = new WebKit(display, driver, port);
    try {
      await browser.begin();
    } catch (error) {
      await browser.stop();
      throw error;
    }
    return browser;
  }

  private async begin(): Promise<void> {
    await expect.poll(() => this.isListening(), "the driver listens").toBe(true);
    const options = { binary: process.env.WEBKIT_BROWSER!, args: ["--automation"] };
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options } };
    const { sessionId } = await this.send<{ sessionId: string }>("POST", "/session", { capabilities });
    this.session = `/session/${sessionId}`;
  }

  async stop(): Promise<void> {
    const ended = once(this.driver, "exit");
    // The driver and the browser. After a failure, the browser may be waiting for a person.
    process.kill(-this.driver.pid!, "SIGKILL");
    await ended;
    await this.display.stop();
  }

  async open(address: string): Promise<void> {
    await this.command("POST", "/url", { url: address });
  }

  /** The elements that a CSS selector finds. */
  async all(selector: string): Promise<Element[]> {
    const query = { using: "css selector", value: selector };
    const found = await this.command<Reference[]>("POST", "/elements", query);
    return found.map((reference) => new Element(this, reference));
  }

  /** Runs the body of a function in the page, and returns what it returns. */
  run<Result>(script: string, ...args: unknown[]): Promise<Result> {
    return this.command("POST", "/execute/sync", { script, args });
  }

  /** Sends a command about the session. */
  command<Result>(method: string, path: string, body?: object): Promise<Result> {
    return this.send(method, this.session + path, body);
  }

  private async send<Result>(method: string, path: string, body?: object): Promise<Result> {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE),
    });
    const { value } = (await answer.json()) as { value: Result & { error?: string; message?: string } };
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  private async isListening(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.port}/status`).then((answer) => answer.ok, () => false);
  }
}

/** Returns a port that nobody uses. The driver does not say which one it chooses itself. */
async function findFreePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}
