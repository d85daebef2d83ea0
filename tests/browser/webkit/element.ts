// An element of the page in WebKit.
import type { WebKit } from "./webkit.ts";

/** The name under which WebDriver gives an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** What WebDriver calls the key Ctrl. It is held until the end of the text. */
const CONTROL = "\uE009";

/** How WebDriver refers to an element. */
export type Reference = Record<typeof ELEMENT, string>;

export class Element {
  private readonly path: string;

  constructor(
    private readonly browser: WebKit,
    private readonly reference: Reference,
  ) {
    this.path = `/element/${reference[ELEMENT]}`;
  }

  async click(): Promise<void> {
    await this.browser.command("POST", `${this.path}/click`, {});
  }

  async clear(): Promise<void> {
    await this.browser.command("POST", `${this.path}/clear`, {});
  }

  async type(text: string): Promise<void> {
    await this.browser.command("POST", `${this.path}/value`, { text });
  }

  /** Presses a key together with Ctrl. */
  async chord(letter: string): Promise<void> {
    await this.type(CONTROL + letter);
  }

  text(): Promise<string> {
    return this.browser.command("GET", `${this.path}/text`);
  }

  value(): Promise<string> {
    return this.browser.command("GET", `${this.path}/property/value`);
  }

  /** Returns the accessible name. */
  name(): Promise<string> {
    return this.browser.command("GET", `${this.path}/computedlabel`);
  }

  /** Returns whether a person could use it: it is visible and not disabled. */
  isUsable(): Promise<boolean> {
    const script = "const [it] = arguments; return it.checkVisibility({ visibilityProperty: true }) && !it.disabled";
    return this.browser.run(script, this.reference);
  }
}
