// On a page that waits: asks with growing pauses whether the portal, or its records, can be reached, and
// then sends the form, or opens the page, that could not be served.

const SHORTEST = 2;
const LONGEST = 10;
// How long to wait for an answer: a connection into a zone that is gone would hang forever.
const PATIENCE = 5000;

// At random, so that not everybody who waits comes back at the same moment.
const pause = (tries) => Math.min(LONGEST, SHORTEST * 1.5 ** tries) * (0.75 + Math.random() / 2);

const inWords = (seconds) => `${seconds} ${seconds === 1 ? "second" : "seconds"}`;

export function tryAgain(status) {
  const what = document.querySelector("[data-waits]");
  const next = status.querySelector("[data-next]");
  const { needs } = status.dataset;
  let tries = Number(status.dataset.tried);

  async function answers() {
    try {
      const health = await fetch(status.dataset.health, {
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      const reached = await health.json();
      return needs ? reached[needs] === true : true;
    } catch {
      return false;
    }
  }

  function goOn() {
    status.querySelector("[data-said]").textContent = status.dataset.back;
    next.textContent = "";
    if (what instanceof HTMLFormElement) what.requestSubmit();
    else location.replace(what.href);
  }

  async function attempt() {
    next.textContent = "Trying again…";
    if (await answers()) return goOn();
    tries += 1;
    return wait();
  }

  function wait() {
    let seconds = Math.ceil(pause(tries));
    const tick = () => {
      if (seconds <= 0) return attempt();
      next.textContent = `Trying again in ${inWords(seconds)}.`;
      seconds -= 1;
      return setTimeout(tick, 1000);
    };
    tick();
  }

  status.hidden = false;
  wait();
}
