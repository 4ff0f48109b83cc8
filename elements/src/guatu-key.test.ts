import { afterEach, expect, test, vi } from "vitest";
import { GuatuKey, bytes, decoded, encoded, text } from "./guatu-key";

customElements.define("guatu-key", GuatuKey);
afterEach(() => {
  document.body.innerHTML = "";
  vi.unstubAllGlobals();
});

const buffer = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;

test("bytes go to text without padding and come back", () => {
  for (const values of [[], [0], [251, 255], [1, 2, 3, 250]]) {
    const written = text(buffer(...values));
    expect(written).not.toMatch(/[+/=]/);
    expect([...new Uint8Array(bytes(written))]).toEqual(values);
  }
});

test("what the browser wants as bytes becomes bytes, the rest stays", () => {
  const options = decoded({
    publicKey: {
      challenge: "AQI",
      rp: { id: "guatu.example.org" },
      user: { id: "Nw", name: "clerk" },
      excludeCredentials: [{ type: "public-key", id: "Aw" }],
    },
  });
  expect([...new Uint8Array(options["challenge"] as ArrayBuffer)]).toEqual([1, 2]);
  expect(options["rp"]).toEqual({ id: "guatu.example.org" });
  expect((options["user"] as { name: string }).name).toBe("clerk");
  const [known] = options["excludeCredentials"] as { id: ArrayBuffer }[];
  expect([...new Uint8Array(known?.id ?? buffer())]).toEqual([3]);
});

function credential(): PublicKeyCredential {
  return {
    id: "Aw",
    rawId: buffer(3),
    type: "public-key",
    response: { clientDataJSON: buffer(1), signature: buffer(2), userHandle: null },
    getClientExtensionResults: () => ({}),
  } as unknown as PublicKeyCredential;
}

test("an answer holds what there is and leaves out what there is not", () => {
  expect(encoded(credential())).toEqual({
    id: "Aw",
    rawId: "Aw",
    type: "public-key",
    response: { clientDataJSON: "AQ", signature: "Ag" },
    clientExtensionResults: {},
  });
});

function shown(): { form: HTMLFormElement; submit: ReturnType<typeof vi.fn> } {
  document.body.innerHTML = `<form><input type="hidden" name="credential"><guatu-key do="get"
    options='{"publicKey":{"challenge":"AQI"}}' failed="not this time"><button type="button">go</button><span data-said></span></guatu-key></form>`;
  const form = document.querySelector("form") as HTMLFormElement;
  const submit = vi.fn();
  form.submit = submit;
  return { form, submit };
}

test("the key's answer is sent with the form", async () => {
  vi.stubGlobal("PublicKeyCredential", class {});
  vi.stubGlobal("navigator", { credentials: { get: () => Promise.resolve(credential()) } });
  const { form, submit } = shown();
  form.querySelector("button")?.click();
  await vi.waitFor(() => expect(submit).toHaveBeenCalledOnce());
  expect(JSON.parse(form.querySelector("input")?.value ?? "").id).toBe("Aw");
});

test("a key that is refused is said, and nothing is sent", async () => {
  vi.stubGlobal("PublicKeyCredential", class {});
  vi.stubGlobal("navigator", { credentials: { get: () => Promise.reject(new Error("no")) } });
  const { form, submit } = shown();
  form.querySelector("button")?.click();
  await vi.waitFor(() => expect(form.querySelector("[data-said]")?.textContent).toBe("not this time"));
  expect(submit).not.toHaveBeenCalled();
});

test("where the browser knows no keys nothing is offered", () => {
  vi.stubGlobal("PublicKeyCredential", undefined);
  shown();
  expect(document.querySelector<HTMLElement>("guatu-key")?.hidden).toBe(true);
});
