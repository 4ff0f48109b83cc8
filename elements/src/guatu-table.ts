/**
 * `<guatu-table>` around a table whose rows carry one main link (`a[data-main]`, else the first link).
 * ↑ ↓ (or k j) move the focus from row to row, Home and End to the first and last, Enter opens,
 * `/` goes to the element that `search` names by id, Escape there comes back.
 * Columns: `<guatu-table columns="ledger">` with checkboxes `input[data-column]` shows and hides the
 * cells with the same `data-column`; the choice stays in this browser under the name of `columns`,
 * and is put on again when the rows are exchanged.
 */
export class GuatuTable extends HTMLElement {
  private watcher: MutationObserver | undefined;

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("input, select, textarea, [contenteditable]")) {
      if (event.key === "Escape" && target.id === this.getAttribute("search")) this.move(0);
      return;
    }
    if (event.key === "/") {
      const search = document.getElementById(this.getAttribute("search") ?? "");
      if (search) {
        event.preventDefault();
        search.focus();
      }
      return;
    }
    if (target !== document.body && !(target && this.contains(target))) return;
    if (target?.closest("details[open] .menu-sheet")) return;
    const here = this.here();
    const last = this.links().length - 1;
    const steps: Record<string, number> = {
      ArrowDown: here + 1,
      j: here + 1,
      ArrowUp: Math.max(here - 1, 0),
      k: Math.max(here - 1, 0),
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    if (next === undefined || last < 0) return;
    event.preventDefault();
    this.move(Math.min(next, last));
  };

  private readonly changed = (event: Event): void => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.dataset.column) return;
    const hidden = new Set(this.hiddenColumns());
    if (box.checked) hidden.delete(box.dataset.column);
    else hidden.add(box.dataset.column);
    this.keep(Array.from(hidden));
    this.showColumns();
  };

  connectedCallback(): void {
    document.addEventListener("keydown", this.keyed);
    this.addEventListener("change", this.changed);
    this.watcher = new MutationObserver(() => this.showColumns());
    this.watcher.observe(this, { childList: true, subtree: true });
    this.showColumns();
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.keyed);
    this.removeEventListener("change", this.changed);
    this.watcher?.disconnect();
  }

  private links(): HTMLElement[] {
    const rows = Array.from(this.querySelectorAll("tbody tr"));
    return rows.flatMap((row) => row.querySelector<HTMLElement>("a[data-main]") ?? row.querySelector("a") ?? []);
  }

  private here(): number {
    const row = document.activeElement?.closest("tr");
    return row ? this.links().findIndex((link) => row.contains(link)) : -1;
  }

  private move(to: number): void {
    const link = this.links()[to];
    link?.focus();
    link?.scrollIntoView({ block: "nearest" });
  }

  private get store(): string {
    return `guatu.columns.${this.getAttribute("columns") ?? ""}`;
  }

  private hiddenColumns(): string[] {
    if (!this.hasAttribute("columns")) return [];
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.store) ?? "[]");
      return Array.isArray(kept) ? kept.filter((name): name is string => typeof name === "string") : [];
    } catch {
      return [];
    }
  }

  private keep(names: string[]): void {
    try {
      localStorage.setItem(this.store, JSON.stringify(names));
    } catch {
      // A browser that keeps nothing: the choice holds until the page is left.
    }
  }

  private showColumns(): void {
    if (!this.hasAttribute("columns")) return;
    const hidden = new Set(this.hiddenColumns());
    for (const part of this.querySelectorAll<HTMLElement>("[data-column]")) {
      const off = hidden.has(part.dataset.column ?? "");
      if (part instanceof HTMLInputElement) part.checked = !off;
      else if (part.hidden !== off) part.hidden = off;
    }
  }
}
