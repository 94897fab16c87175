/** A list of messages that stays where somebody reads, and follows what is new while they are at its end. */
import { ArrowDown } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

/** Pixels from the end at which somebody still counts as reading the newest. */
const NEAR = 48;

interface FollowProps {
  label: string;
  pill: string;
  /** How many messages there are. */
  count: number;
  /** How many of them are just being sent from here: who sends wants to see it. */
  own: number;
  /** Told whenever the newest message comes into view or leaves it. */
  onEnd?: (there: boolean) => void;
  className?: string;
  children: ReactNode;
}

export function Follow({ label, pill, count, own, onEnd, className, children }: FollowProps) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [more, setMore] = useState(false);
  const known = useRef({ count, own });

  const follow = (on: boolean) => {
    if (on) setMore(false);
    if (following.current !== on) onEnd?.(on);
    following.current = on;
  };
  const toEnd = () => {
    follow(true);
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  useLayoutEffect(() => {
    const before = known.current;
    known.current = { count, own };
    if (following.current || own > before.own) toEnd();
    else if (count > before.count) setMore(true);
  });
  // The composer grows, pictures arrive, a keyboard comes up: whoever is at the end stays there.
  useEffect(() => {
    const watch = new ResizeObserver(() => following.current && toEnd());
    if (box.current) watch.observe(box.current);
    if (content.current) watch.observe(content.current);
    return () => watch.disconnect();
  });
  return (
    <div className={`follow ${className ?? ""}`}>
      <div
        className="follow-box"
        ref={box}
        tabIndex={0}
        role="region"
        aria-label={label}
        onScroll={({ currentTarget: it }) => follow(it.scrollHeight - it.scrollTop - it.clientHeight < NEAR)}
      >
        <div ref={content}>{children}</div>
      </div>
      <div className="follow-pill" role="status">
        {more && <button type="button" className="pill" onClick={toEnd}><ArrowDown aria-hidden />{pill}</button>}
      </div>
    </div>
  );
}
