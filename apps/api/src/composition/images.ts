import type { ImagePort, SizedImage } from '@pentimento/agent';
import type { Box } from '@pentimento/contracts';
import sharp, { type OutputInfo, type Sharp } from 'sharp';

async function png(image: Sharp): Promise<SizedImage> {
  const { data, info } = await image.png({ compressionLevel: 6 }).toBuffer({ resolveWithObject: true });
  return { image: data, width: info.width, height: info.height };
}

/** The agent's image work. The inputs are the project's own PNGs: normalised targets and renders. */
export const images: ImagePort = {
  fit(image, maxSide) {
    return png(sharp(image).resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true }));
  },

  async crops(image, boxes, frame, limits) {
    const stretched = await sharp(image)
      .resize(frame.width, frame.height, { fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return Promise.all(boxes.map((box) => cropOf(stretched, box, limits)));
  },
};

interface Raw {
  data: Buffer;
  info: OutputInfo;
}

function cropOf({ data, info }: Raw, box: Box, { minSide, maxSide }: { minSide: number; maxSide: number }) {
  const { width, height, channels } = info;
  const region = sharp(data, { raw: { width, height, channels } }).extract({
    left: box.x,
    top: box.y,
    width: box.width,
    height: box.height,
  });
  const longer = Math.max(box.width, box.height);
  if (longer > maxSide) return png(region.resize(maxSide, maxSide, { fit: 'inside' }));
  const factor = enlargement(longer, minSide, maxSide);
  if (factor === 1) return png(region);
  return png(region.resize(box.width * factor, box.height * factor, { kernel: 'nearest' }));
}

/** The smallest whole factor that brings `longer` to `minSide`, or the largest that keeps it within `maxSide`. */
function enlargement(longer: number, minSide: number, maxSide: number): number {
  return Math.max(1, Math.min(Math.ceil(minSide / longer), Math.floor(maxSide / longer)));
}
