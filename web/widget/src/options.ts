/** How a page says what it wants: attributes of the script tag, or an object given to `init`. */

import type { Words } from "./words";

export type Theme = "auto" | "light" | "dark";

export interface Options {
  /** Address of the Rasa server. */
  server: string;
  /** Path of its Socket.IO, `/socket.io` unless told otherwise. */
  path?: string;
  /** Signed visitor token; without one the visitor is anonymous. */
  token?: string | null;
  /** Asked for a token at the start, if there is no `token`, and whenever one is about to run out. */
  getToken?: () => string | null | Promise<string | null>;
  /** The business's colour, `#rgb` or `#rrggbb`. */
  color?: string;
  theme?: Theme;
  /** Language tag; else that of the page, else that of the browser. */
  locale?: string;
  title?: string;
  /** Words to use instead of the built-in ones, or for a language that is not built in. */
  words?: Partial<Words>;
}

const THEMES = new Set(["auto", "light", "dark"]);

/** The options in a script tag's `data-` attributes; null if it names no server. */
export function fromScript(data: DOMStringMap): Options | null {
  if (!data.server) {
    return null;
  }
  const { server, path, token, color, theme, locale, title } = data;
  return { server, path, token: token || null, color, theme: theme as Theme | undefined, locale, title };
}

/** The same options with every default filled in. */
export function completed(options: Options, page: { lang: string; browser: string }): Options & { locale: string } {
  if (!options.server || !/^https?:\/\//.test(options.server)) {
    throw new Error("RasaProactive.init needs `server`, the address of the Rasa server, such as https://chat.example.com");
  }
  const theme = options.theme && THEMES.has(options.theme) ? options.theme : "auto";
  const locale = options.locale || page.lang || page.browser || "en";
  return { ...options, server: options.server.replace(/\/+$/, ""), theme, locale };
}
