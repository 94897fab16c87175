/** Words of a message drawn as elements; text only ever becomes text. */

import type { JSX } from "preact";
import { typed, type Inline } from "../inline";
import { parse, type Block } from "../markdown";
import { useTools } from "./context";

/** What the business says: the safe subset of Markdown. */
export function Rich({ text }: { text: string }): JSX.Element {
  return <div class="rich">{parse(text).map((block, index) => drawBlock(block, index))}</div>;
}

/** What the person typed. */
export function Typed({ text }: { text: string }): JSX.Element {
  return (
    <div class="rich">
      <p>{typed(text).map((node, index) => drawInline(node, index))}</p>
    </div>
  );
}

export function OutsideLink(props: { url: string; class?: string; children: JSX.Element | JSX.Element[] }): JSX.Element {
  const { speaker } = useTools();
  const newTab = /^https?:/.test(props.url);
  return (
    <a class={props.class} href={props.url} {...(newTab ? { target: "_blank", rel: "noopener noreferrer" } : {})}>
      {props.children}
      {newTab && <span class="hidden"> ({speaker.say("opens_tab")})</span>}
    </a>
  );
}

function drawBlock(block: Block, key: number): JSX.Element {
  if (block.kind === "code") {
    return (
      <pre key={key} dir="ltr">
        <code>{block.text}</code>
      </pre>
    );
  }
  if (block.kind === "list") {
    const items = block.items.map((item, index) => <li key={index}>{item.map(drawInline)}</li>);
    return block.ordered ? (
      <ol key={key} start={block.start}>
        {items}
      </ol>
    ) : (
      <ul key={key}>{items}</ul>
    );
  }
  const children = block.children.map(drawInline);
  if (block.kind === "quote") {
    return <blockquote key={key}>{children}</blockquote>;
  }
  return (
    <p key={key} class={block.kind === "heading" ? "heading" : undefined}>
      {children}
    </p>
  );
}

function drawInline(node: Inline, key: number): JSX.Element {
  switch (node.kind) {
    case "text":
      return <>{node.text}</>;
    case "break":
      return <br key={key} />;
    case "code":
      return (
        <code key={key} dir="ltr">
          {node.text}
        </code>
      );
    case "link":
      return (
        <OutsideLink key={key} url={node.url}>
          {node.children.map(drawInline)}
        </OutsideLink>
      );
    default: {
      const Tag = node.kind;
      return <Tag key={key}>{node.children.map(drawInline)}</Tag>;
    }
  }
}
