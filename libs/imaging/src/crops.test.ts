import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fitWithin, RegionCropper } from './crops.ts';

/** Left half red, right half blue. */
async function halves(width: number, height: number): Promise<Buffer> {
  const red = { create: { width, height, channels: 3 as const, background: '#f00' } };
  const blue = { create: { width: width / 2, height, channels: 3 as const, background: '#00f' } };
  const right = await sharp(blue).png().toBuffer();
  return sharp(red)
    .composite([{ input: right, left: width / 2, top: 0 }])
    .png()
    .toBuffer();
}

const pixel = async (png: Uint8Array) => [...(await sharp(png).removeAlpha().raw().toBuffer()).subarray(0, 3)];

describe('fitWithin', () => {
  it('scales the longer side down to the limit and keeps the shape', async () => {
    const { image, width, height } = await fitWithin(await halves(400, 200), 100);
    expect([width, height]).toEqual([100, 50]);
    expect(await sharp(image).metadata()).toMatchObject({ format: 'png', width: 100, height: 50 });
  });

  it('never scales up, and returns a PNG that fits as it is', async () => {
    const image = await halves(40, 20);
    expect(await fitWithin(image, 100)).toEqual({ image, width: 40, height: 20 });
    const jpeg = await sharp(image).jpeg().toBuffer();
    expect(await sharp((await fitWithin(jpeg, 100)).image).metadata()).toMatchObject({ format: 'png', width: 40 });
  });
});

describe('RegionCropper', () => {
  const cropper = new RegionCropper();
  const frame = { width: 400, height: 200 };

  it('cuts the box out of the image stretched to the frame', async () => {
    const box = { x: 210, y: 10, width: 100, height: 50 };
    const [crop] = await cropper.crops(await halves(40, 40), [box], frame, { minSide: 1, maxSide: 1000 });
    expect([crop!.width, crop!.height]).toEqual([100, 50]);
    expect(await pixel(crop!.image)).toEqual([0, 0, 255]);
  });

  it('cuts an image again, also stretched to another frame', async () => {
    const image = await halves(40, 40);
    const cut = async (width: number) => {
      const box = { x: (width * 3) / 4, y: 0, width: width / 4, height: 10 };
      const [crop] = await cropper.crops(image, [box], { width, height: 10 }, { minSide: 1, maxSide: 1000 });
      return [crop!.width, await pixel(crop!.image)];
    };
    for (const width of [400, 400, 20]) expect(await cut(width)).toEqual([width / 4, [0, 0, 255]]);
  });

  it('cuts several boxes out of one image, in order', async () => {
    const [left, right] = [0, 200].map((x) => ({ x, y: 0, width: 200, height: 200 }));
    const cut = await cropper.crops(await halves(400, 200), [right!, left!], frame, { minSide: 1, maxSide: 1000 });
    expect(await Promise.all(cut.map(({ image }) => pixel(image)))).toEqual([
      [0, 0, 255],
      [255, 0, 0],
    ]);
  });

  it('enlarges a small region by the smallest whole factor that reaches the minimum side', async () => {
    const box = { x: 0, y: 0, width: 30, height: 10 };
    const [crop] = await cropper.crops(await halves(400, 200), [box], frame, { minSide: 100, maxSide: 1000 });
    expect([crop!.width, crop!.height]).toEqual([120, 40]);
    expect(await pixel(crop!.image)).toEqual([255, 0, 0]);
  });

  it('scales a large region down to the maximum side', async () => {
    const box = { x: 0, y: 0, width: 400, height: 200 };
    const [crop] = await cropper.crops(await halves(400, 200), [box], frame, { minSide: 10, maxSide: 100 });
    expect([crop!.width, crop!.height]).toEqual([100, 50]);
  });

  it('cuts a region of an image once', async () => {
    const image = await halves(40, 40);
    const box = { x: 10, y: 0, width: 20, height: 10 };
    const cut = async (minSide: number) => (await cropper.crops(image, [box], frame, { minSide, maxSide: 1000 }))[0];
    const first = await cut(1);
    expect(await cut(1)).toBe(first);
    expect(await cut(100)).toMatchObject({ width: 100, height: 50 });
  });

  it('cuts again after a failure', async () => {
    const image = await halves(40, 40);
    const outside = { x: 390, y: 0, width: 20, height: 10 };
    const cut = () => cropper.crops(image, [outside], frame, { minSide: 1, maxSide: 1000 });
    await expect(cut()).rejects.toThrow('extract_area');
    await expect(cut()).rejects.toThrow('extract_area');
  });
});
