/**
 * `<guatu-gallery data-close data-before data-after>` around links `[data-picture]` to photographs: a click shows the
 * photograph large, the arrow keys go from one to the next, Escape closes. Without it a link takes the file away.
 */
export class GuatuGallery extends HTMLElement {
  private dialog: HTMLDialogElement | null = null;
  private at = 0;

  private readonly clicked = (event: MouseEvent): void => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("[data-picture]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !("showModal" in HTMLDialogElement.prototype)) return;
    event.preventDefault();
    this.open(this.links().indexOf(link));
  };

  private readonly typed = (event: KeyboardEvent): void => {
    if (event.key === "ArrowLeft") this.open(this.at - 1);
    else if (event.key === "ArrowRight") this.open(this.at + 1);
    else return;
    event.preventDefault();
  };

  connectedCallback(): void {
    this.addEventListener("click", this.clicked);
  }

  disconnectedCallback(): void {
    this.removeEventListener("click", this.clicked);
    this.dialog?.remove();
    this.dialog = null;
  }

  private links(): HTMLAnchorElement[] {
    return [...this.querySelectorAll<HTMLAnchorElement>("[data-picture]")];
  }

  private open(wanted: number): void {
    const links = this.links();
    if (links.length === 0) return;
    this.at = (wanted + links.length) % links.length;
    const link = links[this.at];
    const dialog = (this.dialog ??= this.made());
    const image = dialog.querySelector("img");
    const words = dialog.querySelector("p");
    if (!link || !image || !words) return;
    image.src = link.href;
    image.alt = link.querySelector("img")?.alt ?? "";
    words.textContent = [`${this.at + 1} / ${links.length}`, this.caption(link)].join("　");
    for (const step of dialog.querySelectorAll<HTMLButtonElement>("[data-step]")) step.hidden = links.length < 2;
    if (!dialog.open) dialog.showModal();
  }

  private caption(link: HTMLAnchorElement): string {
    const caption = link.closest("figure")?.querySelector("figcaption");
    return [...(caption?.children ?? [])].map((part) => part.textContent?.trim() ?? "").join(" ");
  }

  private made(): HTMLDialogElement {
    const dialog = document.createElement("dialog");
    dialog.className = "gallery-large";
    const image = document.createElement("img");
    const words = document.createElement("p");
    words.setAttribute("role", "status");
    const bar = document.createElement("div");
    bar.className = "actions";
    bar.append(
      this.button(this.dataset.before ?? "", () => this.open(this.at - 1), true),
      this.button(this.dataset.after ?? "", () => this.open(this.at + 1), true),
      this.button(this.dataset.close ?? "", () => dialog.close(), false),
    );
    dialog.append(image, words, bar);
    dialog.addEventListener("keydown", this.typed);
    this.append(dialog);
    return dialog;
  }

  private button(words: string, act: () => void, steps: boolean): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = words;
    if (steps) button.dataset.step = "";
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      act();
    });
    return button;
  }
}
