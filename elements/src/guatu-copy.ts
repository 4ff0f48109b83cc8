/**
 * `<guatu-copy from="id">` with a button in it: copies the text of the element `id` to the clipboard.
 * Says the outcome in its `[data-said]` child (role=status) with the words of `done` and `failed`.
 * Where the clipboard is closed (plain http), it selects the text and asks the older command; when
 * that fails too, the text stays selected for Ctrl+C and `failed` is said.
 */
export class GuatuCopy extends HTMLElement {
  private readonly clicked = (event: Event): void => {
    if (event.target instanceof Element && event.target.closest("button")) void this.copy();
  };

  connectedCallback(): void {
    this.addEventListener("click", this.clicked);
  }

  disconnectedCallback(): void {
    this.removeEventListener("click", this.clicked);
  }

  async copy(): Promise<boolean> {
    const source = document.getElementById(this.getAttribute("from") ?? "");
    if (!source) return false;
    const copied = await this.write(source);
    const said = this.querySelector("[data-said]");
    if (said) said.textContent = this.getAttribute(copied ? "done" : "failed") ?? "";
    return copied;
  }

  private async write(source: HTMLElement): Promise<boolean> {
    const field = source instanceof HTMLTextAreaElement ? source : null;
    try {
      await navigator.clipboard.writeText(field ? field.value : (source.textContent ?? ""));
      return true;
    } catch {
      if (field) {
        field.select();
      } else {
        getSelection()?.selectAllChildren(source);
      }
      return document.execCommand("copy");
    }
  }
}
