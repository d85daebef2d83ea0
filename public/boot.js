// Starts the page: checks what the browser supports, then runs exactly the files that index.html
// names.
//
// The build puts the app's bindings (`wasm_bindgen`) in front of this file. index.html contains the
// hash of both together, and the hashes of everything that is fetched here, so every file that runs
// is named by index.html:
//   index.html -> this file (script integrity)
//              -> both parts of the app's Wasm, worker script, worker Wasm (fetch integrity)
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

/** Returns the URLs and the expected hashes of the files that index.html names like this. */
function allNamed(name) {
  return Array.from(document.querySelectorAll(`meta[name="${name}"]`), ({ content }) => {
    const [url, integrity] = content.split(" ");
    return { url, integrity };
  });
}

/** Returns the URL and the expected hash of the one file that index.html names like this. */
function named(name) {
  return allNamed(name)[0];
}

const APP_WASM = named("crystallum-app-wasm");
const VAULT_WASM = named("crystallum-vault-wasm");
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

/** How long the page waits to be told its right address, in milliseconds. */
const ADDRESS_DEADLINE = 3_000;

/**
 * Returns the address that the server expects, if the page was opened at another one. Returns null
 * if they agree, the server does not answer in time, or its answer cannot be an address of ours:
 * https, or http on localhost, and never an IP address.
 */
async function expectedAddress() {
  try {
    const signal = AbortSignal.timeout(ADDRESS_DEADLINE);
    const answer = await fetch("/api/health", { cache: "no-store", credentials: "omit", redirect: "error", signal });
    const url = new URL((await answer.json()).origin);
    const isAllowed = url.protocol === "https:" || (url.protocol === "http:" && isLocal(url.hostname));
    return isAllowed && !IP_ADDRESS.test(url.hostname) && url.origin !== location.origin ? url : null;
  } catch {
    return null;
  }
}

function isLocal(host) {
  return host === "localhost" || host.endsWith(".localhost");
}

/**
 * Whether a link to that host may be offered. A server could name any host, so the page links only
 * from this machine's own addresses, or where the hosts are the same or one is below the other.
 */
function isRelated(host) {
  const here = location.hostname;
  const isBelow = (inner, outer) => inner.endsWith(`.${outer}`);
  return IP_ADDRESS.test(here) || isLocal(here) || here === host || isBelow(here, host) || isBelow(host, here);
}

/**
 * Whether the address is still to be checked: always at an IP address, for which no browser creates
 * a passkey, else on the first visit. Where this browser keeps a vault the app must open whatever
 * the server says, and without it.
 */
async function needsAddressCheck() {
  if (IP_ADDRESS.test(location.hostname)) return true;
  try {
    return (await indexedDB.databases()).length === 0;
  } catch {
    return true;
  }
}

// Page translation. A translator puts `font` elements with the translation in the place of a text
// node, or around it. The app still writes into that node, and inserts before it. So the node goes
// back to its place, empty, and stands before its translation until the app writes into it or
// removes it; then the translation goes, and the translator may translate what is there now.

/** For each text node that was translated: the element with the translation, and its own text. */
const translations = new WeakMap();

/** Ends a translation. Returns the text that was translated, if there was one. */
function untranslate(node) {
  const found = translations.get(node);
  translations.delete(node);
  found?.element.remove();
  return found?.text;
}

/** Puts a text node back before the element that took its place. */
function putBack(node, element) {
  untranslate(node);
  translations.set(node, { element, text: node.data });
  if (element.contains(node)) node.replaceWith(node.cloneNode());
  node.data = "";
  element.before(node);
}

/**
 * Returns the element that a translator put in the place of the text node that a record removes. It
 * came in the same step, holds the node, stands beside the place, or came to that place later.
 */
