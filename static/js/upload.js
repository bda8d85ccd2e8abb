// Sends the files of a form one by one, each with its progress, and then the form without them.
// What has arrived is kept under the form's key, so a lost connection costs one file's time at most.

// Seconds between two tries; the last one again and again.
const PAUSES = [1, 2, 4, 8, 15];
// How long it goes on by itself: as long as the portal still accepts the files of a session that ran out.
const PATIENCE = 60 * 60 * 1000;
// Milliseconds. An upload without progress for this long has failed; a slow one may continue.
const STILL = 30000;
const NOT_SENT = "could not be sent. Press Send to try again.";

// Resolves early when the device is online again.
const wait = (seconds) =>
  new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      done();
    };
    const timer = setTimeout(end, seconds * 1000);
    addEventListener("online", end);
  });

function send(form, file, onProgress) {
  const body = new FormData();
  for (const name of ["csrf_token", "submission"]) body.append(name, form.elements[name].value);
  body.append("files", file);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    let lost;
    const moves = () => {
      clearTimeout(lost);
      lost = setTimeout(() => request.abort(), STILL);
    };
    request.open("POST", form.dataset.upload);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      moves();
      onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => done(request));
    request.addEventListener("error", () => done(null));
    request.addEventListener("abort", () => done(null));
    request.addEventListener("loadend", () => clearTimeout(lost));
    moves();
    request.send(body);
  });
}

// The error message of the file; empty when it has arrived, null when unknown.
function verdict(answer) {
  if (!answer || [502, 504].includes(answer.status)) return null;
  if (answer.response?.faults) return answer.status === 503 ? null : answer.response.faults.join(" ");
  // After signing out, the response redirects, but the file has arrived.
  return answer.status === 200 ? "" : null;
}

// Why a file has not arrived, as far as the browser and the portal know.
function cause(answer) {
  if (answer?.response?.faults) return answer.response.faults.join(" ");
  return navigator.onLine ? "The portal can't be reached." : "This device is offline.";
}

class Upload {
  constructor(form, file, say) {
    this.form = form;
    this.file = file;
    this.say = say;
    this.state = "waiting";
    this.item = document.createElement("li");
    this.words = document.createElement("span");
    this.bar = document.createElement("progress");
    this.bar.setAttribute("aria-label", file.name);
    this.item.append(`${file.name} `, this.words, this.bar);
  }

  async run() {
    const limit = this.form.dataset.megabytes;
    if (this.file.size > limit * 1e6) {
      return this.end("refused", `is larger than ${limit} MB. Send a smaller one.`);
    }
    const until = Date.now() + PATIENCE;
    for (let tries = 0; Date.now() < until; tries += 1) {
      this.bar.hidden = false;
      this.words.textContent = tries ? "is being sent again" : "is on its way";
      const answer = await send(this.form, this.file, (share) => (this.bar.value = share));
      const fault = verdict(answer);
      if (fault === "") return this.end("received", "is received");
      if (fault) return this.end("refused", `was not accepted. ${fault}`);
      await this.rest(cause(answer), PAUSES[Math.min(tries, PAUSES.length - 1)]);
    }
    return this.end("waiting", NOT_SENT);
  }

  async rest(why, seconds) {
    this.bar.hidden = true;
    const words = `is waiting. ${why}`;
    if (this.said !== words) this.say(`${this.file.name} ${words}`);
    this.said = words;
    this.words.textContent = `${words} Trying again in ${seconds} s.`;
    await wait(seconds);
  }

  end(state, words) {
    this.state = state;
    this.bar.hidden = true;
    this.words.textContent = words;
    this.item.classList.toggle("nhsuk-error-message", state !== "received");
  }
}

function takeOver(form) {
  const box = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-uploads]");
  const said = form.querySelector("[data-upload-said]");
  const button = form.querySelector("button[type=submit]");
  const uploads = [];
  let busy = false;

  function takeFiles() {
    for (const file of box.files) {
      const upload = new Upload(form, file, (words) => (said.textContent = words));
      uploads.push(upload);
      list.append(upload.item);
    }
    box.value = "";
    list.hidden = uploads.length === 0;
  }

  async function sendAll(due) {
    for (const upload of due) {
      await upload.run();
      said.textContent = `${upload.file.name} ${upload.words.textContent}`;
    }
    return due.every((upload) => upload.state === "received");
  }

  form.addEventListener("submit", async (event) => {
    if (!busy && !box.files.length && !uploads.some((upload) => upload.state === "waiting")) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    button.disabled = true;
    takeFiles();
    const complete = await sendAll(uploads.filter((upload) => upload.state === "waiting"));
    busy = false;
    button.disabled = false;
    if (complete) form.submit();
    else button.focus();
  });
}

const form = document.querySelector("form[data-upload]");
if (form) takeOver(form);
