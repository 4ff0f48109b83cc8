import { beforeEach, expect, test, vi } from "vitest";
import { GuatuTable } from "./guatu-table";

customElements.define("guatu-table", GuatuTable);
Element.prototype.scrollIntoView = vi.fn();

const row = (name: string): string =>
  `<tr><td><a id="${name}" data-main href="#${name}">${name}</a></td><td data-column="leader">领导</td></tr>`;

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML =
    "<input id='q'><guatu-table search='q' columns='ledger'>" +
    "<input type='checkbox' data-column='leader' checked>" +
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

test("a column taken off stays off for rows that come later", async () => {
  const box = document.querySelector<HTMLInputElement>("input[data-column]")!;
  box.checked = false;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  expect(document.querySelector<HTMLElement>("td[data-column]")!.hidden).toBe(true);
  document.querySelector("tbody")!.innerHTML = row("four");
  await vi.waitFor(() => expect(document.querySelector<HTMLElement>("td[data-column]")!.hidden).toBe(true));
  expect(localStorage.getItem("guatu.columns.ledger")).toBe('["leader"]');
});

test("a spoilt memory shows every column", () => {
  localStorage.setItem("guatu.columns.ledger", "{");
  const table = document.querySelector("guatu-table")!;
  table.remove();
  document.body.append(table);
  expect(document.querySelector<HTMLElement>("td[data-column]")!.hidden).toBe(false);
});
