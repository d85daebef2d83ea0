// Gives every test in WebKit its own server, browser and person. WebKitGTK has no passkeys, so the
// real server sends the real app with two scripts more, one of which is an authenticator.
import { copyFile, cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { DIST, host } from "../support/host.ts";
import { Person } from "./person.ts";
import { WebKit } from "./webkit.ts";

export { expect } from "@playwright/test";

const SCRIPTS = ["authenticator.js", "complaints.js"];
const COMPLAINTS = 'return JSON.parse(localStorage.getItem("test.complaints") ?? "[]")';

export const test = host.extend<{ webkit: WebKit; person: Person }>({
  serverOptions: async ({ folder }, use) => use({ app: await addScripts(join(folder, "app")), signUp: "open" }),
  webkit: async ({ folder }, use) => {
    const webkit = await WebKit.start(folder);
    await use(webkit);
    await webkit.stop();
  },
  person: async ({ webkit, wire, origin }, use, { errors }) => {
    await use(new Person(webkit));
    // After a failure, the browser may not answer any more.
    if (errors.length > 0) return;
    expect(await webkit.run(COMPLAINTS), "console errors, exceptions, policy violations").toEqual([]);
    const origins = wire.headers("origin", "POST", "/api/");
    expect(origins.length, "POST requests to the API").toBeGreaterThan(0);
    expect(new Set(origins), "the Origin headers of all POST requests").toEqual(new Set([origin]));
  },
});

/** Copies the built app and adds the scripts. Everything else stays as it is built. */
async function addScripts(app: string): Promise<string> {
  await cp(DIST, app, { recursive: true });
  for (const script of SCRIPTS) await copyFile(join(import.meta.dirname, script), join(app, script));
  const index = join(app, "index.html");
  const built = await readFile(index, "utf8");
  const own = '<script type="module"';
  expect(built.split(own), "the page's own script").toHaveLength(2);
  const added = SCRIPTS.map((script) => `<script src="/${script}"></script>`).join("");
  await writeFile(index, built.replace(own, added + own));
  await rm(join(app, "index.html.br"), { force: true });
  return app;
}
