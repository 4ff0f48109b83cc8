/** What a chart of plan and actual shows, as options of ECharts: pure, so that it can be tested. */
import type { EChartsCoreOption } from "echarts/core";

/** What the page hands over (made by the server, all words already in the reader's language). */
export interface ChartData {
  /** Labels of the horizontal axis, for example 1月 … 12月. */
  periods: string[];
  /** Whole names of the same periods for the note at the pointer, for example 2023年9月. */
  titles?: string[];
  /** Unit of the figures, for example 亿元. */
  unit: string;
  /** Decimals shown. */
  places: number;
  words: { plan: string; actual: string; difference: string; year?: string };
  /** The plan of each period; null where there is none. */
  plan: (number | null)[];
  /** What was done; null after the period judged and where nobody reported. */
  actual: (number | null)[];
  /** Points that policy names: index of the period and the words to stand there, for example 14.4%. */
  points?: { at: number; label: string }[];
}

const ink = { strong: "#18232d", soft: "#4c5a66", faint: "#5f6c77", rule: "#e6eaec", plan: "#9aa5ad" };
const series = "#1d4f7c";
const ground = "#cbd2d8";
const font =
  '"PingFang SC","Microsoft YaHei","Source Han Sans SC","Noto Sans CJK SC","Noto Sans SC",sans-serif';

/** A figure for people: separators from five digits, − and not a hyphen, – where there is none. */
export function figure(value: number | null | undefined, places: number, signed = false): string {
  if (value === null || value === undefined) return "–";
  const digits = Math.abs(value).toFixed(places);
  const [whole = "", fraction] = digits.split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  const zero = Number(digits) === 0;
  const sign = zero ? "" : value < 0 ? "−" : signed ? "+" : "";
  return sign + grouped + (fraction ? `.${fraction}` : "");
}

/** The index of the last period with a figure, or −1. */
export function lastReported(data: ChartData): number {
  for (let at = data.actual.length - 1; at >= 0; at -= 1) {
    if (data.actual[at] !== null && data.actual[at] !== undefined) return at;
  }
  return -1;
}

/** The note at the pointer: nodes and classes only, because the page forbids styles in text. */
export function tip(data: ChartData, at: number): HTMLElement {
  const box = document.createElement("div");
  const title = document.createElement("b");
  title.textContent = data.titles?.[at] ?? data.periods[at] ?? "";
  const list = document.createElement("dl");
  const plan = data.plan[at];
  const actual = data.actual[at];
  const line = (word: string, text: string): void => {
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    term.textContent = word;
    value.textContent = text;
    list.append(term, value);
  };
  line(data.words.plan, figure(plan, data.places));
  line(data.words.actual, figure(actual, data.places));
  if (typeof plan === "number" && typeof actual === "number") {
    line(data.words.difference, figure(actual - plan, data.places, true));
  }
  box.append(title, list);
  return box;
}

/** How much room there is: a narrow screen, and whether a table of months stands under the drawing. */
export interface Room {
  narrow: boolean;
  /** Width of the table's first column in px: the months of drawing and table then stand in line. */
  table?: number;
}

function common(data: ChartData, { narrow, table }: Room): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: font, fontSize: 12, color: ink.soft },
    grid: table
      ? { left: table, right: 0, top: 26, bottom: 8, outerBoundsMode: "none" }
      : {
          left: 4,
          right: narrow ? 14 : 26,
          top: 26,
          bottom: 2,
          outerBoundsMode: "same",
          outerBoundsContain: "axisLabel",
        },
    tooltip: {
      trigger: "axis",
      className: "chart-tip",
      confine: true,
      padding: [8, 12],
      borderWidth: 1,
      borderColor: "#dfe4e6",
      backgroundColor: "#fff",
      transitionDuration: 0,
      formatter: (items: unknown) => {
        const first = (Array.isArray(items) ? items[0] : items) as { dataIndex?: number } | undefined;
        return tip(data, first?.dataIndex ?? 0);
      },
    },
    yAxis: {
      type: "value",
      min: 0,
      splitNumber: 4,
      axisLabel: { color: ink.faint, formatter: (value: number) => figure(value, 0) },
      splitLine: { lineStyle: { color: ink.rule } },
    },
  };
}

function periodAxis(data: ChartData, gap: boolean, { table }: Room): EChartsCoreOption {
  return {
    type: "category",
    data: data.periods,
    boundaryGap: gap,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: ink.plan } },
    axisLabel: { show: !table, color: ink.faint, margin: 10, hideOverlap: true },
  };
}

