// The engine's worker. The build puts the worker's bindings (`wasm_bindgen`) in front of this file.
//
// The page has verified this script and compiled the Wasm module from verified bytes. The first
// message contains the module. Running it starts the Rust `main`, which handles all later messages.
// The reply is {ready: true} or {failed: code}.
"use strict";

addEventListener(
  "message",
  async ({ data }) => {
    try {
      await wasm_bindgen({ module_or_path: data.module });
      postMessage({ ready: true });
    } catch {
      postMessage({ failed: "start" });
    }
  },
  { once: true },
);
