// Statistics, and the lines that report them.
import { appendFileSync } from "node:fs";

export interface Samples {
  ours: number[];
  peer: number[];
}

export function median(samples: number[]): number {
  const sorted = [...samples].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Formats milliseconds in a suitable unit. */
export function duration(milliseconds: number): string {
  return milliseconds < 1 ? `${(milliseconds * 1000).toFixed(0)} µs` : `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
}

/** Formats values as `median (least to most)`. */
export function spread(samples: number[]): string {
  return `${duration(median(samples))} (${duration(Math.min(...samples))} to ${duration(Math.max(...samples))})`;
}

/** Adds a line to the summary of the run. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`);
  const file = process.env.CRYSTALLUM_FIGURES;
  if (file) appendFileSync(file, `${line}\n`);
}

/** Reports both medians and their ratio. */
export function beside(name: string, peer: string, samples: Samples): void {
  const ratio = median(samples.ours) / median(samples.peer);
  tell(`${name}: ${spread(samples.ours)}, ${peer} ${spread(samples.peer)}, ratio ${ratio.toFixed(2)}`);
}
