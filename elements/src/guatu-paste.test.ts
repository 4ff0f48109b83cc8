import { beforeEach, expect, test, vi } from "vitest";
import { GuatuPaste } from "./guatu-paste";

customElements.define("guatu-paste", GuatuPaste);

const row = (name: string): string =>
  `<tr data-name="${name}"><th>${name}</th><td><input id="${name}-1"></td><td><input id="${name}-2"></td></tr>`;

beforeEach(() => {
  document.body.innerHTML =
    `<guatu-paste filled="已粘贴 {n} 格" left="，{n} 行没有对上"><table><tbody>${row("甲")}${row("乙")}${row("丙")}` +
    `</tbody></table><output></output></guatu-paste>`;
});

function paste(id: string, text: string): Event {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "clipboardData", { value: { getData: () => text } });
  document.getElementById(id)!.dispatchEvent(event);
  return event;
}

const value = (id: string): string => document.querySelector<HTMLInputElement>(`[id="${id}"]`)!.value;
const said = (): string => document.querySelector("output")!.textContent!;

test("a column goes down from the field it was pasted into", () => {
  expect(paste("乙-1", "5\r\n6\r\n").defaultPrevented).toBe(true);
  expect([value("甲-1"), value("乙-1"), value("丙-1")]).toEqual(["", "5", "6"]);
  expect(said()).toBe("已粘贴 2 格");
});

test("rows that begin with a name find their own row, in any order", () => {
  paste("甲-1", "丙\t3\t2\n甲\t1\n乌有\t9");
  expect([value("甲-1"), value("丙-1"), value("丙-2"), value("乙-1")]).toEqual(["1", "3", "2", ""]);
  expect(said()).toBe("已粘贴 3 格，1 行没有对上");
});

test("what does not fit into the table is left out and said", () => {
  paste("丙-2", "1\t2\n3");
  expect(value("丙-2")).toBe("1");
  expect(said()).toBe("已粘贴 1 格，1 行没有对上");
});

test("one cell is pasted by the browser itself", () => {
  expect(paste("甲-1", "7").defaultPrevented).toBe(false);
  expect(said()).toBe("");
});

test("a paste is told to whoever listens for changes", () => {
  const changed = vi.fn();
  document.body.addEventListener("change", changed, { once: true });
  paste("甲-1", "1\n2");
  expect(changed).toHaveBeenCalledOnce();
});
