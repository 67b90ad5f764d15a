import { startDialogs } from "./dialogs.ts";
import { startForms } from "./forms.ts";
import { startLive } from "./live.ts";
import { startRequests } from "./requests.ts";
import { startShell } from "./shell.ts";
import { startToasts } from "./toast.ts";

/** Everything both doors share. Module scripts run after the page is parsed, so nothing has to wait. */
export function start(): void {
  startShell();
  startDialogs();
  startForms();
  startToasts();
  startRequests();
  startLive();
}
