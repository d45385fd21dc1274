export { blank, blur, erase, example, paint, part, pngHeader, shift, turnHue } from './images.ts';
