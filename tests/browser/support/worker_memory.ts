// Reads the WebAssembly memory of the engine's worker through Chromium's own tools.
import type { CDPSession } from "@playwright/test";

interface Attached {
  sessionId: string;
  targetInfo: { type: string };
}

interface Answer {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

export class WorkerMemory {
  private last = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  private constructor(
    private readonly session: CDPSession,
    private readonly worker: string,
  ) {
    session.on("Target.receivedMessageFromTarget", ({ message }: { message: string }) => {
      const answer = JSON.parse(message) as Answer;
      if (answer.id !== undefined) this.waiting.get(answer.id)?.(answer);
    });
  }

  /**
   * Attaches to the only worker of a page, through the session of its authenticator: with another
   * one, Chromium forgets the virtual authenticator.
   */
  static async attach(session: CDPSession): Promise<WorkerMemory> {
    const attached = new Promise<string>((resolve) => {
      session.on("Target.attachedToTarget", ({ sessionId, targetInfo }: Attached) => {
        if (targetInfo.type === "worker") resolve(sessionId);
      });
    });
    await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return new WorkerMemory(session, await attached);
  }

  private async send<T>(method: string, params: object): Promise<T> {
    this.last += 1;
    const id = this.last;
    const answered = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await this.session.send("Target.sendMessageToTarget", { sessionId: this.worker, message });
    const answer = await answered;
    this.waiting.delete(id);
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result as T;
  }

  /** Calls a function on the memories of the worker, after a garbage collection. */
  private async call<T>(functionDeclaration: string, value?: unknown): Promise<T> {
    type Remote = { result: { objectId: string } };
    const expression = "WebAssembly.Memory.prototype";
    const { result: prototype } = await this.send<Remote>("Runtime.evaluate", { expression });
    const { objects } = await this.send<{ objects: { objectId: string } }>("Runtime.queryObjects", {
      prototypeObjectId: prototype.objectId,
    });
    const { result } = await this.send<{ result: { value: T } }>("Runtime.callFunctionOn", {
      objectId: objects.objectId,
      functionDeclaration,
      arguments: [{ value }],
      returnByValue: true,
    });
    return result.value;
  }

  /** Returns the memory of the engine, which is the only WebAssembly in its worker. */
  async read(): Promise<Buffer> {
    const texts = await this.call<string[]>(`function () {
      return Array.from(this, (memory) => {
        const bytes = new Uint8Array(memory.buffer);
        const pieces = [];
        for (let at = 0; at < bytes.length; at += 32768) {
          pieces.push(String.fromCharCode(...bytes.subarray(at, at + 32768)));
        }
        return btoa(pieces.join(""));
      });
    }`);
    if (texts.length !== 1) throw new Error(`the worker has ${texts.length} memories`);
    return Buffer.from(texts[0], "base64");
  }

  /** Adds a page with these bytes to the engine's memory, which the engine does not know. */
  async plant(bytes: Buffer): Promise<void> {
    await this.call(
      `function (bytes) {
        const [memory] = this;
        const pages = memory.grow(1);
        new Uint8Array(memory.buffer).set(bytes, pages * 65536);
      }`,
      [...bytes],
    );
  }

  /** Lets go of the worker. */
  async detach(): Promise<void> {
    await this.session.send("Target.setAutoAttach", { autoAttach: false, waitForDebuggerOnStart: false });
  }
}
