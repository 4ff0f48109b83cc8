/**
 * `<guatu-menu>` around a native `<details>`: Escape, a press outside, or the focus leaving closes it.
 * Without script the details opens and closes by its own summary.
 */
export class GuatuMenu extends HTMLElement {
  private readonly pressed = (event: Event): void => {
    if (event.target instanceof Node && !this.contains(event.target)) this.close();
  };

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.details?.open) return;
    event.stopPropagation();
    this.close();
    this.details.querySelector<HTMLElement>("summary")?.focus();
  };

  private readonly left = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && !this.contains(event.relatedTarget)) this.close();
  };

  connectedCallback(): void {
    document.addEventListener("pointerdown", this.pressed);
    this.addEventListener("keydown", this.keyed);
    this.addEventListener("focusout", this.left);
  }

  disconnectedCallback(): void {
    document.removeEventListener("pointerdown", this.pressed);
    this.removeEventListener("keydown", this.keyed);
    this.removeEventListener("focusout", this.left);
  }

  private get details(): HTMLDetailsElement | null {
    return this.querySelector("details");
  }

  private close(): void {
    const details = this.details;
    if (details) details.open = false;
  }
}
