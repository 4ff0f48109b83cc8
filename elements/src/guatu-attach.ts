/**
 * `<guatu-attach>` around a form that takes files: sends them as soon as they are chosen, and shows how much is sent.
 * `[data-progress]` holds a `progress` and an `output`; it is hidden until something is on its way. htmx sends.
 */
export class GuatuAttach extends HTMLElement {
  private readonly chosen = (event: Event): void => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.files?.length) return;
    const form = input.form;
    if (!form) return;
    const button = form.querySelector<HTMLButtonElement>("button");
    if (button) button.click();
    this.show(0);
  };

  private readonly sent = (event: Event): void => {
    const detail = (event as CustomEvent<{ loaded?: number; total?: number }>).detail;
    if (detail?.loaded !== undefined && detail.total) this.show(Math.floor((detail.loaded * 100) / detail.total));
  };

  private readonly ended = (): void => {
    const line = this.querySelector<HTMLElement>("[data-progress]");
    if (line) line.hidden = true;
    for (const input of this.querySelectorAll<HTMLInputElement>('input[type="file"]')) input.value = "";
  };

  connectedCallback(): void {
    this.addEventListener("change", this.chosen);
    this.addEventListener("htmx:xhr:progress", this.sent);
    this.addEventListener("htmx:afterRequest", this.ended);
  }

  disconnectedCallback(): void {
    this.removeEventListener("change", this.chosen);
    this.removeEventListener("htmx:xhr:progress", this.sent);
    this.removeEventListener("htmx:afterRequest", this.ended);
  }

  private show(percent: number): void {
    const line = this.querySelector<HTMLElement>("[data-progress]");
    const bar = line?.querySelector("progress");
    const words = line?.querySelector("output");
    if (!line || !bar || !words) return;
    line.hidden = false;
    bar.value = percent;
    words.textContent = `${percent} %`;
  }
}
