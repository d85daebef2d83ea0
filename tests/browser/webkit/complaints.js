// Notes what no page may cause, for the end of the test: WebDriver has no command for it. The test
// server sends this script before the page's own.
"use strict";

(() => {
  const PLACE = "test.complaints";
  const complain = (text) => {
    const known = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    localStorage.setItem(PLACE, JSON.stringify([...known, text]));
  };
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    complain(`policy: ${effectiveDirective} ${blockedURI}`),
  );
  addEventListener("error", ({ message }) => complain(`uncaught: ${message}`));
  addEventListener("unhandledrejection", ({ reason }) => complain(`uncaught: ${reason}`));
  console.error = (...parts) => complain(`console: ${parts.join(" ")}`);
})();
