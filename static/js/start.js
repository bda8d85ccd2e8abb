import { initAll } from "/static/build/nhsuk-frontend.min.js";
import { watchSession } from "./session_end.js";

initAll();

// Without it, everything works as before; a browser may refuse it. Its script may be kept for a while.
const { serviceWorker } = document.body.dataset;
navigator.serviceWorker?.register(serviceWorker, { updateViaCache: "all" }).catch(() => {});

const sessionEnd = document.getElementById("session-end");
if (sessionEnd) watchSession(sessionEnd);

const waiting = document.getElementById("try-again");
if (waiting) import("./try_again.js").then(({ tryAgain }) => tryAgain(waiting));

// A browser shows the old page until the answer comes. After this long, the page says that it is trying.
const SLOW = 3000;
const TAKES_LONGER = "This is taking longer than usual. We are still trying. Please keep this page open.";

// It is there, empty, from the start: screen readers only read what changes in it.
const slow = document.createElement("p");
slow.className = "mch-slow";
slow.setAttribute("role", "status");
document.body.append(slow);
let due;

addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  clearTimeout(due);
  due = setTimeout(() => (slow.textContent = TAKES_LONGER), SLOW);
});

// Also when somebody comes back to this page with the browser's own button.
addEventListener("pageshow", () => {
  clearTimeout(due);
  slow.textContent = "";
});
