export { drawMessage, drawTyped, type Pen } from "./draw";
export { parse } from "./blocks";
export { inline, typed } from "./inline";
export { oneLine, toPlain } from "./plain";
export type { Block, Inline, Item } from "./tree";
