/** A business's colour, and what can be read on it and in it. Pure. */

export type Rgb = [number, number, number];

export const DEFAULT_COLOUR = "#4f46e5";
const BLACK: Rgb = [17, 17, 17];
const WHITE: Rgb = [255, 255, 255];
/** WCAG's least contrast for text. */
const READABLE = 4.5;

/** `#rgb` or `#rrggbb`; null if it is neither. */
export function parseColour(text: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text.trim());
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  const parts = long ?? short;
  if (!parts) {
    return null;
  }
  return parts.slice(1, 4).map((part) => parseInt(part.length === 1 ? part + part : part, 16)) as Rgb;
}

export function css(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** WCAG 2 contrast, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever is easier to read on `colour`. */
export function textOn(colour: Rgb): Rgb {
  return contrast(WHITE, colour) >= contrast(BLACK, colour) ? WHITE : BLACK;
}

/** `colour` itself, or the nearest to it that can be read on `ground`. */
export function readableOn(colour: Rgb, ground: Rgb): Rgb {
  const towards = luminance(ground) > 0.18 ? BLACK : WHITE;
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, towards, share);
    if (contrast(mixed, ground) >= READABLE) {
      return mixed;
    }
  }
  return towards;
}

export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return a.map((part, index) => Math.round(part + ((b[index] as number) - part) * share)) as Rgb;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The custom properties that the styles are written with. */
export function brandVariables(text: string | undefined): string {
  const brand = parseColour(text ?? "") ?? (parseColour(DEFAULT_COLOUR) as Rgb);
  const light: Rgb = [255, 255, 255];
  // The lightest of the dark grounds that it is written on.
  const dark: Rgb = [36, 38, 46];
  const values: Record<string, Rgb> = {
    "--brand": brand,
    // Away from the text on it, so that this stays at least as easy to read.
    "--brand-deep": mix(brand, textOn(brand) === WHITE ? BLACK : WHITE, 0.18),
    "--on-brand": textOn(brand),
    "--ink-brand-light": readableOn(brand, mix(light, brand, 0.1)),
    "--ink-brand-dark": readableOn(brand, mix(dark, brand, 0.2)),
  };
  return `:host{${Object.entries(values)
    .map(([name, value]) => `${name}:${css(value)}`)
    .join(";")}}`;
}
