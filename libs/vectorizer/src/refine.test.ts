import { fence, writeTask, type Box } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { applied } from './edits.ts';
import { svg } from './writers/svg.ts';
import {
  chart,
  codeIn,
  cropped,
  differences,
  draftOf,
  renderSvg,
  editsIn,
  image,
  refineReply,
  refined,
  refineTask,
  replyTo,
  size,
  taskOf,
  text,
  whole,
} from './fixtures.ts';

const left: Box = { x: 8, y: 10, width: 54, height: 75 };
const right: Box = { x: 62, y: 4, width: 54, height: 81 };

function boxesIn(code: string): string[] {
  return svg.groups(code).map(({ box, detail }) => `${box.x},${box.y},${box.width},${box.height}@${detail}`);
}

describe('edits of a refinement', () => {
  it('search for what stands in the code exactly once, and apply one after the other', async () => {
    let code = await draftOf();
    for (let round = 0; round < 3; round++) {
      const edits = editsIn(codeIn(await refineReply(code, [left, right])));
      expect(edits.length).toBeGreaterThan(0);
      for (const edit of edits) expect(code.split(edit.search)).toHaveLength(2);
      code = applied(code, edits)!;
      expect(code).toBeDefined();
      await expect(renderSvg(code)).resolves.toBeDefined();
    }
  });

  it('lower the error inside of the patch and leave every pixel outside as it was', async () => {
    const draft = await draftOf();
    const next = await refined(draft, [left]);
    const [before, after] = [await differences(draft, left), await differences(next, left)];
    expect(after.inside).toBeLessThan(before.inside * 0.6);
    const { outside } = await differences(next, left, await renderSvg(draft));
    expect(outside).toBe(0);
  });

  it('come nearer at each return, to the very pixels', async () => {
    let code = await draftOf();
    const errors: number[] = [];
    for (let round = 0; round < 5; round++) {
      code = await refined(code, [left]);
      errors.push((await differences(code, left)).inside);
    }
    expect(errors.at(-1)!).toBeLessThan(0.7);
    expect(errors.at(-1)!).toBeLessThan(errors[0]! / 5);
    expect(boxesIn(code)).toEqual(['0,0,120,90@0', '8,10,54,75@5']);
  });

  it('undo the enlargement of a small crop', async () => {
    const box = { x: 88, y: 10, width: 24, height: 24 };
    const crop = await cropped(await chart, box);
    const enlarged = await (
      await import('sharp')
    )
      .default(crop)
      .resize(192, 192, { kernel: 'nearest' })
      .png()
      .toBuffer();
    const ask = async (bytes: Buffer) => {
      const code = await draftOf();
      return replyTo([text(writeTask(refineTask([box]))), image(await chart), image(bytes), text(fence(code, 'svg'))]);
    };
    expect(await ask(enlarged)).toBe(await ask(crop));
  });

  it('take out the groups that a finer one covers, also neighbors and the draft', async () => {
    const draft = await draftOf();
    const two = await refined(draft, [left, right]);
    expect(boxesIn(two)).toEqual(['0,0,120,90@0', '8,10,54,75@1', '62,4,54,81@1']);
    const result = await refined(two, [whole]);
    expect(boxesIn(result)).toEqual(['0,0,120,90@2']);
    expect(result).not.toContain('\n\n');
  });

  it('lay a coarser trace under a finer one that it only touches', async () => {
    const fine = await refined(await refined(await draftOf(), [left]), [left]);
    const wide = { x: 40, y: 0, width: 80, height: 90 };
    const next = await refined(fine, [wide]);
    expect(boxesIn(next)).toEqual(['0,0,120,90@0', '40,0,80,90@1', '8,10,54,75@2']);
    expect((await differences(next, left, await renderSvg(fine))).inside).toBe(0);
  });

  it('trace a region once where patches cover each other', async () => {
    const inner = { x: 20, y: 20, width: 20, height: 20 };
    const next = await refined(await draftOf(), [inner, left, left]);
    expect(boxesIn(next)).toEqual(['0,0,120,90@0', '8,10,54,75@1']);
  });

  it('keep a box that reaches over the target inside of it', async () => {
    const over = { x: 100, y: 60, width: 20, height: 30 };
    const task = refineTask([over]);
    task.patches[0]!.box = { ...over, width: 500, height: 500 };
    const reply = await replyTo([
      text(writeTask(task)),
      image(await chart),
      image(await cropped(await chart, over)),
      text(fence(await draftOf(), 'svg')),
    ]);
    expect(reply).toContain('data-patch="100,60,20,30"');
  });
});

