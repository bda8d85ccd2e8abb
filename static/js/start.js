import { initAll } from "/static/build/nhsuk-frontend.min.js";
import { watchSession } from "./session_end.js";

initAll();

const sessionEnd = document.getElementById("session-end");
if (sessionEnd) watchSession(sessionEnd);

const waiting = document.getElementById("try-again");
if (waiting) import("./try_again.js").then(({ tryAgain }) => tryAgain(waiting));

// Somebody sent it, had to sign in first, and is back.
document.querySelector("[data-send-at-once]")?.requestSubmit();
