// Warns before a session ends, in every tab, and leaves the page once it has ended.
// Only the server knows: another tab, or another page of this one, may have extended it.

const WARNING = 120;
const SAID_AT = [120, 60, 30, 10];
const PATIENCE = 5000;

const inWords = (seconds) => {
  const minutes = Math.ceil(seconds / 60);
  if (seconds > 60) return `${minutes} minutes`;
  if (seconds === 60) return "1 minute";
  return `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
};

export function watchSession(dialog) {
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let endsAt;
  let timer;
  let said;
  let dismissed = false;

  const secondsLeft = () => Math.max(0, Math.round((endsAt - Date.now()) / 1000));
  const later = (seconds, what) => {
    clearTimeout(timer);
    timer = setTimeout(what, seconds * 1000);
  };

  function leave() {
    const here = location.pathname + location.search;
    location.replace(`${dialog.dataset.ended}?next=${encodeURIComponent(here)}`);
  }

  function learn({ seconds, final }) {
    endsAt = Date.now() + seconds * 1000;
    if (seconds <= 0) return leave();
    for (const part of dialog.querySelectorAll("[data-while-it-can-stay]")) part.hidden = final;
    for (const part of dialog.querySelectorAll("[data-when-final]")) part.hidden = !final;
    if (seconds <= WARNING) return warn();
    if (dialog.open) dialog.close();
    return later(seconds - WARNING, ask);
  }

  async function ask() {
    try {
      const answer = await fetch(dialog.dataset.remaining, {
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (!answer.ok) throw new Error(answer.statusText);
      learn(await answer.json());
    } catch {
      // No response: use the last known time, and retry until it is over.
      if (secondsLeft() === 0) leave();
      else later(Math.min(10, secondsLeft()), ask);
    }
  }

  function warn() {
    if (!dialog.open && !dismissed) {
      dialog.showModal();
      dialog.querySelector("h2").focus();
    }
    count();
  }

  function count() {
    const seconds = secondsLeft();
    if (seconds === 0) return ask();
    dialog.querySelector("[data-time-left]").textContent = inWords(seconds);
    // Read aloud a few times only: a voice that counts every second can't be listened to.
    const due = SAID_AT.findLast((at) => seconds <= at);
    if (due !== said) {
      said = due;
      dialog.querySelector("[data-said]").textContent = `You will be signed out in ${inWords(seconds)}.`;
    }
    return later(1, count);
  }

  async function stay(form) {
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const known = await answer.json();
      learn(known);
      tabs?.postMessage(known);
    } catch {
      ask();
    }
  }

  const staying = dialog.querySelector("form[data-while-it-can-stay]");
  staying.addEventListener("submit", (event) => {
    event.preventDefault();
    stay(staying);
  });
  // Escape closes a dialog, so pressing it shows that the person is present.
  dialog.addEventListener("cancel", (event) => {
    if (staying.hidden) return;
    event.preventDefault();
    stay(staying);
  });
  // When staying is not possible, the dialog can be closed to save unfinished work.
  dialog.addEventListener("close", () => (dismissed = staying.hidden));
  if (tabs) tabs.onmessage = (message) => learn(message.data);
  // After sleep, in the background or from the history, a tab's timers are late.
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  window.addEventListener("pageshow", (event) => event.persisted && ask());

  const known = {
    seconds: Number(dialog.dataset.seconds),
    final: dialog.dataset.final === "true",
  };
  endsAt = Date.now() + known.seconds * 1000;
  tabs?.postMessage(known);
  if (known.seconds > WARNING) later(known.seconds - WARNING, ask);
  else ask();
}
