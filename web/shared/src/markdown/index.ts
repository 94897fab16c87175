export { drawMessage, drawTyped, type Pen } from "./draw";
export { parse } from "./blocks";
export { inline } from "./inline";
export { type Spans, typed } from "./literal";
export { oneLine, toPlain } from "./plain";
export type { Block, Inline, Item } from "./tree";
