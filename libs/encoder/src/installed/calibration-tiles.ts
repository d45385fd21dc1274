import sharp from 'sharp';
import { tileSide } from '@pentimento/imaging';

/** Images of the kinds that are scored (charts, pages, icons, diagrams), by the amount of a change. */
const scenes: readonly ((step: number) => string)[] = [
  (step) =>
    [70, 140, 210, 170, 260, 120]
      .map((height, bar) => rect(40 + bar * 64, 400 - height - step * 30, 44, height + step * 30, hue(bar * 50)))
      .join('') + rect(30, 400, 400, 3, '#333'),
  (step) =>
    Array.from({ length: 11 }, (_, line) =>
      rect(30, 30 + line * 36, 390 - ((line * 97 + step * 60) % 180), 12, '#444'),
    ).join(''),
  (step) =>
    Array.from({ length: 64 }, (_, cell) =>
      rect((cell % 8) * 56, Math.floor(cell / 8) * 56, 56, 56, hue(cell * 5 + step * 40)),
    ).join(''),
  (step) =>
    Array.from({ length: 40 }, (_, dot) =>
      circle((dot * 173) % 430, (dot * 71 + step * 25) % 430, 5 + (dot % 5), hue(dot * 9)),
    ).join(''),
  (step) => circle(224, 224, 150 - step * 30, '#2a6') + circle(224, 224, 90, '#fff') + rect(214, 80, 20, 288, '#123'),
  (step) =>
    `<polyline fill="none" stroke="#b22" stroke-width="4" points="${wave(step)}"/>` + rect(20, 420, 410, 2, '#000'),
  (step) =>
    rect(0, 0, 448, 56, '#24314f') +
    rect(20, 80, 180 + step * 50, 240, '#e6ebf5') +
    rect(230, 80, 190, 110, '#f4b942') +
    rect(230, 210, 190, 110, '#d95f5f'),
  (step) => (step === 0 ? '' : rect(0, 0, 448, 448, '#888')),
];
const steps = 2;

/** Sixteen tiles of RGB pixels: eight images, each unchanged and changed. The last two are blank. */
export function calibrationTiles(): Promise<Uint8Array[]> {
  const tiles = scenes.flatMap((scene) => Array.from({ length: steps }, (_, step) => renderTile(scene(step))));
  return Promise.all(tiles);
}

async function renderTile(content: string): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${tileSide}" height="${tileSide}"><rect width="100%" height="100%" fill="#fff"/>${content}</svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer());
}

const hue = (degrees: number): string => `hsl(${degrees % 360}, 65%, 50%)`;
const rect = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;
const circle = (x: number, y: number, radius: number, fill: string): string =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"/>`;
const wave = (step: number): string =>
  Array.from({ length: 42 }, (_, x) => `${20 + x * 10},${Math.round(220 - 120 * Math.sin(x / (4 + step * 2)))}`).join(
    ' ',
  );
