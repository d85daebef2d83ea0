// Stands between browser and server: keeps every byte of both directions, and spoils chosen requests.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/**
 * `cut`: the connection ends before the server sees the request. `html`: an answer of some other machine instead.
 * `lose`: the server handles the request, its answer never arrives. `stall`: nothing happens until told otherwise.
 */
export type Fault = "cut" | "html" | "lose" | "stall";

const HTML = "<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>";

/** Spoils the requests that it fits, until it is healed. */
export class Rule {
  /** Requests spoilt so far. */
  hits = 0;
  private healed = false;
  private waiting: ((then: "go" | "cut") => void)[] = [];

  constructor(
    readonly fault: Fault,
    private readonly method: string | null,
    private readonly path: RegExp,
    readonly status: number,
  ) {}

  fits(method: string, path: string): boolean {
    return !this.healed && (this.method === null || this.method === method) && this.path.test(path);
  }

  /** Lets later requests through. */
  heal(): void {
    this.healed = true;
  }

  /** Ends the wait of every stalled request and heals. */
  release(then: "go" | "cut"): void {
    this.heal();
    for (const resume of this.waiting.splice(0)) resume(then);
  }

  stalled(): Promise<"go" | "cut"> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

export class Proxy {
  /** Port of the server behind it. */
  upstream = 0;
  /** Every request line, in order. */
  readonly requests: string[] = [];
  private readonly heads: string[] = [];
  private readonly up: Buffer[] = [];
  private readonly down: Buffer[] = [];
  private readonly rules: Rule[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly listener: Server) {}

  static async start(): Promise<Proxy> {
    const listener = createServer({ noDelay: true });
    const proxy = new Proxy(listener);
    listener.on("connection", (client) => void proxy.serve(client));
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    return proxy;
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Everything that browsers sent. */
  sent(): Buffer {
    return Buffer.concat(this.up);
  }

  /** Everything that browsers got. */
  got(): Buffer {
    return Buffer.concat(this.down);
  }

  /** Forgets all of it. */
  forget(): void {
    this.up.length = 0;
    this.down.length = 0;
  }

  /** How many requests had this method and path. */
  count(line: string): number {
    return this.requests.filter((request) => request === line).length;
  }

  /** One header of every request with this method and a path that begins like this; null where it is missing. */
  headers(name: string, method: string, start: string): (string | null)[] {
    const header = new RegExp(`\\r\\n${name}: *(.*)\\r\\n`, "i");
    const asked = this.heads.filter((head) => head.startsWith(`${method} ${start}`));
    return asked.map((head) => header.exec(head)?.[1] ?? null);
  }

  /** Spoils requests from now on; `method` null is any. */
  spoil(fault: Fault, method: string | null, path: RegExp, status = 502): Rule {
    const rule = new Rule(fault, method, path, status);
    this.rules.push(rule);
    return rule;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const closed = once(this.listener, "close");
    this.listener.close();
    await closed;
  }

  private track(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
    return socket;
  }

  /** A connection to the server whose bytes go to `client`. */
  private dial(client: Socket): Socket {
    const server = this.track(connect({ port: this.upstream, host: "127.0.0.1", noDelay: true }));
    server.on("data", (bytes: Buffer) => {
      this.down.push(bytes);
      client.write(bytes);
    });
    server.on("close", () => client.end());
    client.on("close", () => server.destroy());
    return server;
  }

  private async serve(client: Socket): Promise<void> {
    this.track(client);
    const reader = new Reader(client, this.up);
    let server: Socket | null = null;
    try {
      for (;;) {
        const head = await reader.head();
        if (head === null) break;
        const text = head.toString("latin1");
        const [line] = text.split("\r\n", 1);
        const [method, path] = line.split(" ");
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
        this.heads.push(text);
        this.requests.push(`${method} ${path}`);
        const rule = this.rules.find((candidate) => candidate.fits(method, path));
        if (rule) rule.hits += 1;
        let fault = rule?.fault;
        if (rule && fault === "stall") fault = (await rule.stalled()) === "cut" ? "cut" : undefined;

        if (fault === "cut") {
          client.destroy();
          return;
        }
        if (rule && fault === "html") {
          await reader.whole(length);
          client.end(
            `HTTP/1.1 ${rule.status} Anything\r\ncontent-type: text/html\r\nconnection: close\r\n` +
              `content-length: ${HTML.length}\r\n\r\n${HTML}`,
          );
          return;
        }
        if (fault === "lose") {
          const lost = this.track(connect({ port: this.upstream, host: "127.0.0.1" }));
          lost.write(Buffer.concat([head, await reader.whole(length)]));
          // The server answers only what it has carried out.
          const [answer] = (await once(lost, "data")) as [Buffer];
          this.down.push(answer);
          lost.destroy();
          client.destroy();
          return;
        }
        server ??= this.dial(client);
        server.write(head);
        for (let left = length; left > 0;) {
          const piece = await reader.piece(left);
          if (piece === null) return;
          left -= piece.length;
          server.write(piece);
        }
      }
    } catch {
      // A connection that breaks is what many tests are about.
    } finally {
      server?.end();
      client.end();
    }
  }
}

/** Reads a socket piece by piece and keeps what it read. */
class Reader {
  private readonly source: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    socket: Socket,
    private readonly record: Buffer[],
  ) {
    this.source = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.source.next();
    if (done) return false;
    this.record.push(value);
    this.rest = this.rest.length === 0 ? value : Buffer.concat([this.rest, value]);
    return true;
  }

  private take(length: number): Buffer {
    const taken = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return taken;
  }

  /** Up to and with the empty line; null at the end. */
  async head(): Promise<Buffer | null> {
    for (;;) {
      const end = this.rest.indexOf("\r\n\r\n");
      if (end >= 0) return this.take(end + 4);
      if (!(await this.more())) return null;
    }
  }

  /** At most so many bytes, as soon as there are some. */
  async piece(most: number): Promise<Buffer | null> {
    if (this.rest.length === 0 && !(await this.more())) return null;
    return this.take(most);
  }

  /** Exactly so many bytes. */
  async whole(length: number): Promise<Buffer> {
    while (this.rest.length < length && (await this.more()));
    return this.take(length);
  }
}
