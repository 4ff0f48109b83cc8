import { beforeEach, expect, test } from "vitest";
import { cellsOf, GuatuGrid } from "./guatu-grid";

customElements.define("guatu-grid", GuatuGrid);

beforeEach(() => {
  const row = (base: string): string =>
    `<tr data-base='${base}'><td><input data-month></td><td data-sum></td><td><input class='words'></td>` +
    "<td><select><option></option><option>是</option><option>否</option></select></td></tr>";
  document.body.innerHTML =
    `<guatu-grid><table><tbody>${row("1000000")}<tr><td>锁定</td></tr>${row("")}${row("0")}</tbody></table></guatu-grid>`;
});

const months = (): HTMLInputElement[] => Array.from(document.querySelectorAll("[data-month]"));
const sums = (): string[] => Array.from(document.querySelectorAll("[data-sum]")).map((one) => one.textContent!);

function paste(into: Element, text: string): Event {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "clipboardData", { value: { getData: () => text } });
  into.dispatchEvent(event);
  return event;
}

test("a block from a spreadsheet fills the cells to the right and below, and passes locked rows over", () => {
  paste(months()[0]!, "1.5\t打桩\t是\r\n2\t浇筑\t否\r\n");
  expect(months().map((one) => one.value)).toEqual(["1.5", "2", ""]);
  expect(Array.from(document.querySelectorAll<HTMLInputElement>(".words")).map((one) => one.value)).toEqual(["打桩", "浇筑", ""]);
  expect(Array.from(document.querySelectorAll("select")).map((one) => one.value)).toEqual(["是", "否", ""]);
  expect(sums()).toEqual(["2.5", "–", ""]);
});

test("what does not fit into the table is left out, and a single cell is pasted as usual", () => {
  paste(months()[2]!, "7\tx\t是\t多\n8");
  expect(months().map((one) => one.value)).toEqual(["", "", "7"]);
  expect(paste(months()[0]!, "5").defaultPrevented).toBe(false);
});

test("enter and the arrows go from row to row", () => {
  months()[0]!.focus();
  months()[0]!.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  expect(document.activeElement).toBe(months()[1]);
  months()[1]!.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true, cancelable: true }));
  expect(document.activeElement).toBe(months()[0]);
});

test("a cell of several lines stays one cell", () => {
  expect(cellsOf('1\t"甲\n乙 ""丙"""\n2\t丁')).toEqual([["1", '甲 乙 "丙"'], ["2", "丁"]]);
});
