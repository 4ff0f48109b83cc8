/** A security key (WebAuthn): asks the browser for it and sends the answer with the form around it.
 *
 * `<guatu-key do="create|get" options="…" failed="…">` stands in a form that has a hidden input `credential`; a button
 * inside starts it, `[data-said]` says what went wrong. Where the browser knows no keys the element stays hidden.
 */

type Json = Record<string, unknown>;

export function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
}

export function text(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Options as the server writes them, with what the browser wants as bytes in bytes. */
export function decoded(options: Json): Json {
  const inner = { ...((options["publicKey"] as Json) ?? options) };
  inner["challenge"] = bytes(inner["challenge"] as string);
  const user = inner["user"] as Json | undefined;
  if (user) inner["user"] = { ...user, id: bytes(user["id"] as string) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    const known = inner[list] as Json[] | undefined;
    if (known) inner[list] = known.map((one) => ({ ...one, id: bytes(one["id"] as string) }));
  }
  return inner;
}

/** The browser's answer, as the server reads it. */
export function encoded(credential: PublicKeyCredential): Json {
  const response = credential.response as unknown as Record<string, ArrayBuffer | null>;
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const parts: Json = {};
  for (const name of names) {
    const part = response[name];
    if (part) parts[name] = text(part);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

export class GuatuKey extends HTMLElement {
  private readonly clicked = (event: Event): void => {
    if (event.target instanceof Element && event.target.closest("button")) void this.ask();
  };

  connectedCallback(): void {
    this.hidden = typeof PublicKeyCredential === "undefined";
    this.addEventListener("click", this.clicked);
  }

  disconnectedCallback(): void {
    this.removeEventListener("click", this.clicked);
  }

  private async ask(): Promise<void> {
    const form = this.closest("form");
    const field = form?.querySelector<HTMLInputElement>("input[name=credential]");
    if (!form || !field) return;
    const publicKey = decoded(JSON.parse(this.getAttribute("options") ?? "{}") as Json);
    try {
      const credential =
        this.getAttribute("do") === "create"
          ? await navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions })
          : await navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions });
      field.value = JSON.stringify(encoded(credential as PublicKeyCredential));
    } catch {
      const said = this.querySelector("[data-said]");
      if (said) said.textContent = this.getAttribute("failed") ?? "";
      return;
    }
    form.submit();
  }
}
