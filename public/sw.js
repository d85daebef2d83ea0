// The service worker. It caches nothing: every request goes to the network as it would without it,
// and requests to /api are not handled at all. Only when a page cannot be fetched does it respond,
// with one fixed message and never with a page of an earlier build.
"use strict";

const AWAY = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Crystallum</title>
<style>
  :root { color-scheme: light dark; background: light-dark(#f7f9fa, #10161a); color: light-dark(#17212b, #e8eef1); }
  body { box-sizing: border-box; min-block-size: 100vh; margin: 0; padding: 24px; display: grid; place-content: center;
    font: 400 16px/1.5 system-ui, sans-serif; }
  h1 { margin: 0 0 8px; font-size: 20px; font-weight: 600; line-height: 1.25; }
  p { margin: 0 0 8px; max-inline-size: 60ch; }
  a { color: light-dark(#0b6370, #6fc7d3); }
</style>
<h1>The server did not answer</h1>
<p>Nothing was loaded, unlocked or sent. Your vault is where it was. Check your connection.</p>
<p><a href="/">Try again</a></p>
`;

// The text above is fixed and contains no script, so inline styles are safe.
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Returns the message that is shown instead of a page. */
function away() {
  return new Response(AWAY, { status: 503, headers: HEADERS });
}

addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => {
  // Deletes every cache, whatever an earlier version may have stored.
  const empty = caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(empty.then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode !== "navigate" || new URL(request.url).pathname.startsWith("/api")) return;
  event.respondWith(fetch(request).catch(away));
});
