// The only copy of Playwright; its packages are in the folder of the browser tests.
export { expect, test, type Browser, type CDPSession, type Page } from "../../browser/node_modules/@playwright/test/index.mjs";
