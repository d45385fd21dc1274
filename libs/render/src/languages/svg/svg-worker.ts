/**
 * Runs inside the sandbox, as an `RpcHandler`: SVG in, PNG out, by librsvg within sharp. An answer is a byte that is 1 for an image
 * and 0 for an error, then the PNG or the error's text. The greeting names the versions.
 */
import sharp from 'sharp';

/** `maxPixels` bounds the image. The caller has set the size of the root. */
export interface SvgWorkerJob {
  svg: string;
  maxPixels: number;
}

export interface SvgWorkerVersions {
  librsvg: string;
  sharp: string;
}

const white = { r: 255, g: 255, b: 255 };

// Only SVG is decoded: libvips must not guess another format.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
sharp.cache(false);
sharp.concurrency(1);

/** @public The RPC worker imports this module by its path. */
export async function answer(job: SvgWorkerJob): Promise<Uint8Array> {
  try {
    const png = await sharp(Buffer.from(job.svg), { limitInputPixels: job.maxPixels })
      .flatten({ background: white })
      .removeAlpha()
      .toColourspace('srgb')
      .png({ compressionLevel: 6 })
      .toBuffer();
    return Buffer.concat([Buffer.from([1]), png]);
  } catch (error) {
    return Buffer.concat([Buffer.from([0]), Buffer.from(error instanceof Error ? error.message : String(error))]);
  }
}

const warmUp = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text x="2" y="15">Aa1</text></svg>';
await answer({ svg: warmUp, maxPixels: 800 });
/** @public */
export const greeting: SvgWorkerVersions = { librsvg: sharp.versions.rsvg!, sharp: sharp.versions.sharp! };
