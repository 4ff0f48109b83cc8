/**
 * `<guatu-filter>` around a filter form: every change sends the form, typing after `delay` ms of rest
 * (default 300). Empty fields are left out, so the address stays short and can be sent to a colleague.
 * The form's own `hx-get`, `hx-target` and `hx-push-url` say where the answer goes; a form without
 * them is sent as a page. Typing with an input method waits until the word is finished.
 */
export class GuatuFilter extends HTMLElement {
  private timer: number | undefined;
  private composing = false;

  private readonly typed = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement) || this.composing) return;
    if (event.target.type !== "search" && event.target.type !== "text") return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.send(), Number(this.getAttribute("delay") ?? 300));
  };

  private readonly changed = (event: Event): void => {
    const field = event.target;
    if (field instanceof HTMLSelectElement || (field instanceof HTMLInputElement && field.type === "checkbox")) {
      window.clearTimeout(this.timer);
      this.send();
    }
  };

  private readonly began = (): void => {
    this.composing = true;
  };

  private readonly ended = (event: Event): void => {
    this.composing = false;
    this.typed(event);
  };

  private readonly shorten = (event: Event): void => {
    const parameters: unknown = (event as CustomEvent).detail?.parameters;
    if (parameters instanceof FormData) {
      for (const [name, value] of Array.from(parameters.entries())) if (value === "") parameters.delete(name);
    } else if (parameters && typeof parameters === "object") {
      const given = parameters as Record<string, unknown>;
      for (const name of Object.keys(given)) if (given[name] === "") delete given[name];
    }
  };

  connectedCallback(): void {
    this.addEventListener("input", this.typed);
    this.addEventListener("change", this.changed);
    this.addEventListener("compositionstart", this.began);
    this.addEventListener("compositionend", this.ended);
    this.addEventListener("htmx:configRequest", this.shorten);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    this.removeEventListener("input", this.typed);
    this.removeEventListener("change", this.changed);
    this.removeEventListener("compositionstart", this.began);
    this.removeEventListener("compositionend", this.ended);
    this.removeEventListener("htmx:configRequest", this.shorten);
  }

  private send(): void {
    this.querySelector("form")?.requestSubmit();
  }
}
