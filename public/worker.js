// The engine's worker. The build puts the worker's bindings (`wasm_bindgen`) in front of this file.
//
// The page has checked this script and compiled the Wasm from checked bytes; the first message carries it. Running
// it starts the Rust `main`, which takes every later message. The answer is {ready: true}, or {failed: code}.
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
