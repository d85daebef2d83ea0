// What another device writes appears by itself.
import { expect, test } from "./support/fixtures.ts";
import { Authenticator } from "./support/authenticator.ts";
import { BINANCE, OKX, Person } from "./support/person.ts";

test("a change of another device appears within seconds, and nobody asks for it", async ({
  page,
  person,
  browser,
  guard,
  origin,
}) => {
  const paper = await person.createVaultWithSheet("Desk of Ada");
  const context = await browser.newContext({ locale: "en-GB" });
  const elsewhere = new Person(await context.newPage(), guard, origin);
  await Authenticator.attach(elsewhere.page);
  await elsewhere.recover(paper.code);
  await elsewhere.skipSheet();
  // Recovering has ended the first session.
  await page.reload();
  await person.unlock();
  await expect(person.button("I know it")).toBeVisible();

  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await elsewhere.addKey(BINANCE);
  await expect(person.row(BINANCE.label)).toBeVisible();
  // One question, or two if the first came before the whole change.
  expect(asked.filter((path) => path === "/api/delta").length).toBeLessThanOrEqual(2);

  // A locked vault asks for nothing.
  await person.lock();
  asked.length = 0;
  await elsewhere.addKey(OKX);
  expect(asked.filter((path) => path === "/api/delta" || path === "/api/hints")).toEqual([]);
  await context.close();
  await person.unlock();
  await expect(person.row(OKX.label)).toBeVisible();
});
