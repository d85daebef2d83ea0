// Reads requests from a socket.
import type { Socket } from "node:net";

/** Reads a socket chunk by chunk and records what it read. */
export class Reader {
  private readonly source: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    socket: Socket,
    private readonly record: Buffer[],
  ) {
    this.source = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  private async readMore(): Promise<boolean> {
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

  /** Reads up to and including the empty line; null at the end of the stream. */
  async head(): Promise<Buffer | null> {
    for (;;) {
      const end = this.rest.indexOf("\r\n\r\n");
      if (end >= 0) return this.take(end + 4);
      if (!(await this.readMore())) return null;
    }
  }

  /** Reads at most `max` bytes, as soon as there are any. */
  async chunk(max: number): Promise<Buffer | null> {
    if (this.rest.length === 0 && !(await this.readMore())) return null;
    return this.take(max);
  }

  /** Reads exactly `length` bytes. */
  async exactly(length: number): Promise<Buffer> {
    while (this.rest.length < length && (await this.readMore()));
    return this.take(length);
  }
}
