import { beforeEach, expect, test, vi } from "vitest";
import { GuatuCopy } from "./guatu-copy";

customElements.define("guatu-copy", GuatuCopy);

beforeEach(() => {
  document.body.innerHTML =
    "<p id='text'>请尽快填报</p><guatu-copy from='text' done='已复制' failed='请按 Ctrl+C'>" +
    "<button>复制</button><span data-said></span></guatu-copy>";
});

function clipboard(writeText: (text: string) => Promise<void>): void {
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
}

test("the text goes to the clipboard and the outcome is said", async () => {
  const written: string[] = [];
  clipboard(async (text) => void written.push(text));
  document.querySelector("button")!.click();
  await vi.waitFor(() => expect(document.querySelector("[data-said]")!.textContent).toBe("已复制"));
  expect(written).toEqual(["请尽快填报"]);
});

test("a closed clipboard falls back to the older command", async () => {
  clipboard(() => Promise.reject(new Error("closed")));
  document.execCommand = vi.fn(() => true);
  expect(await document.querySelector<GuatuCopy>("guatu-copy")!.copy()).toBe(true);
  expect(document.execCommand).toHaveBeenCalledWith("copy");
});

test("when nothing works the reader is told how to copy", async () => {
  clipboard(() => Promise.reject(new Error("closed")));
  document.execCommand = vi.fn(() => false);
  expect(await document.querySelector<GuatuCopy>("guatu-copy")!.copy()).toBe(false);
  expect(document.querySelector("[data-said]")!.textContent).toBe("请按 Ctrl+C");
});
