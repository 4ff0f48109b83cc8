/**
 * `<guatu-report base="分">` around the form of a report: shows the cumulative figure of the year while the month's
 * is typed, and marks a number that cannot be read. `base` is last month's cumulative figure in 分 (empty: not known).
 * The month is the field `f.invested_month`, the sum goes into `[data-sum]`; "–" stands where there is none.
 * What the server has to say comes with the saving of the draft, which htmx does.
 */
export class GuatuReport extends HTMLElement {
  private readonly typed = (event: Event): void => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.dataset.kind) return;
    const read = field.value.trim() === "" || toUnits(field.value) !== null;
    if (read) field.removeAttribute("aria-invalid");
    else if (event.type === "change") field.setAttribute("aria-invalid", "true");
    if (field.name === "f.invested_month") this.add(field.value);
  };

  connectedCallback(): void {
    this.addEventListener("input", this.typed);
    this.addEventListener("change", this.typed);
  }

  disconnectedCallback(): void {
    this.removeEventListener("input", this.typed);
    this.removeEventListener("change", this.typed);
  }

  private add(text: string): void {
    const sum = this.querySelector("[data-sum]");
    if (!sum) return;
    const base = this.getAttribute("base");
    const month = toUnits(text);
    sum.textContent = !base || month === null ? "–" : fromUnits(BigInt(base) + month);
  }
}

const PLACES = 6;

/** 万元 as typed → 分, exactly; null for what is no number, or finer than 分. */
export function toUnits(text: string): bigint | null {
  const bare = text.normalize("NFKC").replace(/[,\s]/g, "").replace(/−/g, "-").replace(/[%]$|万元$/, "");
  const found = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(bare);
  if (!found || !(found[2] || found[3])) return null;
  const decimals = (found[3] ?? "").replace(/0+$/, "");
  if (decimals.length > PLACES) return null;
  const units = BigInt((found[2] || "0") + decimals.padEnd(PLACES, "0"));
  return found[1] === "-" ? -units : units;
}

/** 分 → 万元 with as many decimals as there are, separators from five digits, − for minus. */
export function fromUnits(units: bigint): string {
  const size = (units < BigInt(0) ? -units : units).toString().padStart(PLACES + 1, "0");
  const whole = size.slice(0, -PLACES);
  const decimals = size.slice(-PLACES).replace(/0+$/, "");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return (units < BigInt(0) ? "−" : "") + grouped + (decimals ? `.${decimals}` : "");
}
