import { beforeEach, expect, test, vi } from "vitest";
import { GuatuFilter } from "./guatu-filter";

customElements.define("guatu-filter", GuatuFilter);

let sent: number;
let search: HTMLInputElement;

beforeEach(() => {
  vi.useFakeTimers();
  sent = 0;
  document.body.innerHTML =
    "<guatu-filter delay='300'><form><input type='search' name='q'>" +
    "<select name='stage'><option value=''>全部</option><option value='new'>新开工</option></select></form></guatu-filter>";
  search = document.querySelector("input")!;
  document.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    sent += 1;
  });
});

function type(): void {
  search.dispatchEvent(new Event("input", { bubbles: true }));
}

test("three quick strokes send the form once", () => {
  type();
  vi.advanceTimersByTime(200);
  type();
  type();
  vi.advanceTimersByTime(299);
  expect(sent).toBe(0);
  vi.advanceTimersByTime(1);
  expect(sent).toBe(1);
});

test("a chosen option sends the form at once", () => {
  document.querySelector("select")!.dispatchEvent(new Event("change", { bubbles: true }));
  expect(sent).toBe(1);
});

test("an unfinished Chinese word is not sent", () => {
  search.dispatchEvent(new Event("compositionstart", { bubbles: true }));
  type();
  vi.advanceTimersByTime(1000);
  expect(sent).toBe(0);
  search.dispatchEvent(new Event("compositionend", { bubbles: true }));
  vi.advanceTimersByTime(300);
  expect(sent).toBe(1);
});

test("empty fields do not reach the address", () => {
  const parameters = new FormData();
  parameters.set("q", "");
  parameters.set("stage", "new");
  document
    .querySelector("form")!
    .dispatchEvent(new CustomEvent("htmx:configRequest", { bubbles: true, detail: { parameters } }));
  expect(Array.from(parameters.keys())).toEqual(["stage"]);
});

test("a form taken off the page is not sent later", () => {
  type();
  document.querySelector("guatu-filter")!.remove();
  vi.advanceTimersByTime(1000);
  expect(sent).toBe(0);
});
