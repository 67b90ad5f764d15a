/** Native modal dialogs: opened by `data-dialog-open="id"`, closed by `data-dialog-close`; `hx-confirm` and `form[data-confirm]` ask in one too. */
import { text } from "./text.ts";

export function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** Ask in `#ui-confirm`; `run` is called when the answer is yes. */
function confirmThen(question: string, run: () => void): void {
  const dialog = document.getElementById("ui-confirm") as HTMLDialogElement | null;
  const place = dialog?.querySelector("[data-question]");
  if (!dialog || !place) {
    if (window.confirm(question || text("sure"))) run();
    return;
  }
  place.textContent = question || text("sure");
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && run(), { once: true });
  dialog.showModal();
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-dialog-open]");
  if (opener) {
    event.preventDefault();
    openDialog(opener.dataset.dialogOpen ?? "");
    return;
  }
  if (target.closest("[data-dialog-close]")) target.closest("dialog")?.close();
  // A click on the backdrop hits the dialog element itself; forms inside would lose what was typed, so they stay.
  else if (target instanceof HTMLDialogElement && !target.querySelector("form:not([method=dialog])")) target.close();
}

export function startDialogs(): void {
  document.addEventListener("click", onClick);
  document.body.addEventListener("htmx:confirm", (event) => {
    const { question, issueRequest } = (event as CustomEvent<{ question?: string; issueRequest: (skip: boolean) => void }>).detail;
    if (!question) return;
    event.preventDefault();
    confirmThen(question, () => issueRequest(true));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset.confirm === undefined || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    confirmThen(form.dataset.confirm, () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit((event.submitter as HTMLButtonElement | null) ?? undefined);
    });
  });
}
