/** Only for pages with a chart: ECharts is ten times the size of everything else. */
import { GuatuChart } from "./guatu-chart";

customElements.define("guatu-chart", GuatuChart);