function findTranslation(record, node, added) {
  const { target, previousSibling, nextSibling } = record;
  const signs = [
    ({ by }) => by === record,
    ({ element }) => element.contains(node),
    ({ element }) => element === previousSibling || element === nextSibling,
    ({ by }) => by.previousSibling === previousSibling && by.nextSibling === nextSibling,
  ];
  const here = added.filter(({ element }) => element.parentNode === target);
  return signs.map((sign) => here.find(sign)).find((found) => found !== undefined)?.element;
}

const translationObserver = new MutationObserver((records) => {
  const added = records.flatMap((by) =>
    Array.from(by.addedNodes, (element) => ({ element, by })).filter(({ element }) => element.nodeName === "FONT"),
  );
  for (const record of records) {
    if (record.type === "characterData") untranslate(record.target);
    for (const node of record.removedNodes) {
      if (node.nodeType !== Node.TEXT_NODE || node.parentNode === record.target) continue;
      const element = findTranslation(record, node, added);
      if (element !== undefined) {
        putBack(node, element);
        continue;
      }
      const text = untranslate(node);
      // The app has moved it.
      if (text !== undefined && node.isConnected) node.data = text;
    }
  }
  // What was changed here is not to be observed.
  translationObserver.takeRecords();
});
translationObserver.observe(document.body ?? document.documentElement, {
  childList: true,
  characterData: true,
  subtree: true,
});

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

/** The exports of the first part of the app's Wasm, once it has started. */
let app = null;
/** The second part, once it was asked for. */
let vaultPart = null;

/**
 * Fetches and starts the part of the app's Wasm that only an open vault needs. It shares memory and
 * the table of functions with the first part. After a failure, the next call tries again.
 */
function loadVaultPart() {
  vaultPart ??= startVaultPart().catch((error) => {
    vaultPart = null;
    throw failure(codeOf(error, "failed"));
  });
  return vaultPart;
}

async function startVaultPart() {
  const wasm = await fetchNamed(VAULT_WASM);
  await WebAssembly.instantiateStreaming(wasm, { __wasm_split: await app });
}

Object.defineProperty(globalThis, "crystallumBoot", {
  value: Object.freeze({ loadVaultPart, showTheme, startWorker }),
});

/** Loads the styles of an open vault, so that nobody waits for them before they can open one. */
function loadVaultStyles() {
  for (const { url, integrity } of allNamed("crystallum-vault-style")) {
    const link = document.createElement("link");
    document.head.append(Object.assign(link, { rel: "stylesheet", href: url, integrity }));
  }
}

/** Shows a prepared message instead of the splash screen. Nothing of the app runs then. */
function refuse(code) {
  document.getElementById("boot-late").remove();
  document.getElementById(`boot-${code}`).hidden = false;
}

/** Names the right address, as a link where that is safe. */
function refuseAddress({ hostname, origin }) {
  const link = document.createElement(isRelated(hostname) ? "a" : "span");
  if (link instanceof HTMLAnchorElement) link.href = origin;
  link.textContent = `Open ${origin}`;
  document.getElementById("boot-address-link").append(link);
  refuse("address");
}

/** Returns the right address if the page was opened at another one and that matters here. */
async function wrongAddress() {
  return (await needsAddressCheck()) ? expectedAddress() : null;
}

async function start() {
  const lack = missing();
  if (lack !== null && lack !== "insecure") return refuse(lack);
  const checking = wrongAddress();
  if (lack === "insecure") {
    const address = await checking;
    return address === null ? refuse(lack) : refuseAddress(address);
  }
  try {
    const wasm = await fetchNamed(APP_WASM);
    const address = await checking;
    if (address !== null) return refuseAddress(address);
    app = wasm_bindgen({ module_or_path: wasm });
    await app;
  } catch (error) {
    return refuse(codeOf(error, error instanceof WebAssembly.CompileError ? "wasm" : "failed"));
  }
  document.getElementById("boot").remove();
  loadVaultStyles();
  // The service worker only shows a message while the server is unreachable. If it cannot be
  // registered, nothing else changes.
  navigator.serviceWorker?.register(SERVICE, { updateViaCache: "none" }).catch(() => {});
}

start();
