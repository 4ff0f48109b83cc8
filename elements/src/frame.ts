/** Everything that each page carries: the styles, htmx and the small elements. */
import htmx from "htmx.org";
import "./styles/index.css";
import { GuatuAttach } from "./guatu-attach";
import { GuatuCopy } from "./guatu-copy";
import { GuatuFilter } from "./guatu-filter";
import { GuatuGallery } from "./guatu-gallery";
import { GuatuKey } from "./guatu-key";
import { GuatuGrid } from "./guatu-grid";
import { GuatuMenu } from "./guatu-menu";
import { GuatuPaste } from "./guatu-paste";
import { GuatuReport } from "./guatu-report";
import { GuatuTable } from "./guatu-table";
import { showWaiting } from "./waiting";

// No evaluated text and no style sheet made by script: the content security policy forbids both.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.scrollIntoViewOnBoost = false;

customElements.define("guatu-attach", GuatuAttach);
customElements.define("guatu-copy", GuatuCopy);
customElements.define("guatu-filter", GuatuFilter);
customElements.define("guatu-gallery", GuatuGallery);
customElements.define("guatu-key", GuatuKey);
customElements.define("guatu-grid", GuatuGrid);
customElements.define("guatu-menu", GuatuMenu);
customElements.define("guatu-paste", GuatuPaste);
customElements.define("guatu-report", GuatuReport);
customElements.define("guatu-table", GuatuTable);

showWaiting(document.body);
