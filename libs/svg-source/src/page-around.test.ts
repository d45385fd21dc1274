import { expect, it } from 'vitest';
import { readPageAround, type PageAround } from './page-around.ts';
import { readSvg } from './svg-source.ts';

const read = (code: string): PageAround | null => readPageAround(code, readSvg(code)!.root);
const svg = '<svg><style>.in { fill: red }</style><rect/></svg>';

it.each([
  ['a prologue', `<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">${svg}`],
  ['words', `Here is the drawing:\n${svg}\nIt has a <style> element.`],
  ['a comment', `<!-- <body> --> ${svg}`],
])('an SVG after %s stands in no page', (_, code) => {
  expect(read(code)).toBeNull();
});

it.each([
  ['styles before it', `<style>.a { fill: red }</style>${svg}`, { css: '.a { fill: red }', body: '' }],
  [
    'a body',
    `<html><body style="background:teal">${svg}</body></html>`,
    { css: '', body: '<body style="background:teal">' },
  ],
  ['styles after it', `<!doctype html><div>${svg}</div><style>b {}</style>`, { css: 'b {}', body: '' }],
  ['a style that does not end', `<style>.a { }${svg}`, { css: `.a { }`, body: '' }],
])('an SVG with %s has what the page adds', (_, code, page) => {
  expect(read(code)).toEqual(page);
});
