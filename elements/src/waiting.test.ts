import { expect, test } from "vitest";
import { showWaiting } from "./waiting";

test("the page waits until the last of two requests has come back", () => {
  const body = document.createElement("body");
  showWaiting(body);
  body.dispatchEvent(new Event("htmx:beforeRequest"));
  body.dispatchEvent(new Event("htmx:beforeRequest"));
  body.dispatchEvent(new Event("htmx:afterRequest"));
  expect(body.classList.contains("waiting")).toBe(true);
  body.dispatchEvent(new Event("htmx:afterRequest"));
  expect(body.classList.contains("waiting")).toBe(false);
});
