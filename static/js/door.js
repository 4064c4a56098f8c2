/* Renews the figures of the door every 25 seconds; everything else on the page is left alone. */
"use strict";

(() => {
  const PAUSE = 25_000;
  const place = document.querySelector("[data-renew]");
  if (!place) return;
  const stale = document.querySelector("[data-stale]");
  let isBusy = false;

  async function renew() {
    if (document.hidden || isBusy) return;
    isBusy = true;
    try {
      const answer = await fetch(place.dataset.renew, { credentials: "same-origin" });
      if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const news = page.querySelector("[data-figures]");
      const olds = place.querySelector("[data-figures]");
      if (!news || !olds) throw new Error("no figures");
      const focused = olds.contains(document.activeElement) && document.activeElement.getAttribute("href");
      olds.replaceWith(news);
      if (focused) news.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
      stale.hidden = true;
    } catch {
      stale.hidden = false;
    } finally {
      isBusy = false;
    }
  }

  setInterval(renew, PAUSE);
  document.addEventListener("visibilitychange", renew);
})();
