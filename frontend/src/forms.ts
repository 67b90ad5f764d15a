/** Small form manners: one submit at a time, filters that submit themselves, the error summary gets the focus, links jump to fields. */

function once(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method.toLowerCase() !== "post") return;
  if (form.dataset.submitting) {
    event.preventDefault();
    return;
  }
  form.dataset.submitting = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
}

/** A page that comes back from the browser's back button must be usable again. */
function release(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-submitting]")) {
    delete form.dataset.submitting;
    delete form.dataset.confirmed;
    form.querySelectorAll("[aria-disabled]").forEach((element) => element.removeAttribute("aria-disabled"));
  }
}

export function startForms(): void {
  document.addEventListener("submit", once);
  window.addEventListener("pageshow", release);
  document.addEventListener("change", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-autosubmit]");
    if (form) form.requestSubmit();
  });
  document.querySelector<HTMLElement>(".ui-error-summary")?.focus();
}
