import { expect, test } from "vitest";
import { GuatuPeriod } from "./guatu-period";

customElements.define("guatu-period", GuatuPeriod);

test("a new choice sends the form", () => {
  document.body.innerHTML =
    "<guatu-period><form><select name='period'><option>2023-08</option><option>2023-09</option></select></form></guatu-period>";
  let sent = "";
  document.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    sent = document.querySelector("select")!.value;
  });
  const select = document.querySelector("select")!;
  select.value = "2023-09";
  select.dispatchEvent(new Event("change", { bubbles: true }));
  expect(sent).toBe("2023-09");
});
