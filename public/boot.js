// Starts the page: checks what the browser can do, then runs exactly the files that index.html names.
//
// The build puts the app's bindings (`wasm_bindgen`) in front of this file; index.html carries the hash of both
// together, and the hashes of everything fetched here. So each file that runs is one that index.html names:
//   index.html -> this file (script integrity) -> app Wasm, worker script, worker Wasm (fetch integrity).
"use strict";

// Before the first paint, which waits for this script: light or dark as the person chose.
const THEME_COLOURS = { light: "#f7f9fa", dark: "#10161a" };

/** Shows a theme: `light`, `dark`, or anything else for the system's. */
function showTheme(theme) {
  const colour = THEME_COLOURS[theme];
  if (colour === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.content = colour ?? THEME_COLOURS[meta.media.includes("dark") ? "dark" : "light"];
  }
}

try {
  showTheme(localStorage.getItem("crystallum.theme"));
} catch {
  // Without storage there is no choice to show.
}

/** A file that index.html names: its address and the hash that its bytes must have. */
function named(name) {
  const [url, integrity] = document.querySelector(`meta[name="${name}"]`).content.split(" ");
  return { url, integrity };
}

const APP_WASM = named("crystallum-app-wasm");
const WORKER = named("crystallum-worker");
const WORKER_WASM = named("crystallum-worker-wasm");

// Trusted Types. Views are built from markup that was compiled in; the policy is a second line behind that, not
// a sanitiser: it refuses whatever could run or load something. Scripts have one source: the worker below.
const FORBIDDEN_MARKUP = [
  /<\/?(?:script|i?frame|object|embed|applet|link|meta|base|style)/i,
  /[\s"'/]on[a-z]+\s*=/i,
  /javascript:/i,
  /\bsrcdoc\b/i,
];
let workerUrl = null;
/** The service worker; it has no hash in its name, since browsers look for it at one address. */
const SERVICE = "/sw.js";
globalThis.trustedTypes?.createPolicy("default", {
  createHTML(markup) {
    if (FORBIDDEN_MARKUP.some((pattern) => pattern.test(markup))) throw new TypeError("markup refused");
    return markup;
  },
  createScriptURL(url, _, sink) {
    const isService = url === SERVICE && sink === "ServiceWorkerContainer register";
    if (!isService && (workerUrl === null || url !== workerUrl)) throw new TypeError("script address refused");
    return url;
  },
});

/** An error with a code that has prepared words: unreachable, altered, wasm or failed. */
function failure(code) {
  return Object.assign(new Error(code), { code });
}

/** The code of an error that `failure` made, else the given one. */
function codeOf(error, otherwise) {
  return typeof error?.code === "string" ? error.code : otherwise;
}

/** Fetches a named file; the browser itself compares its bytes with the hash before giving any of them. */
async function fetchNamed({ url, integrity }) {
  try {
    return await fetch(url, { integrity });
  } catch {
    // The browser does not say whether the hash or the connection was wrong. This second answer is only
    // asked whether it exists; it is never read.
    const reachable = await fetch(url, { method: "HEAD", cache: "no-store" }).then((r) => r.ok, () => false);
    throw failure(reachable ? "altered" : "unreachable");
  }
}

/** A host that is an IPv4 or IPv6 address. */
const IP_ADDRESS = /^(?:[0-9.]+|\[.*\])$/;

/** What this browser lacks, as a code, or null. */
function missing() {
  if (!globalThis.isSecureContext) return "insecure";
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") return "wasm";
  if (typeof PublicKeyCredential !== "function" || !navigator.credentials) return "passkeys";
  return null;
}

/**
 * The origin that this server expects, when the page was opened at another one; null when they agree or nobody answers.
 * Passkeys belong to one host, and the server refuses every other, so nothing would work here.
 */
async function expectedOrigin() {
  try {
    const answer = await fetch("/api/health", { cache: "no-store", credentials: "omit", redirect: "error" });
    const { protocol, origin } = new URL((await answer.json()).origin);
    return /^https?:$/.test(protocol) && origin !== location.origin ? origin : null;
  } catch {
    return null;
  }
}

/** Waits for the worker's first word. */
function ready(worker) {
  return new Promise((resolve, reject) => {
    const settle = (act) => {
      worker.removeEventListener("message", onMessage);
      worker.removeEventListener("error", onError);
      act();
    };
    const onMessage = ({ data }) =>
      settle(() => (data?.ready === true ? resolve() : reject(failure("failed"))));
    const onError = (event) => {
      event.preventDefault();
      settle(() => reject(failure("failed")));
    };
    worker.addEventListener("message", onMessage);
    worker.addEventListener("error", onError);
  });
}

/**
 * Starts the engine's worker. `new Worker(address)` cannot check a hash, so the worker starts from the very bytes
 * that were checked, through an address that exists in this page only.
 */
async function startWorker() {
  const [script, wasm] = await Promise.all([fetchNamed(WORKER), fetchNamed(WORKER_WASM)]);
  const [source, module] = await Promise.all([
    script.arrayBuffer(),
    WebAssembly.compileStreaming(wasm).catch(() => Promise.reject(failure("wasm"))),
  ]);
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  let worker = null;
  try {
    workerUrl = url;
    worker = new Worker(url, { type: "module", name: "crystallum" });
    workerUrl = null;
    const answer = ready(worker);
    worker.postMessage({ module });
    await answer;
    return worker;
  } catch (error) {
    worker?.terminate();
    throw failure(codeOf(error, "failed"));
  } finally {
    workerUrl = null;
    URL.revokeObjectURL(url);
  }
}

Object.defineProperty(globalThis, "crystallumBoot", { value: Object.freeze({ showTheme, startWorker }) });

const splash = document.getElementById("boot");
/** The code of the message that is shown instead of the app. */
let refused = null;

/** Shows one prepared message in place of the splash, or of the app if that has started. */
function refuse(code) {
  refused = code;
  document.getElementById("boot-late")?.remove();
  document.body.replaceChildren(splash);
  document.getElementById(`boot-${code}`).hidden = false;
}

/** Sends a person who opened the page at another address to the right one. */
async function checkAddress() {
  const origin = await expectedOrigin();
  if (origin === null) return;
  const link = document.createElement("a");
  link.href = origin;
  link.textContent = `Open ${origin}`;
  splash.querySelector("#boot-address-link").replaceChildren(link);
  refuse("address");
}

async function start() {
  const lack = missing();
  if (lack !== null) return refuse(lack);
  try {
    const wasm = await fetchNamed(APP_WASM);
    const address = checkAddress();
    // No browser makes a passkey for an IP address, so there the answer is waited for. At a name it is not: the app
    // opens without the server, and makes way when the answer says that the name is a wrong one.
    if (IP_ADDRESS.test(location.hostname)) await address;
    if (refused === null) await wasm_bindgen({ module_or_path: wasm });
  } catch (error) {
    return refuse(codeOf(error, error instanceof WebAssembly.CompileError ? "wasm" : "failed"));
  }
  // Anything that the app showed meanwhile goes again.
  if (refused !== null) return refuse(refused);
  splash.remove();
  // It only says in our words that the server is away. Where it is refused nothing else changes.
  navigator.serviceWorker?.register(SERVICE, { updateViaCache: "none" }).catch(() => {});
}

start();
