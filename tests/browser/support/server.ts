// The real server with its own data folder.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

export interface ServerOptions {
  /** The folder of the built app. */
  app: string;
  /** Who may create a vault. */
  signUp: "open" | "invite" | "closed";
  /** Further arguments. */
  more?: string[];
}

export class Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly data: string,
    readonly port: number,
    private readonly lines: Buffer[],
  ) {}

  /** Starts the server for browsers that reach it at `origin`. Resolves once it listens. */
  static async start(data: string, origin: string, options: ServerOptions): Promise<Server> {
    const child = spawn(
      process.env.CRYSTALLUM_SERVER!,
      [
        "serve",
        ...["--data", data],
        ...["--listen", "127.0.0.1:0"],
        ...["--origin", origin],
        ...["--app", options.app],
        ...["--sign-up", options.signUp],
        ...(options.more ?? []),
      ],
      { stdio: ["ignore", "pipe", "pipe"], env: { PATH: process.env.PATH } },
    );
    const lines: Buffer[] = [];
    child.stderr!.on("data", (bytes: Buffer) => lines.push(bytes));
    const port = await new Promise<number>((resolve, reject) => {
      let text = "";
      child.stdout!.on("data", (bytes: Buffer) => {
        lines.push(bytes);
        text += bytes.toString();
        const found = /listening on 127\.0\.0\.1:(\d+)/.exec(text);
        if (found) resolve(Number(found[1]));
      });
      child.once("error", reject);
      child.once("exit", (code) =>
        reject(new Error(`the server ended with ${code}: ${Buffer.concat(lines).toString()}`)),
      );
    });
    return new Server(child, data, port, lines);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Returns everything that it wrote to standard output and standard error. */
  log(): Buffer {
    return Buffer.concat(this.lines);
  }

  /** Creates an invitation and returns its code. */
  async invite(): Promise<string> {
    const { stdout } = await promisify(execFile)(process.env.CRYSTALLUM_SERVER!, ["invite", "--data", this.data]);
    return stdout.trim();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await ended;
  }
}
