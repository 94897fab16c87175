/** Words of a message drawn as elements; text only ever becomes text. */

import { h, type JSX } from "preact";
import { newTab } from "@shared/links";
import { drawMessage, drawTyped, type Pen, type Spans } from "@shared/markdown";
import { useTools } from "./context";

/** What the business says: the safe subset of Markdown, save for the literal parts. */
export function Rich({ text, literal }: { text: string; literal: Spans }): JSX.Element {
  return <div class="rich">{drawMessage(text, PEN, literal)}</div>;
}

/** What the person typed. */
export function Typed({ text }: { text: string }): JSX.Element {
  return <div class="rich">{drawTyped(text, PEN)}</div>;
}

export function OutsideLink(props: { url: string; class?: string; children: JSX.Element | JSX.Element[] }): JSX.Element {
  const opens = newTab(props.url);
  return (
    <a class={props.class} href={props.url} {...opens}>
      {props.children}
      {opens.target && <NewTabNote />}
    </a>
  );
}

function NewTabNote(): JSX.Element {
  const { speaker } = useTools();
  return <span class="hidden"> ({speaker.say("opens_tab")})</span>;
}

const PEN: Pen<JSX.Element> = {
  element: (tag, attributes, children) => h(tag, attributes, ...children),
  newTabNote: () => <NewTabNote />,
};
