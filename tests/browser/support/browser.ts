// A separate browser process with its profile in a folder, which can be killed as in a crash.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chromium, type Browser, type BrowserContext } from "@playwright/test";

const ARGUMENTS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
  "--lang=en-GB",
  "--window-size=1280,900",
  "--remote-debugging-port=0",
];

export class OwnBrowser {
  private constructor(
    private readonly child: ChildProcess,
    private readonly browser: Browser,
  ) {}

  static async start(profile: string): Promise<OwnBrowser> {
    const all = [...ARGUMENTS, `--user-data-dir=${profile}`, "about:blank"];
    const child = spawn(process.env.CHROMIUM!, all, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
    const address = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stderr!.on("data", (bytes: Buffer) => {
        text += bytes.toString();
        const found = /DevTools listening on (ws:\S+)/.exec(text);
        if (found) resolve(found[1]);
      });
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`Chromium ended with ${code}: ${text}`)));
    });
    return new OwnBrowser(child, await chromium.connectOverCDP(address));
  }

  get context(): BrowserContext {
    return this.browser.contexts()[0];
  }

  /** Kills all processes at once, before they can write anything more. */
  async kill(): Promise<void> {
    if (this.child.signalCode !== null || this.child.exitCode !== null) return;
    const ended = once(this.child, "exit");
    process.kill(-this.child.pid!, "SIGKILL");
    await ended;
  }
}
