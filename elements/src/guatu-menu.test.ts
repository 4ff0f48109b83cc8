import { beforeEach, expect, test } from "vitest";
import { GuatuMenu } from "./guatu-menu";

customElements.define("guatu-menu", GuatuMenu);

let details: HTMLDetailsElement;
let outside: HTMLButtonElement;

beforeEach(() => {
  document.body.innerHTML =
    "<guatu-menu><details open><summary>期别</summary><button id='in'>9月</button></details></guatu-menu>" +
    "<button id='out'>别处</button>";
  details = document.querySelector("details")!;
  outside = document.querySelector("#out")!;
});

test("a press outside closes the menu", () => {
  outside.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  expect(details.open).toBe(false);
});

test("a press inside leaves the menu open", () => {
  document.querySelector("#in")!.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  expect(details.open).toBe(true);
});

test("Escape closes the menu and gives the focus back to its summary", () => {
  document.querySelector("#in")!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(details.open).toBe(false);
  expect(document.activeElement).toBe(details.querySelector("summary"));
});

test("the focus that leaves closes the menu", () => {
  document.querySelector("#in")!.dispatchEvent(new FocusEvent("focusout", { relatedTarget: outside, bubbles: true }));
  expect(details.open).toBe(false);
});
