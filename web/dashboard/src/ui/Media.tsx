import { newTab, safeMedia } from "@shared/links";
import { Paperclip } from "lucide-react";
import { useState } from "react";
import { words } from "../words/transcript";

interface MediaProps {
  url: string;
  /** What the carrier says that it is, such as `image/jpeg`; "" if it does not say. */
  type: string;
}

const PICTURE = /\.(avif|gif|jpe?g|png|webp)$/i;

const isPicture = (url: string, type: string): boolean => (type ? /^image\/(?!svg)/i.test(type) : PICTURE.test(new URL(url).pathname));

/** An attachment of a message: a picture is shown, anything else is a link, and so is a picture that cannot be loaded. */
export function Media({ url, type }: MediaProps) {
  const [broken, setBroken] = useState(false);
  const safe = safeMedia(url);
  if (!safe) return <span className="quiet small">{words.unsafe}</span>;
  if (isPicture(safe, type) && !broken) {
    return (
      <a className="picture" href={safe} {...newTab(safe)} aria-label={words.openPicture}>
        <img src={safe} alt={words.picture} loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(true)} />
      </a>
    );
  }
  return <a className="attachment" href={safe} {...newTab(safe)}><Paperclip aria-hidden />{words.attachment}</a>;
}
