export { publishedShapes, tinyShape, writeDinov2Folder } from './dinov2-folder.ts';
export { runDinov2 } from './dinov2-reference.ts';
export { writeTinyVit } from './tiny-vit.ts';
