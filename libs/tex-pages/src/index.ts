export { densityFor, isCutOff, pixelsAt } from './page.ts';
export { readPpm } from './ppm.ts';
export { cropToInk, findPage, missingRoom, PageTooLargeError, type ShownPage } from './shown-page.ts';
