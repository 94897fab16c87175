/** Messages as the messenger shows them; React makes text of everything, so nothing here can become HTML. */
import { drawMessage, drawTyped, type Pen, type Spans } from "@shared/markdown";
import { createElement, type ReactNode } from "react";

const PEN: Pen<ReactNode> = { element: (tag, attributes, children) => createElement(tag, attributes, ...children) };

/** What the business says, save for the literal parts. */
export function Markdown({ text, literal }: { text: string; literal?: Spans | undefined }) {
  return <div className="rich">{drawMessage(text, PEN, literal)}</div>;
}

/** What a person typed. */
export function Typed({ text }: { text: string }) {
  return <div className="rich">{drawTyped(text, PEN)}</div>;
}
