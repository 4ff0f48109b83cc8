import { beforeEach, expect, test } from "vitest";
import { fromUnits, GuatuReport, toUnits } from "./guatu-report";

customElements.define("guatu-report", GuatuReport);

function form(base: string): HTMLInputElement {
  document.body.innerHTML =
    `<guatu-report base='${base}'><input name='f.invested_month' data-kind='money'>` +
    "<output data-sum>–</output></guatu-report>";
  return document.querySelector("input")!;
}

function type(field: HTMLInputElement, text: string, kind = "input"): void {
  field.value = text;
  field.dispatchEvent(new Event(kind, { bubbles: true }));
}

const sum = (): string => document.querySelector("[data-sum]")!.textContent!;

beforeEach(() => {
  document.body.innerHTML = "";
});

test("the sum of the year follows what is typed, to the 分", () => {
  const field = form("12345670001");
  type(field, "1,000.000002");
  expect(sum()).toBe("13,345.670003");
  type(field, "０");
  expect(sum()).toBe("12,345.670001");
});

test("there is no sum where last month is not known, or nothing was typed", () => {
  const field = form("");
  type(field, "5");
  expect(sum()).toBe("–");
  const known = form("1000000");
  type(known, "");
  expect(sum()).toBe("–");
});

test("what is no number is marked when the field is left, and unmarked when it is mended", () => {
  const field = form("0");
  type(field, "12x");
  expect(field.hasAttribute("aria-invalid")).toBe(false);
  type(field, "12x", "change");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  type(field, "12");
  expect(field.hasAttribute("aria-invalid")).toBe(false);
});

test("money is exact both ways and finer than 分 is no money", () => {
  expect(toUnits("0.1")).toBe(BigInt(100000));
  expect(toUnits("0.0000001")).toBeNull();
  expect(toUnits(".")).toBeNull();
  expect(toUnits("-3.5万元")).toBe(BigInt(-3500000));
  expect(fromUnits(BigInt(-3500000))).toBe("−3.5");
  expect(fromUnits(BigInt(9999000000))).toBe("9999");
  expect(fromUnits(BigInt(10000000000))).toBe("10,000");
});
