/**
 * `<guatu-chart shape="cumulative|months" data="id">` draws the JSON of `<script type="application/json"
 * id="…">` (see ChartData) above the table it contains. The table stays for those who listen and is all
 * there is without script; data that cannot be read leave the table in sight. With `keep` the table is
 * shown under the drawing too.
 */
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { type ChartData, cumulative, months } from "./chart-drawing";

use([BarChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

const shapes = { cumulative, months };

export class GuatuChart extends HTMLElement {
  private chart: ECharts | undefined;
  private watcher: ResizeObserver | undefined;

  private readonly fit = (): void => {
    const data = this.read();
    if (!this.chart || !data) return;
    this.chart.resize();
    this.chart.setOption(this.options(data));
  };

  connectedCallback(): void {
    const data = this.read();
    if (!data || this.chart) return;
    const drawing = document.createElement("div");
    drawing.className = "drawing";
    drawing.setAttribute("aria-hidden", "true");
    this.prepend(drawing);
    this.classList.add("drawn");
    this.chart = init(drawing, null, {
      renderer: "svg",
      width: drawing.clientWidth || 600,
      height: drawing.clientHeight || 300,
    });
    this.chart.resize({ width: "auto", height: "auto" });
    this.chart.setOption(this.options(data));
    this.watcher = new ResizeObserver(this.fit);
    this.watcher.observe(drawing);
    window.addEventListener("beforeprint", this.fit);
  }

  disconnectedCallback(): void {
    window.removeEventListener("beforeprint", this.fit);
    this.watcher?.disconnect();
    this.chart?.dispose();
    this.chart = undefined;
    this.querySelector(".drawing")?.remove();
    this.classList.remove("drawn");
  }

  private options(data: ChartData): ReturnType<typeof cumulative> {
    const shape = this.getAttribute("shape") === "months" ? "months" : "cumulative";
    const narrow = this.clientWidth > 0 && this.clientWidth < 620;
    const first = this.hasAttribute("keep") && !narrow ? this.querySelector<HTMLElement>("tbody th") : null;
    return shapes[shape](data, first ? { narrow, table: first.offsetWidth } : { narrow });
  }

  private read(): ChartData | undefined {
    const source = document.getElementById(this.getAttribute("data") ?? "");
    try {
      const data = JSON.parse(source?.textContent ?? "") as ChartData;
      return Array.isArray(data.periods) && Array.isArray(data.plan) && Array.isArray(data.actual) ? data : undefined;
    } catch {
      return undefined;
    }
  }
}
