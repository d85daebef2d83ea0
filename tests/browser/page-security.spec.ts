// The page loads exactly the files that index.html names, and nothing else can run in it.
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { DIST, expect, test } from "./support/fixtures.ts";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default";

const HEADERS = {
  "content-security-policy": POLICY,
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Finds the file of the build whose name has this start and end. */
async function fileOf(folder: string, start: string, end: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(start) && name.endsWith(end));
  expect(names, `${start}*${end}`).toHaveLength(1);
  return join(folder, names[0]);
}

// Attack T44 of tests/ATTACKS.md.
test("every answer carries the policy, pages and files and the API alike", async ({ request }) => {
  const script = (await fileOf(DIST, "boot-", ".js")).slice(DIST.length);
  for (const path of ["/", "/vault/add", "/index.html", script, "/api/health", "/api/nothing", "/nothing.js"]) {
    const headers = (await request.get(path)).headers();
    expect(headers, path).toMatchObject(HEADERS);
    expect(headers["permissions-policy"], path).toContain("publickey-credentials-get=(self)");
    expect(headers["permissions-policy"], path).toContain("clipboard-read=(self)");
    expect(headers["set-cookie"], path).toBeUndefined();
  }
});

test("index.html is the same bytes for everybody", async ({ request, page, person }) => {
  const built = await readFile(join(DIST, "index.html"));
  await person.createVault("Anybody");
  const askers: { path: string; headers: Record<string, string> }[] = [
    { path: "/", headers: {} },
    { path: "/vault", headers: { "accept-language": "de", "user-agent": "another browser" } },
    { path: "/unlock?locked=idle", headers: { referer: "https://example.com/" } },
    { path: "/vault/00000000000000000000000000000000/edit", headers: { cookie: "a=b" } },
  ];
  for (const { path, headers } of askers) {
    expect((await (await request.get(path, { headers })).body()).equals(built), path).toBe(true);
  }
  // Use the session of the vault above.
  const seen = await page.evaluate(async () => (await fetch("/vault")).text());
  expect(seen).toBe(built.toString());
});

// Attack T44 of tests/ATTACKS.md.
test("executable markup, foreign workers and text as code are refused", async ({ page, guard }) => {
  guard.allow(/^policy: /, /Content Security Policy|Trusted|TrustedScript/);
  await page.goto("/");
  await page.getByRole("button", { name: "Create a vault" }).waitFor();
  const outcomes = await page.evaluate(async () => {
    const outcome = (act: () => unknown): string => {
      try {
        act();
        return "done";
      } catch (error) {
        return (error as Error).name;
      }
    };
    const element = document.createElement("div");
    const refused: Record<string, string> = {};
    const markup = [
      "<script>window.ran = true</script>",
      "<img src=x onerror='window.ran = true'>",
      "<iframe srcdoc='x'></iframe>",
      "<a href='javascript:window.ran = true'>x</a>",
      "<link rel=stylesheet href=x>",
      "<base href='https://example.com/'>",
    ];
    for (const html of markup) refused[html] = outcome(() => (element.innerHTML = html));
    const workers = ["https://example.com/worker.js", "/worker.js", "/sw.js", URL.createObjectURL(new Blob(["postMessage(1)"]))];
    for (const url of workers) refused[`worker ${url.slice(0, 5)}`] = outcome(() => new Worker(url));
    refused["script text"] = outcome(() => (document.createElement("script").text = "window.ran = true"));
    refused["script address"] = outcome(() => (document.createElement("script").src = "https://example.com/x.js"));
    const { trustedTypes } = window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } };
    refused["another policy"] = outcome(() => trustedTypes.createPolicy("another", {}));
    refused["default again"] = outcome(() => trustedTypes.createPolicy("default", {}));
    // In a separate task, since scripts that the test runs directly are exempt from the policy.
    refused.eval = await new Promise((resolve) => setTimeout(() => resolve(outcome(() => eval("1")))));
    refused["timer text"] = outcome(() => setTimeout("window.ran = true" as unknown as () => void));
    const ran = await new Promise((resolve) =>
      setTimeout(() => resolve((window as { ran?: boolean }).ran ?? false), 0),
    );
    return { refused, ran };
  });
  expect(outcomes.ran).toBe(false);
  for (const [what, outcome] of Object.entries(outcomes.refused)) expect(outcome, what).not.toBe("done");
});

test("control: plain markup is allowed", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Create a vault" }).waitFor();
  const text = await page.evaluate(() => {
    const element = document.createElement("div");
    element.innerHTML = "<p>plain</p>";
    return element.textContent;
  });
  expect(text).toBe("plain");
});

// Attack T22 of tests/ATTACKS.md.
test("no request goes to another origin", async ({ page, guard }) => {
  guard.allow(/^policy: /, /Content Security Policy/, /^foreign request: /);
  await page.goto("/");
  const outcome = await page.evaluate(() =>
    fetch("https://example.com/").then(
      () => "went out",
      () => "stayed",
    ),
  );
  expect(outcome).toBe("stayed");
});

/** A file of the build, and what the user sees when its bytes were changed. */
interface Started {
  name: string;
  start: string;
  end: string;
  /** The byte to change, counted from the start (the bindings, in scripts) or from the end. */
  at: number;
  refused(page: Page): Promise<void>;
}

