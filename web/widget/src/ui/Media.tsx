/** Pictures, files, sounds, films and cards of a message. */

import type { JSX } from "preact";
import { fileName, safeMedia, safeUrl } from "@shared/links";
import type { Attachment, Element, Message } from "../protocol";
import { useTools } from "./context";
import { FileIcon, OutIcon } from "./Icons";
import { OutsideLink } from "./Rich";

export function Media({ message }: { message: Message }): JSX.Element {
  return (
    <>
      {message.attachments.map((attachment, index) => (
        <AttachmentView key={index} attachment={attachment} />
      ))}
      {message.elements.length > 0 && (
        <div class="cards">
          {message.elements.map((element, index) => (
            <Card key={index} element={element} />
          ))}
        </div>
      )}
    </>
  );
}

function AttachmentView({ attachment }: { attachment: Attachment }): JSX.Element | null {
  const { speaker } = useTools();
  const url = safeMedia(attachment.url);
  if (!url) {
    // An address that is no link is still something that was said.
    return <p class="attachment-text">{attachment.title || attachment.url}</p>;
  }
  const title = attachment.title || "";
  switch (attachment.type) {
    case "image":
      return (
        <OutsideLink class="picture" url={url}>
          <img src={url} alt={title || speaker.say("picture")} loading="lazy" referrerpolicy="no-referrer" />
        </OutsideLink>
      );
    case "video":
      return <video class="film" src={url} controls preload="metadata" aria-label={title || fileName(url)} />;
    case "audio":
      return <audio class="sound" src={url} controls preload="metadata" aria-label={title || fileName(url)} />;
    default:
      return (
        <OutsideLink class="file" url={url}>
          <FileIcon />
          <span>{title || fileName(url) || speaker.say("file")}</span>
        </OutsideLink>
      );
  }
}

/** A card of Rasa's generic template. */
function Card({ element }: { element: Element }): JSX.Element {
  const { connection } = useTools();
  const picture = safeMedia(element.image_url);
  return (
    <div class="card" dir="auto">
      {picture && <img src={picture} alt="" loading="lazy" referrerpolicy="no-referrer" />}
      <div class="card-body">
        {element.title && <strong>{element.title}</strong>}
        {element.subtitle && <span>{element.subtitle}</span>}
      </div>
      {(element.buttons ?? []).map((button, index) => {
        const url = safeUrl(button.url);
        const title = button.title || url || "";
        return url ? (
          <OutsideLink key={index} class="card-button" url={url}>
            <span>{title}</span>
            <OutIcon />
          </OutsideLink>
        ) : (
          <button key={index} type="button" class="card-button" onClick={() => connection.say(button.payload || title, title)}>
            {title}
          </button>
        );
      })}
    </div>
  );
}
