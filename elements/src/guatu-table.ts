/**
 * `<guatu-table>` around a table whose rows carry one main link (`a[data-main]`, else the first link).
 * ↑ ↓ (or k j) move the focus from row to row, Home and End to the first and last, Enter opens.
 * With `search` (the id of a field) the keys work from anywhere on the page, `/` goes to that field and
 * Escape in it comes back to the first row; without it they work once the focus is in the table.
 */
export class GuatuTable extends HTMLElement {
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
    // Elsewhere on the page the arrows scroll it, unless the table is what the page is for.
    const free = target === document.body && this.hasAttribute("search");
    if (!free && !(target && this.contains(target))) return;
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

  connectedCallback(): void {
    document.addEventListener("keydown", this.keyed);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.keyed);
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
}
