export { densityFor, isCutOff, pixelsAt } from './page.ts';
export { cropToInk, findPage, missingRoom, PageTooLargeError, type ShownPage } from './shown-page.ts';
