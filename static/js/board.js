/*
 * The programme board. Everything here can also be done with its forms, which are pages of their own.
 */
import { listen as listenToDialog } from "./board-dialog.js";
import { listen as listenToDrag } from "./board-drag.js";
import { listen as listenToKeys } from "./board-keys.js";
import { listen as listenToSlots } from "./board-slots.js";

for (const listen of [listenToDialog, listenToDrag, listenToKeys, listenToSlots]) listen();
