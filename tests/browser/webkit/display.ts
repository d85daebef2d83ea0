// A screen that nobody sees, with a clipboard of its own: a person's own is none of the tests'.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

export class Display {
  private constructor(
    private readonly server: ChildProcess,
    /** Its name for programs. */
    readonly name: string,
  ) {}

  /** Starts it with a number that nobody uses. */
  static async start(): Promise<Display> {
    const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    });
    // It writes a line with the number once programs can connect.
    let line = "";
    for await (const bytes of (server.stdio[3] as Readable).iterator({ destroyOnReturn: false })) {
      line += bytes;
      if (line.endsWith("\n")) return new Display(server, `:${line.trim()}`);
    }
    throw new Error("Xvfb ended before it was ready");
  }

  async stop(): Promise<void> {
    const ended = once(this.server, "exit");
    this.server.kill();
    await ended;
  }
}
