/** The safe part of Markdown that the messenger shows: React makes text of everything, so nothing here can become HTML. */
import { Fragment, type ReactNode } from "react";

const MARKS = /(\*\*(?=\S)(.+?)(?<=\S)\*\*|`([^`\n]+)`|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+|mailto:[^\s)]+|tel:[^\s)]+)\)|(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?!\w)|(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)|(https?:\/\/[^\s<>"')\]]+))/g;

function inline(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    const [whole, , bold, code, label, address, star, line, bare] = match;
    parts.push(text.slice(end, match.index));
    const key = match.index;
    if (bold) parts.push(<strong key={key}>{bold}</strong>);
    else if (code) parts.push(<code key={key} className="mono">{code}</code>);
    else if (address) parts.push(<a key={key} href={address} target="_blank" rel="noopener noreferrer">{label}</a>);
    else if (bare) parts.push(<a key={key} href={bare} target="_blank" rel="noopener noreferrer">{bare}</a>);
    else parts.push(<em key={key}>{star ?? line}</em>);
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}

export function Markdown({ text }: { text: string }) {
  return <>{text.split("\n").map((line, index) => <Fragment key={index}>{index > 0 && "\n"}{inline(line.replace(/^\s*[-*]\s+/, "• "))}</Fragment>)}</>;
}
