// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const sheets = readdirSync(folder).filter((name) => name.endsWith(".css"));

test("no style sheet asks for more than Chromium 86 and Firefox 102 can do", () => {
  const newer = /:has\(|:is\(|:where\(|@container|@layer|color-mix\(|\binset:|aspect-ratio:|\b\d+dv[hw]\b|overflow: clip/;
  for (const name of sheets) {
    const text = readFileSync(folder + name, "utf8");
    expect(text.match(newer)?.[0], name).toBeUndefined();
    expect(text, `${name}: nested rules`).not.toMatch(/^\s+&/m);
  }
});

test("every style sheet is part of the whole", () => {
  const index = readFileSync(`${folder}index.css`, "utf8");
  for (const name of sheets) if (name !== "index.css") expect(index).toContain(`"./${name}"`);
});

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test("text stands out at 4.5 to 1 from paper, wall and wash", () => {
  const tokens = readFileSync(`${folder}tokens.css`, "utf8");
  const colour = (name: string): string => tokens.match(new RegExp(`--${name}: (#[0-9a-f]{6})`))?.[1] ?? "";
  for (const ground of ["paper", "wall", "wash"]) {
    for (const text of ["ink", "ink-2", "ink-3", "link", "red", "yellow", "blue", "green"]) {
      const [dark = 0, light = 0] = [luminance(colour(text)), luminance(colour(ground))].sort((a, b) => a - b);
      const ratio = (light + 0.05) / (dark + 0.05);
      expect(ratio, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});
