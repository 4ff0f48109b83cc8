/**
 * `<guatu-period>` around a form with a `<select>`: a new choice sends the form at once (the style
 * sheet then hides the `[data-without-script]` button that sends it otherwise).
 */
export class GuatuPeriod extends HTMLElement {
  private readonly changed = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    event.target.form?.requestSubmit();
  };

  connectedCallback(): void {
    this.addEventListener("change", this.changed);
  }

  disconnectedCallback(): void {
    this.removeEventListener("change", this.changed);
  }
}
