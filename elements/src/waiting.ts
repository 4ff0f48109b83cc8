/** Puts the class `waiting` on `body` while at least one htmx request is under way. */
export function showWaiting(body: HTMLElement): void {
  let open = 0;
  const show = (): void => {
    body.classList.toggle("waiting", open > 0);
  };
  body.addEventListener("htmx:beforeRequest", () => {
    open += 1;
    show();
  });
  body.addEventListener("htmx:afterRequest", () => {
    open = Math.max(0, open - 1);
    show();
  });
}
