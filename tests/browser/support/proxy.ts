// A proxy between browser and server that records all bytes in both directions and injects faults
// into chosen requests.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { askAndAlter, type Alteration } from "./altered.ts";
import { Reader } from "./reader.ts";
import { Rule, type Fault } from "./rule.ts";

const FULL = JSON.stringify({ code: "quota_exceeded" });
const HTML = "<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>";

export class Proxy {
  /** The port of the server. */
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

  /** Returns everything that browsers sent. */
  sent(): Buffer {
    return Buffer.concat(this.up);
  }

  /** Returns everything that browsers received. */
  got(): Buffer {
    return Buffer.concat(this.down);
  }

  /** Discards the recorded bytes. */
  forget(): void {
    this.up.length = 0;
    this.down.length = 0;
  }

  /** Returns the number of requests with this method and path. */
  count(line: string): number {
    return this.requests.filter((request) => request === line).length;
  }

  /**
   * Returns a header of every request with this method and start of the path; null where it is
   * missing.
   */
  headers(name: string, method: string, start: string): (string | null)[] {
    const header = new RegExp(`\\r\\n${name}: *(.*)\\r\\n`, "i");
    const matching = this.heads.filter((head) => head.startsWith(`${method} ${start}`));
    return matching.map((head) => header.exec(head)?.[1] ?? null);
  }

  /** Injects a fault into requests from now on. A `method` of null matches any. */
  injectFault(fault: Fault, method: string | null, path: RegExp, status = 502): Rule {
    const rule = new Rule(fault, method, path, status);
    this.rules.push(rule);
    return rule;
  }

  /**
   * Answers requests with this JSON, which the browser unpacks from gzip. The server does not see
   * the requests.
   */
  forge(method: string, path: RegExp, packed: Buffer): Rule {
    const rule = new Rule("forge", method, path, 200, packed);
    this.rules.push(rule);
    return rule;
  }

  /**
   * Keeps the server's answer to the next request back until it is released. The head of the
   * request has to contain `having`, such as the cookie of one browser.
   */
  hold(method: string, path: RegExp, having: string): Rule {
    const rule = new Rule("hold", method, path, 200, null, having);
    this.rules.push(rule);
    return rule;
  }

  /** Changes the server's answers from now on. */
  alter(method: string, path: RegExp, alteration: Alteration): Rule {
    const rule = new Rule("alter", method, path, 200, null, "", alteration);
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

  /** Opens a connection to the server and forwards its bytes to `client`. */
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
        const rule = this.rules.find((candidate) => candidate.matches(method, path, text));
        if (rule) rule.hits += 1;
        let fault = rule?.fault;
        if (rule && fault === "stall") fault = (await rule.stalled()) === "cut" ? "cut" : undefined;

        if (fault === "cut") {
          client.destroy();
          return;
        }
        if (rule && (fault === "html" || fault === "full")) {
          const [status, type, body] =
            fault === "html" ? [rule.status, "text/html", HTML] : [413, "application/json", FULL];
          await reader.exactly(length);
          client.end(
            `HTTP/1.1 ${status} Anything\r\ncontent-type: ${type}\r\nconnection: close\r\n` +
              `content-length: ${body.length}\r\n\r\n${body}`,
          );
          return;
        }
        if (rule?.packed && fault === "forge") {
          await reader.exactly(length);
          client.write(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n" +
              `connection: close\r\ncontent-length: ${rule.packed.length}\r\n\r\n`,
          );
          client.end(rule.packed);
          return;
        }
        if (rule?.alter && fault === "alter") {
          const answer = await askAndAlter(this.upstream, text, await reader.exactly(length), rule.alter);
          rule.altered += 1;
          this.down.push(answer);
          client.end(answer);
          return;
        }
        if (rule && fault === "hold") {
          rule.heal();
          const asked = this.track(connect({ port: this.upstream, host: "127.0.0.1" }));
          const closing = text.replace(/\r\nconnection:[^\r]*/i, "").replace("\r\n", "\r\nconnection: close\r\n");
          asked.write(Buffer.concat([Buffer.from(closing, "latin1"), await reader.exactly(length)]));
          const answer: Buffer[] = [];
          for await (const bytes of asked) answer.push(bytes as Buffer);
          rule.held += 1;
          if ((await rule.stalled()) === "go") {
            this.down.push(...answer);
            client.end(Buffer.concat(answer));
          } else {
            client.destroy();
          }
          return;
        }
        if (fault === "lose") {
          const lost = this.track(connect({ port: this.upstream, host: "127.0.0.1" }));
          lost.write(Buffer.concat([head, await reader.exactly(length)]));
          // The server responds only when it has handled the request.
          const [response] = (await once(lost, "data")) as [Buffer];
          this.down.push(response);
          lost.destroy();
          client.destroy();
          return;
        }
        server ??= this.dial(client);
        server.write(head);
        for (let left = length; left > 0;) {
          const chunk = await reader.chunk(left);
          if (chunk === null) return;
          left -= chunk.length;
          server.write(chunk);
        }
      }
    } catch {
      // Many tests break connections on purpose.
    } finally {
      server?.end();
      client.end();
    }
  }
}
