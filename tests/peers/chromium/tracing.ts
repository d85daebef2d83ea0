// The longest task of a page's main thread, from Chromium's own trace.
import type { Browser, Page } from "./playwright.ts";

/** Wall-clock time and processor time in ms; the latter says more on a busy machine. */
export interface Task {
  wall: number;
  processor: number;
}

interface Event {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

const TASKS = ["RunTask", "ThreadControllerImpl::RunTask"];

/** A result, and the longest task of all pages of the browser while it was produced. */
export async function traced<T>(browser: Browser, page: Page, work: () => Promise<T>): Promise<[T, Task]> {
  const categories = ["toplevel", "disabled-by-default-devtools.timeline"];
  await browser.startTracing(page, { categories });
  const result = await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: Event[] };
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === "X" && TASKS.includes(name) && main.has(`${pid} ${tid}`),
  );
  if (tasks.length === 0) throw new Error("the trace has no tasks of a page");
  const longest = {
    wall: Math.max(...tasks.map(({ dur }) => dur ?? 0)) / 1000,
    processor: Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1000,
  };
  return [result, longest];
}
