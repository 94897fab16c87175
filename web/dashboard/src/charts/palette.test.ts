import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const CSS = readFileSync(new URL("../styles/base.css", import.meta.url), "utf-8");
const [LIGHT, DARK] = CSS.split(':root[data-theme="dark"]') as [string, string];

type Rgb = [number, number, number];

/** How people see who lack one of the three cones: Machado, Oliveira and Fernandes, 2009. */
const SIGHTS: Record<string, Rgb[]> = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function linear(css: string, name: string): Rgb {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6})`).exec(css)![1]!;
  return [0, 2, 4].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
}

const dot = (row: Rgb, [red, green, blue]: Rgb): number => row[0] * red + row[1] * green + row[2] * blue;
const luminance = (color: Rgb): number => dot([0.2126, 0.7152, 0.0722], color);

function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((left, right) => left - right) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function oklab(color: Rgb): Rgb {
  const cones = ([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]] as Rgb[])
    .map((row) => Math.cbrt(Math.max(0, dot(row, color)))) as Rgb;
  return ([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]] as Rgb[])
    .map((row) => dot(row, cones)) as Rgb;
}

const seen = (sight: Rgb[], color: Rgb): Rgb => sight.map((row) => Math.min(1, Math.max(0, dot(row, color)))) as Rgb;
const distance = (one: Rgb, other: Rgb): number => Math.hypot(...one.map((part, index) => part - other[index]!));

describe.each([["light", LIGHT], ["dark", DARK]])("the colours of charts, %s", (_look, css) => {
  const colors = [1, 2, 3, 4, 5].map((number) => linear(css, `series-${number}`));
  it("stand out from the page", () => {
    for (const color of colors) expect(contrast(color, linear(css, "surface"))).toBeGreaterThan(3);
  });
  it.each(Object.keys(SIGHTS))("are told apart by those with %s", (sight) => {
    const shown = colors.map((color) => oklab(seen(SIGHTS[sight]!, color)));
    // Ten times less is about where two colours side by side look the same.
    shown.forEach((one, at) => shown.slice(at + 1).forEach((other) => expect(distance(one, other)).toBeGreaterThan(0.09)));
  });
});
