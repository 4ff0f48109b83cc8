import { beforeEach, expect, test, vi } from "vitest";
import { GuatuAttach } from "./guatu-attach";

customElements.define("guatu-attach", GuatuAttach);

let input: HTMLInputElement;
let line: HTMLElement;
const pressed = vi.fn((event: Event) => event.preventDefault());

beforeEach(() => {
  pressed.mockClear();
  document.body.innerHTML =
    "<guatu-attach><form><input type='file' name='files' multiple>" +
    "<p data-progress hidden><progress max='100' value='0'></progress><output></output></p><button>附上</button></form></guatu-attach>";
  input = document.querySelector("input")!;
  line = document.querySelector("[data-progress]")!;
  document.querySelector("form")!.addEventListener("submit", pressed);
});

function choose(...names: string[]): void {
  const files = names.map((name) => new File(["…"], name));
  Object.defineProperty(input, "files", { value: files, configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

test("what is chosen is sent at once, and the progress is shown", () => {
  choose("桥墩.jpg");
  expect(pressed).toHaveBeenCalledTimes(1);
  expect(line.hidden).toBe(false);
});

test("nothing is sent where nothing was chosen", () => {
  choose();
  expect(pressed).not.toHaveBeenCalled();
  expect(line.hidden).toBe(true);
});

test("the progress says how much of it is sent, and goes when the answer is there", () => {
  choose("桥墩.jpg");
  document.querySelector("form")!.dispatchEvent(
    new CustomEvent("htmx:xhr:progress", { bubbles: true, detail: { loaded: 1, total: 3 } }),
  );
  expect(line.querySelector("progress")!.value).toBe(33);
  expect(line.querySelector("output")!.textContent).toBe("33 %");
  document.querySelector("form")!.dispatchEvent(new CustomEvent("htmx:afterRequest", { bubbles: true }));
  expect(line.hidden).toBe(true);
});