/** Cumulative plan (dashed) against actual (solid), with the points that policy names. */
export function cumulative(data: ChartData, room: Room): EChartsCoreOption {
  const { narrow } = room;
  const end = data.periods.length - 1;
  const here = lastReported(data);
  const points = (data.points ?? []).filter((point) => typeof data.plan[point.at] === "number");
  return {
    ...common(data, room),
    xAxis: {
      ...periodAxis(data, Boolean(room.table), room),
      axisPointer: { show: true, type: "line", lineStyle: { color: ink.plan }, label: { show: false } },
    },
    series: [
      {
        id: "plan",
        type: "line",
        data: data.plan,
        showSymbol: false,
        silent: true,
        lineStyle: { color: ink.plan, width: 1.75, type: [5, 4] },
        itemStyle: { color: ink.plan },
        markLine: {
          symbol: "none",
          silent: true,
          lineStyle: { color: "#d3d9dc", width: 1, type: [2, 3] },
          label: { show: false },
          data: points.map((point) => [
            { coord: [point.at, 0] },
            { coord: [point.at, data.plan[point.at] ?? 0] },
          ]),
        },
      },
      {
        id: "points",
        type: "scatter",
        silent: true,
        symbol: "circle",
        symbolSize: 6,
        itemStyle: { color: "#fff", borderColor: ink.faint, borderWidth: 1.5 },
        data: points.map((point) => [point.at, data.plan[point.at]]),
        tooltip: { show: false },
      },
      {
        id: "point-words",
        type: "scatter",
        silent: true,
        symbolSize: 0,
        // On a narrow screen the year's end keeps its room for the figure of the year.
        data: points.filter((point) => !narrow || point.at < end).map((point) => ({
          value: [point.at, 0],
          label: {
            show: true,
            formatter: point.label,
            position: point.at > end - 1 ? "left" : "right",
            offset: [point.at > end - 1 ? -2 : 2, -10],
            color: ink.soft,
            fontSize: 12,
          },
        })),
        tooltip: { show: false },
      },
      {
        id: "actual",
        type: "line",
        data: data.actual,
        symbol: "circle",
        symbolSize: 9,
        showSymbol: false,
        silent: true,
        z: 5,
        lineStyle: { color: series, width: 3, cap: "round", join: "round" },
        itemStyle: { color: series },
      },
      {
        id: "here",
        type: "scatter",
        silent: true,
        z: 6,
        symbolSize: 11,
        itemStyle: { color: series, borderColor: "#fff", borderWidth: 2 },
        data:
          here < 0
            ? []
            : [
                {
                  value: [here, data.actual[here]],
                  label: {
                    show: true,
                    formatter: `${data.words.actual} ${figure(data.actual[here], data.places)}`,
                    position: here > end / 2 ? "left" : "right",
                    offset: here > end / 2 ? [-2, -16] : [4, 16],
                    color: series,
                    fontSize: narrow ? 13 : 15,
                    fontWeight: 700,
                  },
                },
              ],
        tooltip: { show: false },
      },
      {
        id: "year",
        type: "scatter",
        silent: true,
        symbolSize: 0,
        data:
          typeof data.plan[end] === "number"
            ? [
                {
                  value: [end, data.plan[end]],
                  label: {
                    show: true,
                    formatter: `${data.words.year ?? data.words.plan} ${figure(data.plan[end], data.places)}`,
                    position: "left",
                    offset: [narrow ? 12 : room.table ? 30 : 24, -14],
                    color: ink.soft,
                    fontSize: 12,
                  },
                },
              ]
            : [],
        tooltip: { show: false },
      },
    ],
  };
}

/** Plan and actual of each period as pairs of bars. */
export function months(data: ChartData, room: Room): EChartsCoreOption {
  const { narrow } = room;
  const bar = (id: string, color: string, values: (number | null)[]): EChartsCoreOption => ({
    id,
    type: "bar",
    data: values,
    silent: true,
    barMaxWidth: narrow ? 9 : 18,
    barGap: "12%",
    barCategoryGap: "36%",
    itemStyle: { color },
  });
  return {
    ...common(data, room),
    xAxis: {
      ...periodAxis(data, true, room),
      axisPointer: { show: true, type: "shadow", shadowStyle: { color: "rgba(24,35,45,.04)" }, label: { show: false } },
    },
    series: [bar("plan", ground, data.plan), bar("actual", series, data.actual)],
  };
}
