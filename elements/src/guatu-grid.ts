/**
 * `<guatu-grid>` around a table of fields: a block that is pasted from a spreadsheet fills the cells to the right and
 * below; Enter and the arrow keys up and down go from row to row. The cumulative figure of a row (`[data-sum]`) follows
 * the month's (`[data-month]`); `data-base` of the row is last month's in 分.
 * Texts over several lines in one cell are quoted by spreadsheets, and stay one cell.
 */
import { fromUnits, toUnits } from "./guatu-report";

type Cell = HTMLInputElement | HTMLSelectElement;

export class GuatuGrid extends HTMLElement {
  private readonly pasted = (event: Event): void => {
    const from = event.target;
    const text = (event as ClipboardEvent).clipboardData?.getData("text/plain") ?? "";
    const block = cellsOf(text);
    if (!isCell(from) || (block.length < 2 && (block[0]?.length ?? 0) < 2)) return;
    event.preventDefault();
    const rows = this.rows();
    const top = rows.findIndex((row) => row.includes(from));
    const left = rows[top]?.indexOf(from) ?? 0;
    block.forEach((line, down) =>
      line.forEach((words, right) => {
        const cell = rows[top + down]?.[left + right];
        if (cell) this.put(cell, words);
      }),
    );
  };

  private readonly typed = (event: Event): void => {
    if (event.target instanceof HTMLInputElement && event.target.hasAttribute("data-month")) this.add(event.target);
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    const from = event.target;
    const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
    if (!step || !isCell(from) || event.isComposing || (from instanceof HTMLSelectElement && event.key !== "Enter")) return;
    event.preventDefault();
    const rows = this.rows();
    const here = rows.findIndex((row) => row.includes(from));
    const next = rows[here + step]?.[rows[here]!.indexOf(from)];
    next?.focus();
    if (next instanceof HTMLInputElement) next.select();
  };

  connectedCallback(): void {
    this.addEventListener("paste", this.pasted);
    this.addEventListener("input", this.typed);
    this.addEventListener("keydown", this.pressed);
  }

  disconnectedCallback(): void {
    this.removeEventListener("paste", this.pasted);
    this.removeEventListener("input", this.typed);
    this.removeEventListener("keydown", this.pressed);
  }

  /** The cells that can be typed in, row by row; a row that is locked is left out. */
  private rows(): Cell[][] {
    return Array.from(this.querySelectorAll("tbody tr"))
      .map((row) => Array.from(row.querySelectorAll<Cell>("td input, td select")))
      .filter((row) => row.length > 0);
  }

  private put(cell: Cell, words: string): void {
    if (cell instanceof HTMLSelectElement) {
      const option = Array.from(cell.options).find((one) => one.text === words.trim());
      if (option) cell.value = option.value;
    } else {
      cell.value = words.trim();
    }
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private add(month: HTMLInputElement): void {
    const row = month.closest("tr");
    const sum = row?.querySelector("[data-sum]");
    if (!row || !sum) return;
    const base = row.dataset.base;
    const units = toUnits(month.value);
    sum.textContent = !base || units === null ? "–" : fromUnits(BigInt(base) + units);
  }
}

function isCell(target: EventTarget | null): target is Cell {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

/** A block as spreadsheets copy it: tabs between cells, lines between rows, quotes around a cell of several lines. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let place = 0; place < body.length; place += 1) {
    const sign = body[place]!;
    if (quoted) {
      if (sign === '"' && body[place + 1] === '"') {
        cell += '"';
        place += 1;
      } else if (sign === '"') quoted = false;
      else cell += sign === "\n" ? " " : sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") {
      rows[rows.length - 1]!.push(cell);
      cell = "";
    } else if (sign === "\n") {
      rows[rows.length - 1]!.push(cell);
      rows.push([]);
      cell = "";
    } else cell += sign;
  }
  rows[rows.length - 1]!.push(cell);
  return rows;
}
