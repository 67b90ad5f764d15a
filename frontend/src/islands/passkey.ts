/**
 * Passkeys: `form[data-passkey="get"]` signs in, `form[data-passkey="create"]` adds one. The options come from `data-ask` when the
 * button is pressed; the device's answer goes back in the form's `answer` field, so that the server's page says what happened.
 */

type Json = Record<string, unknown>;
interface Descriptor {
  id: string;
  type: "public-key";
  transports?: AuthenticatorTransport[];
}
interface Options {
  challenge: string;
  user?: { id: string; name: string; displayName: string };
  excludeCredentials?: Descriptor[];
  allowCredentials?: Descriptor[];
}

/** What the server said, for the person. */
class Refusal extends Error {}

const bytes = (text: string): ArrayBuffer => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0)).buffer;
};

const base64url = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const named = (list: Descriptor[] | undefined): PublicKeyCredentialDescriptor[] =>
  (list ?? []).map((item) => ({ ...item, id: bytes(item.id) }));

async function ask(form: HTMLFormElement): Promise<Options> {
  const response = await fetch(form.dataset.ask ?? "", { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  if (!response.headers.get("content-type")?.startsWith("application/json")) throw new Error(String(response.status));
  const said = (await response.json()) as { publicKey?: Options; detail?: string };
  if (!said.publicKey) throw new Refusal(said.detail);
  return said.publicKey;
}

async function create(options: Options): Promise<Json> {
  const user = options.user && { ...options.user, id: bytes(options.user.id) };
  const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: named(options.excludeCredentials) };
  const made = (await navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return answer(made, {
    clientDataJSON: base64url(response.clientDataJSON),
    attestationObject: base64url(response.attestationObject),
    transports: response.getTransports(),
  });
}

async function get(options: Options): Promise<Json> {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
  const found = (await navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions })) as PublicKeyCredential;
  const response = found.response as AuthenticatorAssertionResponse;
  return answer(found, {
    clientDataJSON: base64url(response.clientDataJSON),
    authenticatorData: base64url(response.authenticatorData),
    signature: base64url(response.signature),
    userHandle: response.userHandle ? base64url(response.userHandle) : null,
  });
}

function answer(credential: PublicKeyCredential, response: Json): Json {
  return { id: credential.id, rawId: base64url(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}

/** The sentence for an error: the server's own, "has one already", "not chosen", or "did not work". */
function sentence(form: HTMLFormElement, error: unknown): string {
  const said = form.dataset;
  if (error instanceof Refusal && error.message) return error.message;
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError" && said.known) return said.known;
  if (name === "NotAllowedError" || name === "AbortError") return said.cancelled ?? "";
  return said.failed ?? "";
}

async function run(form: HTMLFormElement): Promise<void> {
  const problem = form.querySelector<HTMLElement>("[data-passkey-problem]");
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  button?.setAttribute("aria-disabled", "true");
  if (problem) problem.textContent = "";
  try {
    const options = await ask(form);
    const json = form.dataset.passkey === "create" ? await create(options) : await get(options);
    (form.elements.namedItem("answer") as HTMLInputElement).value = JSON.stringify(json);
    form.submit();
  } catch (error) {
    if (problem) problem.textContent = sentence(form, error);
    delete form.dataset.busy;
    button?.removeAttribute("aria-disabled");
  }
}

function start(form: HTMLFormElement): void {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = form.querySelector<HTMLInputElement>("input[name=name]");
    if (name && !name.value.trim()) name.focus();
    else void run(form);
  });
  // Back from the next page: the button works again.
  window.addEventListener("pageshow", () => {
    delete form.dataset.busy;
    form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  });
}

if ("PublicKeyCredential" in window && "credentials" in navigator) {
  document.querySelectorAll<HTMLFormElement>("form[data-passkey]").forEach(start);
  document.querySelectorAll<HTMLElement>("[data-passkey-missing]").forEach((hint) => hint.remove());
}
