// The main journey in Firefox. Its requests differ from Chromium's: under the page's `no-referrer`
// every POST in a mode other than `cors` carries `Origin: null`, which the server refuses.
import { BINANCE, OKX } from "../support/person.ts";
import { TWELVE } from "../support/phrases.ts";
import { expect, test } from "./fixtures.ts";

const NAME = "Desk of Ada";
const SIGNED_OUT =
  "Your session at the server has ended. Your vault stays open on this device; changes wait until you sign in again.";

test("a key and a phrase are stored and revealed, and a passkey opens the locked vault again", async ({
  person,
  origin,
  wire,
}) => {
  await person.createVault(origin, NAME);
  await person.addKey(BINANCE);
  await person.looksAtSecret(BINANCE);

  // The phrase is split into shares, and rebuilt with a passkey.
  await person.addWallet("Cold savings", TWELVE.words);
  await person.press("Show the phrase");
  await person.sees("mountain");
  expect(await person.reads("Words of the phrase")).toBe(TWELVE.words);
  expect(wire.sent().includes("mountain"), "a word of the phrase in what was sent").toBe(false);

  await person.press("Lock");
  await person.meets("heading", "Unlock your vault");
  await person.seesNoMore("mountain");

  // The passkey opens the copy on this device, but does not sign in. With `prf`, the authenticator
  // of Firefox appends the extension's output to its data without setting the ED flag, which
  // announces it (WebAuthn Level 3, section 6.1), and the server rightly refuses such data. If the
  // banner is missing one day, Firefox sets the flag, and unlocking signs in here too.
  await person.press("Unlock with passkey");
  await person.meets("heading", NAME);
  await person.sees(SIGNED_OUT);
  await person.follow(BINANCE.label);
  await person.meets("heading", BINANCE.label);
  await person.looksAtSecret(BINANCE);

  // Signing in again asks for no `prf`. Nothing is appended, and the server accepts the passkey.
  await person.press("Sign in again");
  await person.press("Continue with passkey");
  await person.seesNoMore(SIGNED_OUT);
  await person.addKey(OKX);
  expect(wire.count("POST /api/login"), "once refused, once accepted").toBe(2);
});