const neverBegins = async (page: Page): Promise<void> => {
  // The line appears after ten seconds; the clock of the page runs faster.
  const session = await page.context().newCDPSession(page);
  await session.send("Animation.enable");
  await session.send("Animation.setPlaybackRate", { playbackRate: 50 });
  await expect(page.getByText("This takes longer than usual")).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
};
const isAltered = async (page: Page): Promise<void> => {
  await expect(page.getByRole("heading", { name: "A file was not the expected one" })).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
};
const noEngine = async (page: Page): Promise<void> => {
  await expect(page.getByRole("heading", { name: "A file of this app was not the expected one" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Create a vault" })).toHaveCount(0);
};

const STARTED: Started[] = [
  { name: "the bindings in boot.js", start: "boot-", end: ".js", at: 60, refused: neverBegins },
  { name: "the end of boot.js", start: "boot-", end: ".js", at: -1, refused: neverBegins },
  { name: "the app's Wasm", start: "app-", end: ".wasm", at: -1, refused: isAltered },
  { name: "the bindings in the worker", start: "worker-", end: ".js", at: 60, refused: noEngine },
  { name: "the end of the worker's script", start: "worker-", end: ".js", at: -1, refused: noEngine },
  { name: "the worker's Wasm", start: "worker-", end: ".wasm", at: -1, refused: noEngine },
];

test.describe("a changed file", () => {
  /**
   * A copy of the build that this test may change. The server reads it from disk on every request.
   */
  test.use({
    serverOptions: async ({ folder }, use) => {
      const app = join(folder, "app");
      await cp(DIST, app, { recursive: true });
      await use({ app, signUp: "open" });
    },
  });

  for (const { name, start, end, at, refused } of STARTED) {
    // Attack T42 of tests/ATTACKS.md.
    test(`one byte in ${name} is refused and nothing starts`, async ({ page, serverOptions, guard, wire }) => {
      guard.allow(/integrity|digest|Failed to load|Failed to fetch/i);
      const path = await fileOf(serverOptions.app, start, end);
      const bytes = await readFile(path);
      const place = at < 0 ? bytes.length + at : at;
      // In scripts a space becomes a line break or a letter, so that the hash refuses it and not
      // the parser.
      bytes[place] = bytes[place] === 0x0a ? 0x20 : bytes[place] ^ 1;
      await writeFile(path, bytes);
      await rm(`${path}.br`, { force: true });

      await page.goto("/");
      await refused(page);
      expect(page.workers()).toHaveLength(0);
      // boot.js itself asks where the server is; the engine asks more.
      const asked = wire.requests.filter((line) => line.includes("/api/"));
      expect(asked.filter((line) => line !== "GET /api/health")).toEqual([]);
      expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
      expect(guard.take().filter((complaint) => complaint.startsWith("uncaught"))).toEqual([]);
    });
  }

  for (const [start, end] of [
    ["boot-", ".js"],
    ["worker-", ".js"],
    ["app-", ".wasm"],
    ["vault-", ".wasm"],
    ["worker-", ".wasm"],
  ]) {
    test(`control: ${start}*${end} changed together with its hash starts`, async ({ person, serverOptions }) => {
      const path = await fileOf(serverOptions.app, start, end);
      const before = await readFile(path);
      // An empty custom section, or a comment: different bytes with the same meaning.
      const tail = end === ".wasm" ? Buffer.from([0, 1, 0]) : Buffer.from("\n//\n");
      const after = Buffer.concat([before, tail]);
      await writeFile(path, after);
      await rm(`${path}.br`, { force: true });
      const index = join(serverOptions.app, "index.html");
      const integrity = (bytes: Buffer) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
      const html = await readFile(index, "utf8");
      expect(html).toContain(integrity(before));
      await writeFile(index, html.replaceAll(integrity(before), integrity(after)));
      await rm(`${index}.br`, { force: true });
      await person.createVault("Sound");
    });
  }

  test("a missing file is reported as missing", async ({ page, serverOptions, guard }) => {
    guard.allow(/Failed to load|integrity|digest/i);
    const path = await fileOf(serverOptions.app, "app-", ".wasm");
    await rm(path);
    await rm(`${path}.br`, { force: true });
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "The server did not answer" })).toBeVisible();
  });
});

for (const [what, property, heading] of [
  ["WebAssembly", "WebAssembly", "WebAssembly is missing"],
  ["passkeys", "PublicKeyCredential", "Passkeys are missing"],
] as const) {
  test(`a browser without ${what} is told so, and nothing starts`, async ({ page, wire }) => {
    await page.addInitScript((name) => Object.defineProperty(globalThis, name, { value: undefined }), property);
    await page.goto("/");
    await expect(page.getByRole("alert").getByRole("heading", { name: heading })).toBeVisible();
    await expect(page.getByRole("button")).toHaveCount(0);
    expect(page.workers()).toHaveLength(0);
    expect(wire.requests.filter((line) => line.includes("/api/"))).toEqual([]);
  });
}

test("without scripts the page says what it needs", async ({ browser, origin, server }) => {
  expect(server.port).toBeGreaterThan(0);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(origin);
  await expect(page.getByRole("heading", { name: "Scripts are switched off" })).toBeVisible();
  await context.close();
});

test("the session's cookie is out of reach for scripts and other sites", async ({ page, person, context }) => {
  await person.createVault("Biscuit tin");
  const [cookie, ...others] = await context.cookies();
  expect(others).toEqual([]);
  expect(cookie).toMatchObject({
    // Without TLS, Safari drops cookies with `Secure`, which `__Host-` requires.
    name: "crystallum",
    httpOnly: true,
    secure: false,
    sameSite: "Strict",
    path: "/",
  });
  expect(await page.evaluate(() => document.cookie)).toBe("");
});
