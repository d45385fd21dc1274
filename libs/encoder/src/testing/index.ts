export { writeTinyVit } from './tiny-vit.ts';
