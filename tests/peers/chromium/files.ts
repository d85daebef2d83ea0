// Serves the bench page, its packages and its Wasm. The page is cross-origin isolated, so that its
// clock has a fine resolution.
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

export class Files {
  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  /** Serves `root`, and `wasm` under `/peers`. */
  static async serve(root: string, wasm: string): Promise<Files> {
    const server = createServer(async (request, response) => {
      const path = normalize(new URL(request.url!, "http://localhost").pathname);
      const file = path.startsWith("/peers/") ? join(wasm, path.slice("/peers/".length)) : join(root, path);
      const bytes = await readFile(file).catch(() => null);
      response.writeHead(bytes ? 200 : 404, {
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      });
      response.end(bytes);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return new Files(server, `http://localhost:${(server.address() as AddressInfo).port}`);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
