/*
 * The empty cell under the mouse, or under the arrows: one button that goes where a session can be
 * added. Enter or a click opens the form with day, room and time.
 */
import { at, board, bounds, cell, clock, grid, put, rooms, tell, typed, worded } from "./board-page.js";
import { open } from "./board-dialog.js";

const QUARTER = 15;
const LENGTH = 60;
let slot, place;

const label = () => {
  const room = rooms().find((one) => one.pk === place.room);
  const isTaken = [...grid().querySelectorAll("[data-raict-block]")].some(
    ({ dataset }) =>
      dataset.room === place.room && Number(dataset.from) < place.from + QUARTER && place.from < Number(dataset.to),
  );
  return worded(isTaken ? "busy" : "free", { room: room.name, time: clock(place.from) });
};

const go = (next) => {
  const { first, last } = bounds();
  const from = Math.min(Math.max(next.from, first), last - QUARTER);
  place = { ...next, from, to: Math.min(from + LENGTH, last) };
  put(slot, { ...place, to: from + QUARTER });
  slot.setAttribute("aria-label", `${slot.dataset.add} – ${label()}`);
};

const add = () => {
  const address = new URL(board.dataset.add, window.location);
  address.searchParams.set("day", grid().dataset.day);
  address.searchParams.set("room", place.room);
  address.searchParams.set("start", typed(place.from));
  address.searchParams.set("end", typed(place.to));
  open(address, slot);
};

const draw = () => {
  if (!("mayAdd" in grid().dataset) || !rooms().length || !grid().dataset.day) return;
  slot = document.createElement("button");
  slot.type = "button";
  slot.className = "board-slot";
  slot.dataset.add = board.dataset.addHere;
  slot.textContent = "+";
  cell().append(slot);
  go(place && rooms().some((room) => room.pk === place.room) ? place : { room: rooms()[0].pk, from: 9 * 60 });
  slot.addEventListener("click", add);
  slot.addEventListener("keydown", (event) => {
    const all = rooms().map((room) => room.pk);
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const down = { ArrowUp: -QUARTER, ArrowDown: QUARTER, PageUp: -60, PageDown: 60 }[event.key];
    if (!aside && !down) return;
    event.preventDefault();
    const column = Math.min(Math.max(all.indexOf(place.room) + (aside ?? 0), 0), all.length - 1);
    go({ room: all[column], from: place.from + (down ?? 0) });
    slot.scrollIntoView({ block: "nearest", inline: "nearest" });
    tell(label());
  });
};

export const listen = () => {
  board.addEventListener("pointermove", (event) => {
    if (!slot || event.buttons || event.pointerType === "touch") return;
    const isEmpty = event.target === grid() || event.target === slot;
    slot.classList.toggle("is-seen", isEmpty);
    if (event.target !== grid()) return;
    const { room, minutes } = at(event.clientX, event.clientY);
    if (room) go({ room: room.pk, from: Math.floor((minutes + 2) / QUARTER) * QUARTER });
  });
  board.addEventListener("click", (event) => {
    // A finger has no hovering: a tap on the empty grid is the click on its cell.
    if (!slot || event.target !== grid()) return;
    const { room, minutes } = at(event.clientX, event.clientY);
    if (!room) return;
    go({ room: room.pk, from: Math.floor((minutes + 2) / QUARTER) * QUARTER });
    add();
  });
  board.addEventListener("raict:drawn", draw);
  draw();
};
