// The one copy of Playwright; its packages stand beside the browser tests.
export { expect, test, type Browser, type CDPSession, type Page } from "../../browser/node_modules/@playwright/test/index.mjs";
