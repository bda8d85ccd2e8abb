// Saves the draft of a note while it is being written: a few seconds after the last key, at least
// every ten, and when the page is left. The buttons do the same without this script.

const AFTER = 2000;
const AT_LEAST_EVERY = 10000;
const PATIENCE = 8000;
// Browsers send no more than this once the page is gone; a longer text was saved a moment before.
const MOST_ON_LEAVING = 60000;

export function saveWhileWriting(form) {
  const text = form.elements.body;
  const said = form.querySelector("[data-saved]");
  let saved = text.value;
  let number = 0;
  let timer;
  let since;
  let stopped = false;
  let busy = false;

  const body = () => {
    number += 1;
    form.elements.number.value = number;
    return new URLSearchParams(new FormData(form));
  };

  async function save() {
    clearTimeout(timer);
    if (stopped || busy || text.value === saved) return;
    busy = true;
    since = undefined;
    const sent = text.value;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: body(),
        signal: AbortSignal.timeout(PATIENCE),
      });
      learn(answer, await answer.json(), sent);
    } catch {
      said.textContent = "Not saved: the portal can't be reached, or you are signed out. Your text is still here; it will be tried again.";
    }
    busy = false;
    if (text.value !== saved) later();
  }

  function learn(answer, known, sent) {
    if (answer.ok) {
      saved = sent;
      form.elements.version.value = known.version;
      said.textContent = known.at ? `Draft saved at ${known.at}.` : "Nothing is saved yet.";
    } else {
      stopped = answer.status === 409;
      said.textContent = `Not saved. ${known.error ?? ""}`;
    }
  }

  function later() {
    if (stopped) return;
    since ??= Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.min(AFTER, Math.max(0, since + AT_LEAST_EVERY - Date.now())));
  }

  text.addEventListener("input", later);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && !stopped && text.value !== saved) {
      const last = body();
      if (last.toString().length > MOST_ON_LEAVING) save();
      else fetch(form.dataset.draft, { method: "POST", body: last, keepalive: true }).catch(() => {});
    }
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    stopped = true;
    number += 1;
    form.elements.number.value = number;
  });
}

const form = document.querySelector("form[data-draft]");
if (form) saveWhileWriting(form);
