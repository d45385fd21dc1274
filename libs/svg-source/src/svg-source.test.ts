import { describe, expect, it } from 'vitest';
import { readSvg, svgSize, withSize } from './svg-source.ts';

const target = { width: 640, height: 480 };
const sizeOf = (attributes: string): string => {
  const { width, height } = svgSize(readSvg(`<svg ${attributes}></svg>`)!.root, target);
  return `${width}x${height}`;
};

describe('the size of an SVG', () => {
  it.each([
    ['its own in pixels', 'width="300" height="150"', '300x150'],
    ['with a unit', 'width="300px" height="1.5in"', '300x144'],
    ['in print units', 'width="72pt" height="2.54cm"', '96x96'],
    ['in single quotes', "width='30' height='20'", '30x20'],
    ['rounded, and never nothing', 'width="10.6" height="0.2"', '11x1'],
    ['one side and a viewBox', 'width="300" viewBox="0 0 2 1"', '300x150'],
    ['the other side and a viewBox', 'height="300" viewBox="0,0,2,1"', '600x300'],
    ["the target's without any", 'viewBox="0 0 24 24"', '640x480'],
    ["the target's in percent", 'width="100%" height="100%" viewBox="0 0 24 24"', '640x480'],
    ["the target's in font units", 'width="10em" height="10em"', '640x480'],
    ["the target's where a side is relative", 'width="100" height="50%" viewBox="0 0 1 1"', '640x480'],
    ["the target's where it is nothing", 'width="0" height="100"', '640x480'],
    ["the target's where it is negative", 'width="-5" height="100"', '640x480'],
    ["the target's where it is no number", 'width="auto" height="NaN"', '640x480'],
    ["the target's with one side and a viewBox of nothing", 'width="300" viewBox="0 0 0 0"', '640x480'],
    ['no size of a border or a stroke', 'stroke-width="9" data-height="7" width="30" height="20"', '30x20'],
  ])('%s', (_, attributes, expected) => {
    expect(sizeOf(attributes)).toBe(expected);
  });

  it('is read from the root, wherever it is', () => {
    const code = `\uFEFF<?xml version="1.0"?><!-- <svg width="1" height="1"> -->
      <!DOCTYPE svg [<!ENTITY a "<svg width='2' height='2'>">]>
      <svg:svg title="a > b" width="30" height="20"><svg width="3" height="3"/></svg:svg>`;
    expect(svgSize(readSvg(code)!.root, target)).toEqual({ width: 30, height: 20 });
  });
});

describe('reading', () => {
  it('finds no SVG where there is none', () => {
    expect(readSvg('Sorry, I cannot draw that. 3 < 4')).toBeUndefined();
    expect(readSvg('<!-- <svg></svg>')).toBeUndefined();
    expect(readSvg('')).toBeUndefined();
  });

  it('names and counts the elements, without what an editor added or text hides', () => {
    const code = '<svg><sodipodi:namedview/><g><path d="M0 0"/><![CDATA[<b>]]><!-- <i> --></g><text>1<2</text></svg>';
    expect([...readSvg(code)!.elements]).toEqual(['svg', 'g', 'path', 'text']);
    expect(readSvg(code)!.elementCount).toBe(5);
  });
});

describe('setting the size', () => {
  const sized = (code: string): string => withSize(code, readSvg(code)!.root, target);

  it('leaves a root that has it', () => {
    const code = '<svg width="640" height="480" viewBox="0 0 4 3"><path/></svg>';
    expect(sized(code)).toBe(code);
  });

  it('replaces what the root says, and nothing else', () => {
    expect(sized('<svg width="100%" viewBox="0 0 4 3" height="auto"><rect width="5" height="6"/></svg>')).toBe(
      '<svg width="640" height="480"  viewBox="0 0 4 3" ><rect width="5" height="6"/></svg>',
    );
  });

  it('keeps line numbers correct without the text before the root', () => {
    expect(sized('Here it is:\n<?xml version="1.0"?>\n<svg>\n</svg>')).toBe(
      '\n\n<svg width="640" height="480">\n</svg>',
    );
  });

  it('keeps the entities that the SVG may use', () => {
    expect(sized('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>')).toContain('<!ENTITY a "b">');
  });
});
