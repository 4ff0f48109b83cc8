import { beforeAll, expect, test } from "vitest";
import { GuatuChart } from "./guatu-chart";

beforeAll(() => customElements.define("guatu-chart", GuatuChart));

const table = "<table><tbody><tr><td>9月</td></tr></tbody></table>";
const good = {
  periods: ["8月", "9月"],
  unit: "亿元",
  places: 1,
  words: { plan: "计划", actual: "实际", difference: "相差" },
  plan: [700, 887.3],
  actual: [740, 907.5],
};

function page(json: string): HTMLElement {
  document.body.innerHTML = `<script type="application/json" id="d">${json}</script><guatu-chart data="d">${table}</guatu-chart>`;
  return document.querySelector("guatu-chart")!;
}

test("the drawing stands above the table and the table stays for those who listen", () => {
  const chart = page(JSON.stringify(good));
  expect(chart.querySelector(".drawing svg")).not.toBeNull();
  expect(chart.classList.contains("drawn")).toBe(true);
  expect(chart.querySelector("table")).not.toBeNull();
});

test("the drawing says the figure of the last month", () => {
  expect(page(JSON.stringify(good)).querySelector("svg")!.textContent).toContain("实际 907.5");
});

test("data that cannot be read leave the table in sight", () => {
  for (const json of ["{", "{}", ""]) {
    const chart = page(json);
    expect(chart.querySelector(".drawing")).toBeNull();
    expect(chart.classList.contains("drawn")).toBe(false);
  }
});

test("a chart taken off the page and put back is drawn once", () => {
  const chart = page(JSON.stringify(good));
  chart.remove();
  expect(chart.querySelector(".drawing")).toBeNull();
  document.body.append(chart);
  expect(chart.querySelectorAll(".drawing").length).toBe(1);
});
