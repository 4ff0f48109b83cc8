/**
 * `<guatu-paste filled="已粘贴 {n} 格" left="，{n} 行没有对上">` around a table of fields: what was copied from a
 * spreadsheet is pasted over several fields at once. Rows whose first cell is the `data-name` of a row of the table go
 * to that row, in any order; without names they go down and to the right from the field that was pasted into. How many
 * fields were filled is said in the `<output>` inside. One cell is pasted as ever.
 */
export class GuatuPaste extends HTMLElement {
  private readonly pasted = (event: ClipboardEvent): void => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!(field instanceof HTMLInputElement)) return;
    const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
    if (lines.length === 1 && lines[0]!.length === 1) return;
    event.preventDefault();
    const rows = Array.from(this.querySelectorAll<HTMLTableRowElement>("tbody tr"));
    const named = new Map(rows.map((row) => [row.dataset.name ?? "", row]));
    const byName = lines.some((cells) => cells.length > 1 && named.has(cells[0]!.trim()));
    const start = field.closest("tr");
    const column = start ? fields(start).indexOf(field) : 0;
    const first = start ? rows.indexOf(start) : 0;
    let filled = 0;
    let left = 0;
    lines.forEach((cells, index) => {
      const row = byName ? named.get(cells[0]!.trim()) : rows[first + index];
      const values = byName ? cells.slice(1) : cells;
      if (!row) left += 1;
      else filled += fill(fields(row).slice(column), values);
    });
    this.say(filled, left);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  connectedCallback(): void {
    this.addEventListener("paste", this.pasted);
  }

  disconnectedCallback(): void {
    this.removeEventListener("paste", this.pasted);
  }

  private say(filled: number, left: number): void {
    const output = this.querySelector("output");
    if (!output) return;
    const words = (name: string, n: number): string => (this.getAttribute(name) ?? "").replace("{n}", String(n));
    output.textContent = words("filled", filled) + (left ? words("left", left) : "");
  }
}

function fields(row: HTMLTableRowElement): HTMLInputElement[] {
  return Array.from(row.querySelectorAll<HTMLInputElement>("input:not([type=hidden])"));
}

function fill(into: HTMLInputElement[], values: string[]): number {
  const pairs = values.slice(0, into.length);
  pairs.forEach((value, index) => {
    into[index]!.value = value.trim();
  });
  return pairs.length;
}
