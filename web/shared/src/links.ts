/** Which addresses may become links, and which pictures. */

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The address, if it is absolute and of a scheme that does no harm; else null. */
export function safeUrl(raw: string | null | undefined): string | null {
  try {
    const url = new URL((raw ?? "").trim());
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** As `safeUrl`, for what the browser fetches by itself. */
export function safeMedia(raw: string | null | undefined): string | null {
  const url = safeUrl(raw);
  return url && /^https?:/.test(url) ? url : null;
}

/** The last part of an address's path, as a file's name. */
export function fileName(url: string): string {
  const last = new URL(url).pathname.split("/").pop() ?? "";
  try {
    return decodeURIComponent(last) || new URL(url).host;
  } catch {
    return last;
  }
}

/** Where a link opens: pages in a tab of their own, which learns nothing of this one. */
export function newTab(url: string): { target?: "_blank"; rel?: string } {
  return /^https?:/i.test(url) ? { target: "_blank", rel: "noopener noreferrer" } : {};
}