describe('a refinement within limits', () => {
  it.each(['svg', 'html', 'latex', 'python'] as const)('stays within the tokens of a reply in %s', async (language) => {
    const code = await draftOf(language);
    const fine = await refined(await refined(code, [left, right], { language }), [left, right], { language });
    const reply = await refineReply(fine, [left, right], { language, maxOutputTokens: 1100 });
    expect(reply.length / 4).toBeLessThanOrEqual(1100);
    expect(applied(fine, editsIn(codeIn(reply, language)))).toBeDefined();
    expect((await refineReply(fine, [left, right], { language })).length / 4).toBeGreaterThan(1100);
  });

  it('cuts the patch from the target where the crop is missing or corrupt', async () => {
    const code = await draftOf();
    const answers = await Promise.all(
      [[], [image(Buffer.from('broken'))]].map((crops) =>
        replyTo([text(writeTask(refineTask([left]))), image(chartBytes), ...crops, text(fence(code, 'svg'))]),
      ),
    );
    for (const answer of answers) expect(answer).toBe(await refineReply(code, [left]));
  });

  it('rewrites where there is no patch to improve', async () => {
    const code = await draftOf();
    const reply = await replyTo([text(writeTask(refineTask([]))), image(await chart), text(fence(code, 'svg'))]);
    expect(boxesIn(codeIn(reply))).toEqual(['0,0,120,90@1']);
  });

  it('answers with whole code where the task asks for it', async () => {
    const code = await draftOf();
    const task = { ...refineTask([left]), answer: 'code' as const };
    const reply = await replyTo([
      text(writeTask(task)),
      image(await chart),
      image(await cropped(await chart, left)),
      text(fence(code, 'svg')),
    ]);
    expect(codeIn(reply)).toBe(await refined(code, [left]));
  });
});

const chartBytes = await chart;

describe('code that is not its own', () => {
  it('gets the layers before the last closing tag of an SVG', async () => {
    const foreign =
      '<svg viewBox="0 0 120 90" xmlns="http://www.w3.org/2000/svg"><svg><rect width="5" height="5"/></svg></svg>';
    const next = await refined(foreign, [left]);
    expect(next.endsWith('</g>\n</svg>')).toBe(true);
    expect((await differences(next, left)).inside).toBeLessThan((await differences(foreign, left)).inside);
    expect(boxesIn(await refined(next, [left]))).toEqual(['8,10,54,75@2']);
  });

  it('gets them in the coordinates of its viewBox', async () => {
    const foreign =
      '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90" viewBox="-12 -9 12 9"><rect x="-12" y="-9" width="12" height="9" fill="#eee"/></svg>';
    const next = await refined(await refined(await refined(foreign, [left]), [left]), [left]);
    expect((await differences(next, left)).inside).toBeLessThan(2);
    expect((await differences(next, left, await renderSvg(foreign))).outside).toBe(0);
  });

  it('gets them over the page before the end of its body, and next to them the next time', async () => {
    const foreign = '<!doctype html>\n<body>\n<svg width="9" height="9"></svg>\n<p>Chart</p>\n</body></html>';
    const once = await refined(foreign, [left], { language: 'html' });
    expect(once).toContain('style="position:absolute;left:0;top:0"');
    expect(once).toMatch(/<\/svg><!-- traced -->\n<\/body><\/html>$/);
    const twice = await refined(once, [right], { language: 'html' });
    expect(boxesIn(twice)).toEqual(['8,10,54,75@1', '62,4,54,81@1']);
    expect(twice.match(/position:absolute/g)).toHaveLength(1);
  });

  it('gets them at the size in CSS pixels of the screen that the page is shown on', async () => {
    const traced = await replyTo([text(writeTask(taskOf({ language: 'html', deviceScale: 2.5 }))), image(await chart)]);
    expect(codeIn(traced, 'html')).toContain('viewBox="0 0 120 90" style="display:block;width:48px;height:36px"');
    const task = { ...refineTask([left], 'html'), deviceScale: 2 };
    const foreign = fence('<body><p>Chart</p></body>', 'html');
    const reply = await replyTo([
      ...[text(writeTask(task)), image(await chart), image(await cropped(await chart, left)), text(foreign)],
    ]);
    expect(reply).toContain('style="position:absolute;left:0;top:0;width:60px;height:45px"');
  });

  it.each([
    ['SVG without an end', 'svg', '<svg><rect'],
    ['a page without tags', 'html', 'Just text'],
    ['a script', 'python', 'import matplotlib.pyplot as plt\nplt.plot([1, 2])'],
    ['a figure', 'latex', '\\begin{tikzpicture}\\draw (0,0)--(1,1);\\end{tikzpicture}'],
  ] as const)('is replaced as a whole where layers have no place: %s', async (_, language, foreign) => {
    const block = codeIn(await refineReply(foreign, [left], { language }), language);
    expect(block).not.toContain('<<<<<<<');
    expect(block).toContain('0,0,120,90');
  });

  it('may hold fences and tags many times', async () => {
    const foreign = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90">\n<!-- \`\`\` </svg> -->\n<text></text>\n<!-- </svg> --></svg>`;
    const next = await refined(foreign, [left]);
    expect(next).toContain('data-patch="8,10,54,75"');
    await expect(renderSvg(next)).resolves.toBeDefined();
  });
});

describe('other languages', () => {
  it.each(['html', 'latex', 'python'] as const)('%s is drafted, refined and thinned out like SVG', async (language) => {
    const draft = await draftOf(language);
    const once = await refined(draft, [left], { language });
    const twice = await refined(once, [left], { language });
    expect(once.match(/8,10,54,75/g)!.length).toBeGreaterThan(0);
    expect(twice.match(/8,10,54,75/g)).toHaveLength(1);
    const finest = await refined(twice, [whole], { language });
    expect(finest).not.toContain('8,10,54,75');
  });
});

it('keeps eight iterations of the worst kind below 600 KB', async () => {
  const halves = [
    { x: 0, y: 0, width: size.width, height: 45 },
    { x: 0, y: 45, width: size.width, height: 45 },
  ];
  let code = await draftOf();
  for (let round = 0; round < 7; round++) code = await refined(code, halves);
  expect(code.length).toBeLessThan(600_000);
  expect((await differences(code, whole)).inside).toBeLessThan(0.5);
});
