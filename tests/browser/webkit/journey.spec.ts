// Entry in WebKit, which drops `Secure` cookies of http://localhost.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BINANCE, OKX } from "../support/person.ts";
import { expect, test } from "./fixtures.ts";

const NAME = "Desk of Ada";

test("the session is kept, and a passkey opens the vault again", async ({ person, origin, wire }) => {
  await person.startVault(origin, NAME);
  await person.leaveSheet(NAME);
  await person.addKey(BINANCE);
  await person.press("Lock");
  await person.meets("Unlock your vault");
  await person.press("Unlock with passkey");
  await person.meets(NAME);
  await person.follow(BINANCE.label);
  await person.press("Reveal");
  await person.sees(BINANCE.secret);
  await person.addKey(OKX);
  expect(await person.text()).not.toContain("Your session at the server has ended.");

  expect(wire.count("POST /api/login"), "unlocking signs in at once").toBe(1);
  expect(wire.count("POST /api/commit"), "one for each key").toBe(2);
  const cookies = wire.headers("cookie", "POST", "/api/commit");
  for (const cookie of cookies) expect(cookie).toMatch(/^crystallum=[\w-]+$/);
  expect(new Set(cookies).size, "each session has a cookie of its own").toBe(2);
});

test("this engine drops Secure cookies of http://localhost", async ({ webkit }) => {
  const received: Record<string, string | undefined> = {};
  const server = createServer((request, answer) => {
    received[request.url!] = request.headers.cookie;
    const rest = "Path=/; HttpOnly; SameSite=Strict";
    answer.setHeader("set-cookie", [`strict=1; Secure; ${rest}`, `local=1; ${rest}`]);
    answer.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  for (const path of ["/first", "/second"]) await webkit.open(`http://localhost:${port}${path}`);
  server.close();
  expect(received).toMatchObject({ "/first": undefined, "/second": "local=1" });
});
