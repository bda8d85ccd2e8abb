// Shows the waiting page when a page can't come: a load balancer answers by itself because it reaches
// no portal, or nothing answers. The portal sends this script with KEPT before it: the address of that
// page and of the files that it needs. Nothing else is ever kept, and no form goes through here.

const CACHE = "waiting-page";
const BARE = [502, 503, 504];
const FILES = new Set(KEPT.files.map((address) => new URL(address, location).pathname));

// Without cookies: the page must be the one that somebody sees who is not signed in.
const anonymous = (address) => new Request(address, { credentials: "omit", cache: "no-cache" });

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([KEPT.page, ...KEPT.files].map(anonymous));
  await skipWaiting();
}

const kept = (address) =>
  caches.match(address, { cacheName: CACHE, ignoreSearch: true, ignoreVary: true });

// The portal, and the proxy before it, always say when to try again.
const isBare = (answer) => BARE.includes(answer.status) && !answer.headers.has("Retry-After");

async function answerOr(request, insteadOf) {
  const answer = await fetch(request).catch(() => Response.error());
  if (answer.type !== "error" && !isBare(answer)) return answer;
  return (await insteadOf()) ?? answer;
}

async function waitingPage() {
  const page = await kept(KEPT.page);
  return page && new Response(page.body, { status: 503, headers: page.headers });
}

addEventListener("install", (event) => event.waitUntil(keep()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(answerOr(request, waitingPage));
  else if (FILES.has(new URL(request.url).pathname))
    event.respondWith(answerOr(request, () => kept(request)));
});
