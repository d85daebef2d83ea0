// Starts the page: checks what the browser supports, then runs exactly the files that index.html
// names.
//
// The build puts the app's bindings (`wasm_bindgen`) in front of this file. index.html contains the
// hash of both together, and the hashes of everything that is fetched here, so every file that runs
// is named by index.html:
//   index.html -> this file (script integrity)
//              -> app Wasm, worker script, worker Wasm (fetch integrity)
"use strict";

// Runs before the first paint, which waits for this script, so that the chosen theme is applied
// from the start.
const THEME_COLOURS = { light: "#f7f9fa", dark: "#10161a" };

/** Applies a theme: `light`, `dark`, or anything else for the system theme. */
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
  // Without storage no theme has been chosen.
}

/** Returns the URL and the expected hash of a file that index.html names. */
function named(name) {
  const [url, integrity] = document.querySelector(`meta[name="${name}"]`).content.split(" ");
  return { url, integrity };
}

const APP_WASM = named("crystallum-app-wasm");
const WORKER = named("crystallum-worker");
const WORKER_WASM = named("crystallum-worker-wasm");

// Trusted Types. Views are built from markup that is compiled in, so this policy is a second line
// of defence and not a sanitiser: it rejects whatever could run or load something. The only script
// source is the worker below.
const FORBIDDEN_MARKUP = [
  /<\/?(?:script|i?frame|object|embed|applet|link|meta|base|style)/i,
  /[\s"'/]on[a-z]+\s*=/i,
  /javascript:/i,
  /\bsrcdoc\b/i,
];
let workerUrl = null;
/** The service worker. Its name contains no hash, because browsers expect it at a fixed URL. */
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

/** Creates an error with the code of a prepared message: unreachable, altered, wasm or failed. */
function failure(code) {
  return Object.assign(new Error(code), { code });
}

/** Returns the code of an error that `failure` created, or else `otherwise`. */
function codeOf(error, otherwise) {
  return typeof error?.code === "string" ? error.code : otherwise;
}

/**
 * Fetches a file that index.html names. The browser verifies the hash before it returns any of the
 * bytes.
 */
async function fetchNamed({ url, integrity }) {
  try {
    return await fetch(url, { integrity });
  } catch {
    // The browser does not say whether the hash or the connection was wrong. This second request
    // only checks whether the file exists; its body is never read.
    const reachable = await fetch(url, { method: "HEAD", cache: "no-store" }).then((r) => r.ok, () => false);
    throw failure(reachable ? "altered" : "unreachable");
  }
}

/** Matches host names that are IPv4 or IPv6 addresses. */
const IP_ADDRESS = /^(?:[0-9.]+|\[.*\])$/;

/** Returns the code of a feature that this browser lacks, or null. */
function missing() {
  if (!globalThis.isSecureContext) return "insecure";
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") return "wasm";
  if (typeof PublicKeyCredential !== "function" || !navigator.credentials) return "passkeys";
  return null;
}

/**
 * Returns the origin that the server expects, if the page was opened at another one. Returns null
 * if they agree or the server does not answer. Passkeys belong to one host and the server rejects
 * every other, so nothing would work at a different origin.
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

/** Waits for the worker's first message. */
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
 * Starts the engine's worker. `new Worker(url)` cannot verify a hash, so the worker starts from the
 * verified bytes, through a blob URL that exists only in this page.
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
/** The code of the message that is shown instead of the app, or null. */
let refused = null;

/** Shows a prepared message instead of the splash screen, or of the app if it has started. */
function refuse(code) {
  refused = code;
  document.getElementById("boot-late")?.remove();
  document.body.replaceChildren(splash);
  document.getElementById(`boot-${code}`).hidden = false;
}

/** Shows a link to the correct origin if the page was opened at another one. */
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
    // No browser creates a passkey for an IP address, so there the answer is awaited. On a host
    // name it is not: the app opens without the server, and is replaced when the answer says that
    // the address is wrong.
    if (IP_ADDRESS.test(location.hostname)) await address;
    if (refused === null) await wasm_bindgen({ module_or_path: wasm });
  } catch (error) {
    return refuse(codeOf(error, error instanceof WebAssembly.CompileError ? "wasm" : "failed"));
  }
  // Removes anything that the app has shown meanwhile.
  if (refused !== null) return refuse(refused);
  splash.remove();
  // The service worker only shows a message while the server is unreachable. If it cannot be
  // registered, nothing else changes.
  navigator.serviceWorker?.register(SERVICE, { updateViaCache: "none" }).catch(() => {});
}

start();
