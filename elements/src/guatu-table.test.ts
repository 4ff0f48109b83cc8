import { beforeEach, expect, test, vi } from "vitest";
import { GuatuTable } from "./guatu-table";

customElements.define("guatu-table", GuatuTable);
Element.prototype.scrollIntoView = vi.fn();

const row = (name: string): string =>
  `<tr><td><a id="${name}" data-main href="#${name}">${name}</a></td><td>领导</td></tr>`;

beforeEach(() => {
  document.body.innerHTML =
    "<input id='q'><guatu-table search='q'>" +
    `<table><tbody>${row("one")}${row("two")}${row("three")}</tbody></table></guatu-table>`;
});

function press(key: string): void {
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

const here = (): string | undefined => document.activeElement?.id;

test("arrow down goes from row to row and stops at the last", () => {
  press("ArrowDown");
  expect(here()).toBe("one");
  press("ArrowDown");
  press("ArrowDown");
  press("ArrowDown");
  expect(here()).toBe("three");
  press("ArrowUp");
  expect(here()).toBe("two");
  press("Home");
  expect(here()).toBe("one");
});

test("a slash goes to the search field and Escape comes back to the first row", () => {
  press("/");
  expect(here()).toBe("q");
  press("Escape");
  expect(here()).toBe("one");
});

test("keys typed into a field stay there", () => {
  document.querySelector<HTMLInputElement>("#q")!.focus();
  press("ArrowDown");
  expect(here()).toBe("q");
});

test("rows that came later are reached too", () => {
  document.querySelector("tbody")!.innerHTML = row("four");
  press("ArrowDown");
  expect(here()).toBe("four");
});

test("a table taken off the page hears no keys", () => {
  document.querySelector("guatu-table")!.remove();
  press("ArrowDown");
  expect(here()).not.toBe("one");
});

test("a table that is one of several on a page leaves the arrows to the page", () => {
  document.querySelector("guatu-table")!.removeAttribute("search");
  press("ArrowDown");
  expect(here()).not.toBe("one");
  document.querySelector<HTMLElement>("#one")!.focus();
  press("ArrowDown");
  expect(here()).toBe("two");
});
