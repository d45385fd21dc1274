import { expect, it } from 'vitest';
import { changesBetween, type RgbImage } from '@pentimento/imaging';
import { cellMeans } from '../map/map-cells.ts';
import { registry } from '../terms/registry.ts';
import { uniqueFeatures } from './extract.ts';
import { luma } from './luma.ts';

const features = uniqueFeatures([
  luma,
  cellMeans,
  ...registry.terms.flatMap((term) => (term.needs === 'pixels' ? [term.feature] : [])),
]);

/** Waves of color, so that no two regions are equal. */
function waves(width: number, height: number): RgbImage {
  const pixels = Uint8Array.from(
    { length: width * height * 3 },
    (_, index) => 128 + 90 * Math.sin(index / 7 + (index / width) * 0.3),
  );
  return { width, height, pixels };
}

function withBox({ width, height, pixels }: RgbImage, left: number, top: number, side: number): RgbImage {
  const painted = Uint8Array.from(pixels);
  for (let y = top; y < top + side; y++) painted.fill(250, (y * width + left) * 3, (y * width + left + side) * 3);
  return { width, height, pixels: painted };
}

it.each([
  [640, 480, 300, 200, 20],
  [701, 333, 690, 0, 11],
  [300, 2100, 0, 2095, 5],
  [2600, 1300, 1290, 640, 30],
])('are the same of a changed %i x %i image from its changes as from scratch', (width, height, left, top, side) => {
  const image = waves(width, height);
  const other = withBox(image, left, top, side);
  const changes = changesBetween(image, other);
  for (const feature of features) {
    const incremental = feature.extract(other, { value: feature.extract(image), changes });
    expect(incremental, feature.id).toEqual(feature.extract(other));
  }
});
