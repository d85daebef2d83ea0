// Debian's Firefox without a window, driven by Puppeteer over WebDriver BiDi. Playwright can drive
// only its own build of Firefox.
import { join } from "node:path";
import { launch, type Browser, type Page } from "puppeteer-core";

/** Added to Puppeteer's own preferences, which switch off updates, suggestions and most reports. */
const PREFERENCES = {
  // Only software authenticators provide passkeys. There is none until one is added.
  "security.webauth.webauthn_enable_softtoken": true,
  "security.webauth.webauthn_enable_usbtoken": false,
  "ui.prefersReducedMotion": 1,
  // The rest of Firefox's own requests.
  "app.update.auto": false,
  "browser.region.network.url": "",
  "dom.push.connection.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.server": "",
};

/** Runs in Firefox itself. The authenticator keeps passkeys, and every touch is given at once. */
const ADD_AUTHENTICATOR = `() => {
  const service = Cc["@mozilla.org/webauthn/service;1"].getService(Ci.nsIWebAuthnService);
  service.addVirtualAuthenticator("ctap2_1", "internal", true, true, true, true);
}`;

/** The connection of a browser, which Puppeteer's types do not show. */
interface Bidi {
  send<Result>(method: string, parameters: object): Promise<{ result: Result }>;
}

export class Firefox {
  /** Console errors, exceptions and violations of the policy. No page may cause any. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`console: ${message.text()}`);
    });
    // Firefox reports violations of the policy here too.
    page.on("pageerror", (error) => this.complaints.push(`${error}`));
  }

  /** Starts it with a new profile in this folder, and opens a tab. */
  static async start(folder: string): Promise<Firefox> {
    const browser = await launch({
      browser: "firefox",
      executablePath: process.env.FIREFOX!,
      userDataDir: join(folder, "firefox"),
      // As root, Firefox starts only when its home belongs to root.
      env: { PATH: process.env.PATH, HOME: folder },
      // WebDriver BiDi has no command for authenticators, so one is added from within Firefox.
      args: ["--remote-allow-system-access"],
      extraPrefsFirefox: PREFERENCES,
      defaultViewport: { width: 1280, height: 800 },
    });
    await addAuthenticator((browser as unknown as { connection: Bidi }).connection);
    // Firefox refuses passkeys to a tab without the focus. The first tab has none, a new one does.
    return new Firefox(browser, await browser.newPage());
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}

async function addAuthenticator(bidi: Bidi): Promise<void> {
  const tree = await bidi.send<{ contexts: { context: string }[] }>("browsingContext.getTree", {
    "moz:scope": "chrome",
  });
  const { result } = await bidi.send<{ type: string; exceptionDetails?: { text: string } }>("script.callFunction", {
    functionDeclaration: ADD_AUTHENTICATOR,
    awaitPromise: false,
    target: { context: tree.result.contexts[0].context },
  });
  if (result.type !== "success") throw new Error(`no authenticator: ${result.exceptionDetails?.text}`);
}
