// Randomness that is the same in every run with the same seed.
import { createHash } from "node:crypto";

/** Gives random bytes from the seed of the run (`CRYSTALLUM_SEED`, 1 by default) and a name. */
export class SeededRng {
  private draws = 0;

  constructor(private readonly name: string) {}

  /** Returns up to 32 random bytes. */
  bytes(length: number): Buffer {
    const seed = process.env.CRYSTALLUM_SEED ?? "1";
    this.draws += 1;
    return createHash("sha256").update(`${seed}\n${this.name}\n${this.draws}`).digest().subarray(0, length);
  }
}
