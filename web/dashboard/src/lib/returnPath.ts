/** Where to go after signing in: an address of this dashboard, never of somebody else's site. */
export function safeReturn(wanted: string | null, origin = location.origin): string {
  if (!wanted || !wanted.startsWith("/") || /[\\\p{Cc}]/u.test(wanted)) return "/";
  try {
    const url = new URL(wanted, origin);
    if (url.origin !== origin || /^\/(signin|setup)(\/|$)/.test(url.pathname) || wanted.startsWith("//")) return "/";
    return url.pathname + url.search;
  } catch {
    return "/";
  }
}
