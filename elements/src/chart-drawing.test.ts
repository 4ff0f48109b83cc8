import { expect, test } from "vitest";
import { type ChartData, cumulative, figure, lastReported, months, tip } from "./chart-drawing";

const year: ChartData = {
  periods: ["1月", "2月", "3月", "4月"],
  titles: ["2023年1月", "2023年2月", "2023年3月", "2023年4月"],
  unit: "亿元",
  places: 1,
  words: { plan: "计划", actual: "实际", difference: "相差" },
  plan: [40, 90, 162.5, 250],
  actual: [42, 85.2, null, null],
  points: [{ at: 2, label: "14.4%" }],
};

interface Series {
  id: string;
  data: { value?: unknown[]; label?: { formatter: string } }[];
}

function part(option: ReturnType<typeof cumulative>, id: string): Series {
  return (option["series"] as Series[]).find((one) => one.id === id)!;
}

test("figures have separators from five digits and a true minus", () => {
  expect(figure(9999, 0)).toBe("9999");
  expect(figure(1234567, 0)).toBe("1,234,567");
  expect(figure(-4.84, 1)).toBe("−4.8");
  expect(figure(4.84, 1, true)).toBe("+4.8");
  expect(figure(-0.01, 1, true)).toBe("0.0");
  expect(figure(null, 1)).toBe("–");
});

test("the actual figure stands at the last period that was reported", () => {
  expect(lastReported(year)).toBe(1);
  const [here] = part(cumulative(year, { narrow: false }), "here").data;
  expect(here?.value).toEqual([1, 85.2]);
  expect(here?.label?.formatter).toBe("实际 85.2");
});

test("a year without any report has a plan and no actual point", () => {
  const silent = { ...year, actual: [null, null, null, null] };
  expect(part(cumulative(silent, { narrow: false }), "here").data).toEqual([]);
});

test("a policy point stands on the plan, with its words at the foot", () => {
  const option = cumulative(year, { narrow: false });
  expect(part(option, "points").data).toEqual([[2, 162.5]]);
  expect(part(option, "point-words").data[0]?.label?.formatter).toBe("14.4%");
});

test("a policy point without a plan is left out", () => {
  const open = { ...year, plan: [40, 90, null, 250] };
  expect(part(cumulative(open, { narrow: false }), "points").data).toEqual([]);
});

test("the note at the pointer says plan, actual and difference without any style in text", () => {
  const note = tip(year, 1);
  expect(note.textContent).toBe("2023年2月计划90.0实际85.2相差−4.8");
  expect(note.outerHTML).not.toContain("style");
  expect(tip(year, 3).textContent).toBe("2023年4月计划250.0实际–");
});

test("months are pairs of bars", () => {
  expect(part(months(year, { narrow: false }), "plan").data).toEqual(year.plan);
  expect(part(months(year, { narrow: true }), "actual").data).toEqual(year.actual);
});

test("over a table of months the drawing leaves the names of the months to the table", () => {
  const option = cumulative(year, { narrow: false, table: 56 });
  expect(option["xAxis"]).toMatchObject({ boundaryGap: true, axisLabel: { show: false } });
  expect(option["grid"]).toMatchObject({ left: 56, right: 0 });
});

test("on a narrow screen the end of the year has no words of its own", () => {
  const whole = { ...year, points: [{ at: 2, label: "14.4%" }, { at: 3, label: "100%" }] };
  expect(part(cumulative(whole, { narrow: true }), "point-words").data.length).toBe(1);
  expect(part(cumulative(whole, { narrow: false }), "point-words").data.length).toBe(2);
});
