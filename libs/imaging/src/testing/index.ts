export { blank, blur, erase, example, paint, part, pngHeader, shift, sizeOf, turnHue } from './images.ts';
export { encodePng, pngChunk, type PngOptions, type Sample } from './png.ts';
