/*
 * What every part of the programme board's script shares: the page, what it says, what it asks the
 * server, and where rooms and times lie. The server draws; a script only moves what it drew.
 */
export const board = document.querySelector("[data-raict-board]");
export const STEP = 5; // minutes of a line of the grid

const find = (name) => board.querySelector(`[data-raict-${name}]`);
export const content = find("content");
export const grid = () => find("grid");
// Any cell will do: it has no box, so what it holds lies on the grid.
export const cell = () => grid().querySelector("tbody td");
export const scroller = () => find("scroll");

/* ------------------------------------------------------------------------------------- words */
export const clock = (minutes) => {
  const [hour, minute] = [Math.floor(minutes / 60), two(minutes % 60)];
  if (!document.documentElement.lang.startsWith("fr")) return `${hour}:${minute}`;
  return minute === "00" ? `${hour}\u00a0h` : `${hour}\u00a0h\u00a0${minute}`;
};
const two = (number) => String(number).padStart(2, "0");
/** As a form takes it: 09:05; nothing for nothing, and midnight is a minute before it. */
export const typed = (minutes) => {
  if (minutes === "") return "";
  const last = Math.min(minutes, 24 * 60 - 1);
  return `${two(Math.floor(last / 60))}:${two(last % 60)}`;
};
export const worded = (name, words) =>
  board.dataset[name].replace(/\{(\w+)\}/g, (_all, word) => words[word]);

/** To be seen and heard: sentences of the server, already HTML. */
export const say = (sentences, isError = false) => {
  const said = find("said");
  said.classList.toggle("is-error", isError);
  said.replaceChildren(
    ...sentences.map((sentence) => {
      const line = document.createElement("p");
      line.innerHTML = sentence;
      return line;
    }),
  );
};
/** To be heard only: where something is while it moves. */
export const tell = (words) => {
  find("live").textContent = words;
};

/* ------------------------------------------------------------------------------------ server */
export const ask = async (address, body) => {
  const answer = await fetch(address, {
    method: body ? "POST" : "GET",
    body,
    headers: { "X-Raict-Board": "1" },
  });
  const isJson = answer.headers.get("content-type")?.includes("json");
  if (!answer.ok || !isJson) throw new Error(`${answer.status} ${address}`);
  return answer.json();
};

/** The board as the server draws it now; scrolled as before, the focus on the block that was changed. */
export const show = (answer, isFocused = true) => {
  const { scrollTop, scrollLeft } = scroller();
  content.innerHTML = answer.board;
  Object.assign(scroller(), { scrollTop, scrollLeft });
  if (answer.said?.length) say(answer.said);
  const block = content.querySelector(`#session-${answer.session} a`);
  if (isFocused) (block ?? scroller()).focus({ preventScroll: !answer.session });
  board.dispatchEvent(new CustomEvent("raict:drawn"));
};

export const redraw = async () => {
  const address = new URL(window.location);
  address.hash = "";
  show(await ask(address), false);
};

const withDay = (address) => {
  const { day } = grid().dataset;
  const full = new URL(address, window.location);
  if (day) full.searchParams.set("day", day);
  return full;
};

/** One writer: the form of the place. A refusal is said, and the board shows how things are now. */
export const save = async (block, target) => {
  const link = block.querySelector("a");
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("seen", block.dataset.seen);
  body.set("day", target.day);
  body.set("start", typed(target.from));
  body.set("end", typed(target.to));
  body.set("room", target.room);
  say([board.dataset.saving]);
  try {
    const answer = await ask(withDay(link.href), body);
    if (answer.board) {
      show(answer);
      return;
    }
    const form = new DOMParser().parseFromString(answer.form, "text/html");
    const wrong = [...form.querySelectorAll(".errorlist li")].map((line) => line.innerHTML);
    await redraw();
    say(wrong, true);
  } catch {
    await redraw().catch(() => {});
    say([board.dataset.failed], true);
  }
  content.querySelector(`#${block.id} a`)?.focus();
};

/* --------------------------------------------------------------------------------- the grid */
export const rooms = () =>
  [...grid().querySelectorAll("[data-raict-room]")].map((head) => ({
    pk: head.dataset.raictRoom,
    name: head.dataset.name,
    column: Number(head.dataset.column),
    width: Number(head.dataset.width),
    box: head.getBoundingClientRect(),
  }));

export const bounds = () => ({
  first: Number(grid().dataset.first) * 60,
  last: Number(grid().dataset.last) * 60,
});

/** The room and the minutes under a point; no room beside the grid. */
export const at = (x, y) => {
  const { first, last } = bounds();
  const table = grid().getBoundingClientRect();
  const head = grid().querySelector("thead th").getBoundingClientRect().height;
  const line = (table.height - head) / ((last - first) / STEP);
  const minutes = first + Math.round((y - table.top - head) / line) * STEP;
  const room = rooms().find(({ box }) => x >= box.left && x < box.right);
  return { room, minutes };
};

export const put = (element, { from, to, room }) => {
  const { first } = bounds();
  const all = rooms();
  // What has no room here is a pause for everybody.
  const ends = { column: 1, width: all.reduce((sum, one) => sum + one.width, 0) || 1 };
  const place = all.find((one) => one.pk === room) ?? ends;
  element.style.gridRow = `${(from - first) / STEP + 2} / ${(to - first) / STEP + 2}`;
  element.style.gridColumn = `${place.column + 1} / span ${place.width}`;
};

/** Where a block is: what a move begins with. An end that is not known stays so while it only moves. */
export const placeOf = (block) => {
  const { from, to, room } = block.dataset;
  const start = from === "" ? Math.max(bounds().first, 9 * 60) : Number(from);
  return {
    day: grid().dataset.day,
    from: start,
    to: from === "" ? start + 60 : Number(to),
    room: block.dataset.across ? "" : room || rooms()[0]?.pk || "",
  };
};

export const sayPlace = ({ from, to, room }) =>
  worded("there", {
    room: rooms().find((one) => one.pk === room)?.name ?? board.dataset.all,
    from: clock(from),
    to: clock(to),
  });

/** A block of the tray goes onto the grid; gives the way back. */
export const lift = (block) => {
  const home = block.parentElement;
  const { className } = block;
  if (home.closest("[data-raict-tray]")) {
    // The tray keeps its height, or the grid would slip away under the hand.
    home.style.height = `${block.offsetHeight}px`;
    cell().append(block);
    block.classList.replace("in-tray", "on-grid");
  }
  block.classList.add("is-moving");
  return () => {
    block.removeAttribute("style");
    block.className = className;
    home.style.height = "";
    if (block.parentElement !== home) home.append(block);
  };
};
