import { beforeEach, expect, test } from "vitest";
import { GuatuGallery } from "./guatu-gallery";

HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};
customElements.define("guatu-gallery", GuatuGallery);

const figure = (n: number): string =>
  `<figure><a href="/reports/attachments/${n}" data-picture><img src="/s/${n}" alt="桥墩 ${n}"></a>` +
  `<figcaption><span>桥墩 ${n}</span><span>2023-09-2${n} 15:30</span></figcaption></figure>`;

beforeEach(() => {
  document.body.innerHTML = `<guatu-gallery data-close="关闭" data-before="上一张" data-after="下一张">${figure(1)}${figure(2)}</guatu-gallery>`;
});

const press = (n: number): boolean =>
  document.querySelectorAll("[data-picture]")[n]!.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
const dialog = (): HTMLDialogElement => document.querySelector("dialog")!;

test("a click shows the photograph large, with its words", () => {
  expect(press(1)).toBe(false);
  expect(dialog().open).toBe(true);
  expect(dialog().querySelector("img")!.src).toMatch(/\/reports\/attachments\/2$/);
  expect(dialog().querySelector("img")!.alt).toBe("桥墩 2");
  expect(dialog().querySelector("p")!.textContent).toBe("2 / 2　桥墩 2 2023-09-22 15:30");
});

test("the arrow keys go round", () => {
  press(1);
  dialog().dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  expect(dialog().querySelector("img")!.alt).toBe("桥墩 1");
  dialog().dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
  expect(dialog().querySelector("img")!.alt).toBe("桥墩 2");
});

test("its button closes it", () => {
  press(0);
  dialog().querySelectorAll<HTMLButtonElement>("button")[2]!.click();
  expect(dialog().open).toBe(false);
});
