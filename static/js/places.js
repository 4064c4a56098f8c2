/*
 * Places left, kept up to date while the page is seen.
 *
 * The words come from the server, in the language of the page, for every element with data-places
 * (the key of a session). A seat (data-seat) that becomes free can be chosen; none is ever taken
 * from under somebody's hand. Nothing is announced: whoever reads finds the words of the moment.
 * Without this script they are those of the moment when the page was made.
 */
(() => {
  "use strict";

  const EVERY = 25000;
  const MOST_ERRORS = 3;
  const { url } = document.currentScript.dataset;
  const shown = document.querySelectorAll("[data-places]");
  let errors = 0;
  let asked = Date.now();
  let timer;

  function show(places) {
    for (const element of shown) {
      const place = places[element.dataset.places];
      if (place && place.words.toLowerCase() !== element.textContent.toLowerCase()) {
        element.textContent = place.words;
        element.classList.toggle("is-full", place.full);
      }
    }
    for (const seat of document.querySelectorAll("[data-seat]:disabled")) {
      const place = places[seat.dataset.seat];
      seat.disabled = !place || place.full;
    }
  }

  async function ask() {
    asked = Date.now();
    try {
      // The browser sends the ETag that it knows; the answer is 304 while nothing changes.
      const answer = await fetch(url, { cache: "no-cache", credentials: "omit" });
      if (!answer.ok) throw new Error(answer.status);
      show((await answer.json()).places);
      errors = 0;
    } catch {
      errors += 1;
    }
    wait(EVERY);
  }

  function wait(time) {
    clearTimeout(timer);
    if (errors < MOST_ERRORS && !document.hidden) {
      // Not all at the same moment, when a crowd has opened the page together.
      timer = setTimeout(ask, time * (0.9 + Math.random() / 5));
    }
  }

  if (shown.length) {
    document.addEventListener("visibilitychange", () =>
      wait(Math.max(0, EVERY - (Date.now() - asked))),
    );
    wait(EVERY);
  }
})();
