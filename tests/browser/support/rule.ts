// Which requests the proxy treats badly, and how.
import type { Alteration } from "./altered.ts";

/**
 * `alter`: see `Proxy.alter`. `cut`: the connection ends before the server sees the request.
 * `html`: another machine responds instead. `lose`: the server handles the request, but its
 * response is lost. `full`: the server seems to have no space left. `stall`: the request waits
 * until it is released. `forge`: see `Proxy.forge`. `hold`: see `Proxy.hold`.
 */
export type Fault = "alter" | "cut" | "forge" | "full" | "hold" | "html" | "lose" | "stall";

/** A fault for all requests that match, until it is healed. */
export class Rule {
  /** The number of requests affected so far. */
  hits = 0;
  /** The number of answers held back so far. */
  held = 0;
  /** The number of answers changed so far. */
  altered = 0;
  private healed = false;
  private waiting: ((then: "go" | "cut") => void)[] = [];

  constructor(
    readonly fault: Fault,
    private readonly method: string | null,
    private readonly path: RegExp,
    readonly status: number,
    /** The answer of `forge`, packed with gzip. */
    readonly packed: Buffer | null = null,
    /** What the head of a request must contain. */
    private readonly having = "",
    /** What `alter` does to an answer. */
    readonly alter: Alteration | null = null,
  ) {}

  matches(method: string, path: string, head: string): boolean {
    const fits = (this.method === null || this.method === method) && this.path.test(path);
    return fits && !this.healed && head.includes(this.having);
  }

  /** Lets later requests through. */
  heal(): void {
    this.healed = true;
  }

  /** Resumes or cuts every request that is stalled or whose answer is held back, and heals. */
  release(then: "go" | "cut"): void {
    this.heal();
    for (const resume of this.waiting.splice(0)) resume(then);
  }

  stalled(): Promise<"go" | "cut"> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
