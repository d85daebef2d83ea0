// Changes what the server answers, as a server would that lies.
import { request } from "node:http";

/** An answer of the server, unpacked. */
export interface Answer {
  status: number;
  headers: [string, string][];
  body: Buffer;
}

export type Alteration = (answer: Answer) => void;

/** What `JSON.parse` makes of an answer of the API. */
export type Json = any;

/** Headers of one connection, or of the body as it was sent on it. */
const HOPS = ["connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"];

/** Changes the JSON of good answers. */
export function alterJson(change: (answer: Json) => void): Alteration {
  return (answer) => {
    if (answer.status !== 200) return;
    const json: Json = JSON.parse(answer.body.toString());
    change(json);
    answer.body = Buffer.from(JSON.stringify(json));
  };
}

/** Adds a header to answers. */
export function addHeader(name: string, value: string): Alteration {
  return (answer) => answer.headers.push([name, value]);
}

/**
 * Sends a request, given its head and body, to the server. Returns the changed answer as it goes to
 * the browser, which has to end the connection after it.
 */
export async function askAndAlter(port: number, head: string, body: Buffer, alter: Alteration): Promise<Buffer> {
  const [line, ...lines] = head.trimEnd().split("\r\n");
  const [method, path] = line.split(" ");
  const headers: Record<string, string> = {};
  for (const text of lines) {
    const colon = text.indexOf(":");
    headers[text.slice(0, colon).toLowerCase()] = text.slice(colon + 1).trim();
  }
  Object.assign(headers, { "accept-encoding": "identity", connection: "close" });
  const answer = await new Promise<Answer>((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (bytes: Buffer) => chunks.push(bytes));
      response.on("error", reject);
      response.on("end", () => {
        const { rawHeaders } = response;
        const pairs = rawHeaders.flatMap((name, at): [string, string][] => (at % 2 ? [] : [[name, rawHeaders[at + 1]]]));
        const kept = pairs.filter(([name]) => !HOPS.includes(name.toLowerCase()));
        resolve({ status: response.statusCode!, headers: kept, body: Buffer.concat(chunks) });
      });
    });
    asking.on("error", reject);
    asking.end(body);
  });
  alter(answer);
  answer.headers.push(["content-length", String(answer.body.length)], ["connection", "close"]);
  const text = answer.headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${answer.status} Anything\r\n${text}\r\n`, "latin1"), answer.body]);
}
